import { useSyncExternalStore } from 'react';
import { hasRateLimit, rateLimitFlag } from './rateLimitFlag';

/** Whether this person has `withRateLimit`, as the flag says now. */
export const useHasRateLimit = (): boolean => useSyncExternalStore(rateLimitFlag.subscribe, hasRateLimit);
