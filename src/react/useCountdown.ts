import { useEffect, useReducer } from 'react';

/**
 * Milliseconds until a moment, 0 when it is over or there is none. Renders again at whole seconds before the end, so that a
 * countdown never shows the same number twice.
 *
 * @param now tells the moment, by the clock that the end goes by
 */
export function useCountdown(until: number | null | undefined, now = Date.now): number {
    const [, tick] = useReducer((count: number) => count + 1, 0);
    const remainingMs = Math.max(0, (until ?? 0) - now());
    useEffect(() => {
        if (remainingMs === 0) return undefined;
        const timer = setTimeout(tick, remainingMs % 1000 || 1000);
        return () => clearTimeout(timer);
    });
    return remainingMs;
}
