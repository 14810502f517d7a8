export type { RateLimitPlan, TokenBucket } from './plan.js';
export { getSimulation, simulateRateLimit } from './simulateRateLimit.js';
export type { RateLimitSimulation } from './simulation.js';
