export { RateLimitContextProvider, type RateLimitContextProviderProps } from './RateLimitContext.js';
export { useRateLimitService } from './useRateLimitService.js';
export { type RateLimitState, useRateLimitState } from './useRateLimitState.js';
