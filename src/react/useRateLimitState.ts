import { useEffect, useReducer, useSyncExternalStore } from 'react';
import type { RateLimitSnapshot } from '../core/monitor.js';
import { useRateLimitService } from './useRateLimitService.js';

export interface RateLimitState extends RateLimitSnapshot {
    /** Milliseconds until calls may be sent again, ticking once a second; `null` while they may be sent now. */
    retryInMs: number | null;
}

/**
 * The state of the rate limit for a screen. Renders again when it changes, and each second while there is a wait.
 *
 * @example
 * const { isOpen, waiting, retryInMs } = useRateLimitState();
 */
export function useRateLimitState(): RateLimitState {
    const service = useRateLimitService();
    const snapshot = useSyncExternalStore(service.subscribe, service.getSnapshot, service.getSnapshot);
    const [, tick] = useReducer((count: number) => count + 1, 0);

    const retryAt = Math.max(snapshot.openUntil ?? 0, snapshot.pausedUntil ?? 0);
    const remainingMs = retryAt - service.now();
    useEffect(() => {
        if (remainingMs <= 0) return undefined;
        // At whole seconds before the end, so that a countdown never shows the same number twice.
        const timer = setTimeout(tick, remainingMs % 1000 || 1000);
        return () => clearTimeout(timer);
    });

    return { ...snapshot, retryInMs: remainingMs > 0 ? remainingMs : null };
}
