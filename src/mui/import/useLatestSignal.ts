import { useCallback, useEffect, useRef } from 'react';

/** Makes signals of which only the latest has not aborted, and none outlives the component. */
export function useLatestSignal(): () => AbortSignal {
    const latest = useRef<AbortController>(null);
    useEffect(() => () => latest.current?.abort(), []);
    return useCallback(() => {
        latest.current?.abort();
        latest.current = new AbortController();
        return latest.current.signal;
    }, []);
}
