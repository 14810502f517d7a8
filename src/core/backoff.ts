import type { ResolvedOptions } from './options.js';

/** The longest that a call which is refused again stays away when it was told less. */
const LONGEST_APART_MS = 1000;

/**
 * The wait before retry number `attempt` (from 0) when the server named none: truncated exponential backoff, jitter
 * aside.
 */
export const backoffMs = (
    attempt: number,
    { initialDelayMs, maxDelayMs }: Pick<ResolvedOptions, 'initialDelayMs' | 'maxDelayMs'>,
): number =>
    // 2 ** 1023 is the largest power a double holds: beyond it, 0 × Infinity would be NaN.
    Math.min(initialDelayMs * 2 ** Math.min(attempt, 1023), maxDelayMs);

/**
 * The wait before the same retry, jitter included, which only ever adds.
 *
 * @param pauseMs what is left of the pause that the server asked for, if it did
 */
export function retryDelayMs(attempt: number, pauseMs: number, options: ResolvedOptions): number {
    let delayMs = backoffMs(attempt, options);
    if (pauseMs > 0) {
        // Told the same few milliseconds, clients come back together: who is refused again stays away for longer.
        const apartMs = attempt > 0 ? Math.min(backoffMs(3 * attempt, options), LONGEST_APART_MS) : 0;
        delayMs = Math.max(pauseMs, apartMs);
    }
    return delayMs + delayMs * options.jitterFactor * options.clock.random();
}
