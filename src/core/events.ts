import type { CallEnd, CallNames } from './call.js';
import type { RateLimitError } from './errors.js';

/** The events of a `RateLimitService`. */
export interface RateLimitEvents {
    /**
     * A call was refused and will be sent again after `delayMs`: a call of bulk work, whose `maxRetries` is `Infinity`, when it
     * is its turn after that. `attempt` counts retries from 1.
     */
    retry: CallNames & { attempt: number; maxRetries: number; delayMs: number };
    /** A call resolved. */
    success: CallEnd;
    /** A call failed: it was refused and has no retries or no time left. */
    exhausted: CallEnd & { error: RateLimitError };
    /** A call was turned away by the open circuit. */
    reject: CallEnd & { error: RateLimitError };
    /** The circuit opened until `openUntil` (milliseconds since the epoch). */
    open: { openUntil: number; consecutiveFailures: number };
    /** The open period is over: the next call is the probe. */
    halfOpen: Record<string, never>;
    /** The circuit closed. */
    close: Record<string, never>;
    /** The server asked for a pause until `until` (milliseconds since the epoch). */
    pause: { until: number };
}

export type RateLimitEventName = keyof RateLimitEvents;
