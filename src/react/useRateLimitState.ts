import { useSyncExternalStore } from 'react';
import type { RateLimitSnapshot } from '../core/monitor.js';
import { useCountdown } from './useCountdown.js';
import { useRateLimitService } from './useRateLimitService.js';

export interface RateLimitState extends RateLimitSnapshot {
    /** Milliseconds until calls may be sent again, ticking once a second; `null` while they may be sent now. */
    retryInMs: number | null;
}

/** What a server renders, and the browser at first: the same, whatever their services are in. */
const ALL_IS_WELL: RateLimitSnapshot = {
    status: 'closed',
    isOpen: false,
    consecutiveFailures: 0,
    lastFailureTime: null,
    openUntil: null,
    waiting: 0,
    waitingBulk: 0,
    waitingReads: 0,
    pausedUntil: null,
};

const readNothing = () => ALL_IS_WELL;

/**
 * The state of the rate limit for a screen. Renders again when it changes, and each second while there is a wait.
 *
 * @example
 * const { isOpen, waiting, retryInMs } = useRateLimitState();
 */
export function useRateLimitState(): RateLimitState {
    const service = useRateLimitService();
    const snapshot = useSyncExternalStore(service.subscribe, service.getSnapshot, readNothing);
    const retryAt = Math.max(snapshot.openUntil ?? 0, snapshot.pausedUntil ?? 0);
    const remainingMs = useCountdown(retryAt);
    return { ...snapshot, retryInMs: remainingMs || null };
}
