import { useEffect, useReducer } from 'react';
import { useRateLimitService } from './useRateLimitService.js';

/**
 * Milliseconds until a moment of the service, 0 when it is over or there is none. Renders again at whole seconds before the
 * end, so that a countdown never shows the same number twice.
 */
export function useCountdown(until: number | null | undefined): number {
    const { clock } = useRateLimitService().dispatcher.options;
    const [, tick] = useReducer((count: number) => count + 1, 0);
    const remainingMs = Math.max(0, (until ?? 0) - clock.now());
    useEffect(() => {
        if (remainingMs === 0) return undefined;
        const timer = clock.setTimeout(tick, remainingMs % 1000 || 1000);
        return () => clock.clearTimeout(timer);
    });
    return remainingMs;
}
