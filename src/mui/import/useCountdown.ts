import { useEffect, useReducer } from 'react';

/** Milliseconds until a moment, ticking at whole seconds; 0 when it is over or there is none. */
export function useCountdown(until: number | null | undefined): number {
    const [, tick] = useReducer((count: number) => count + 1, 0);
    const remainingMs = Math.max(0, (until ?? 0) - Date.now());
    useEffect(() => {
        if (remainingMs === 0) return undefined;
        const timer = setTimeout(tick, remainingMs % 1000 || 1000);
        return () => clearTimeout(timer);
    });
    return remainingMs;
}
