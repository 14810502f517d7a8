import { isOwnError } from '../core/detection.js';

/**
 * For the option `retry` of TanStack Query: three retries, as by default, but none after a `RateLimitError`. Such a call
 * has been retried already, and a read that `withRateLimit` wraps would be sent 4 × 4 times. (The list, edit and show
 * pages of react-admin and its references turn retries off by themselves; other reads do not.)
 *
 * @param failureCount the failures before this one
 *
 * @example
 * const queryClient = new QueryClient({ defaultOptions: { queries: { retry: shouldRetryQuery } } });
 */
export function shouldRetryQuery(failureCount: number, error: unknown): boolean {
    return failureCount < 3 && !isOwnError(error);
}
