export {
    type BulkContext,
    type BulkCounts,
    type BulkItemError,
    type BulkItemResult,
    type BulkOptions,
    type BulkProgress,
    type BulkResult,
    type BulkRun,
    runBulk,
} from './bulk/runBulk.js';
export type { CallContext, CallEnd, CallNames, CallPriority } from './core/call.js';
export type { CircuitBreakerState, CircuitStatus } from './core/circuitBreaker.js';
export type { Clock } from './core/clock.js';
export { isRateLimitError } from './core/detection.js';
export {
    RateLimitError,
    type RateLimitErrorBody,
    RateLimitErrorCode,
    type RateLimitErrorDetails,
    type RateLimitMessages,
} from './core/errors.js';
export type { RateLimitEventName, RateLimitEvents } from './core/events.js';
export type { Logger } from './core/logger.js';
export type { RateLimitSnapshot, RateLimitStats } from './core/monitor.js';
export type { RateLimitOptions } from './core/options.js';
export { RateLimitService } from './core/service.js';
export {
    type CreateHttpClientOptions,
    createHttpClient,
    type HttpClient,
    type HttpClientOptions,
    type HttpClientResponse,
} from './http/createHttpClient.js';
export { type RateLimitFetchOptions, rateLimitFetch } from './http/rateLimitFetch.js';
export { rolloutByKey } from './provider/rolloutByKey.js';
export { shouldRetryQuery } from './provider/shouldRetryQuery.js';
export { withFanOut } from './provider/withFanOut.js';
export {
    getRateLimitService,
    type ProviderOptions,
    type WithRateLimitOptions,
    withRateLimit,
} from './provider/withRateLimit.js';
