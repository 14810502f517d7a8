import type { RateLimitState } from '../../react/useRateLimitState.js';

/** What people have to be told. */
export interface Notice {
    /** `waiting`: their changes wait. `open`: the circuit turns changes away. */
    kind: 'waiting' | 'open';
    /** Milliseconds until it is over, `null` where nobody knows. */
    remainingMs: number | null;
    /** The moment of that, in milliseconds since the epoch. */
    until: number | null;
}

/** Bulk work is nobody's change: the import has a screen of its own. Nor are reads: what they are for shows that it is loading. */
export function noticeOf(state: RateLimitState): Notice | null {
    const { isOpen, openUntil, pausedUntil, waiting, waitingBulk, waitingReads, retryInMs } = state;
    const remaining = {
        remainingMs: retryInMs,
        until: retryInMs === null ? null : Math.max(openUntil ?? 0, pausedUntil ?? 0),
    };
    if (isOpen && retryInMs !== null) return { kind: 'open', ...remaining };
    return waiting > waitingBulk + waitingReads ? { kind: 'waiting', ...remaining } : null;
}
