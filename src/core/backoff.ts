/** The part of the options that shapes a wait. */
export interface BackoffOptions {
    initialDelayMs: number;
    maxDelayMs: number;
    jitterFactor: number;
}

/**
 * The wait before retry number `attempt` (from 0) when the server named none: truncated exponential backoff, jitter
 * aside.
 */
export const backoffMs = (attempt: number, { initialDelayMs, maxDelayMs }: BackoffOptions): number =>
    // 2 ** 1023 is the largest power a double holds: beyond it, 0 × Infinity would be NaN.
    Math.min(initialDelayMs * 2 ** Math.min(attempt, 1023), maxDelayMs);

/** Adds a random share of up to `jitterFactor`. Only ever adds: what the server asked for is the least there is. */
export const withJitter = (delayMs: number, jitterFactor: number, random: () => number): number =>
    delayMs + delayMs * jitterFactor * random();
