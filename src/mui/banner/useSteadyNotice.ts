import { useEffect, useRef, useState } from 'react';
import type { Notice } from './notice.js';

/** A little longer than the longest backoff of the default options: 400 ms and its jitter. */
const SHOW_AFTER_MS = 500;
/** A call that is sent again may be refused again: the banner stays for the moment in between. */
const HIDE_AFTER_MS = 500;
/** A wait that is known to be longer is told at once. */
const LONG_WAIT_MS = 1_000;

export interface SteadyNotice {
    /** Stays what it was while the banner lingers and fades. */
    notice: Notice | null;
    isShown: boolean;
}

/** Leaves out what is over before it can be read, and keeps the banner from flickering. */
export function useSteadyNotice(current: Notice | null): SteadyNotice {
    const [isShown, setShown] = useState(false);
    const latest = useRef(current);
    if (current) latest.current = current;

    const isWanted = current !== null;
    const isLong = (current?.remainingMs ?? 0) > LONG_WAIT_MS;
    const delayMs = !isWanted ? HIDE_AFTER_MS : isLong ? 0 : SHOW_AFTER_MS;
    useEffect(() => {
        if (isShown === isWanted) return undefined;
        const timer = setTimeout(() => setShown(isWanted), delayMs);
        return () => clearTimeout(timer);
    }, [isShown, isWanted, delayMs]);

    return { notice: latest.current, isShown };
}
