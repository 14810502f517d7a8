import { type MouseEvent, useRef } from 'react';

/** What is taken for a double click. */
const DOUBLE_CLICK_MS = 500;
const SAME_PLACE_PX = 8;

/**
 * The second click of a double click hits what the first one has put in the place of its button: it would skip a step, or
 * discard an import. Returns what drops it, for `onClickCapture`. Keys have no place, and are left alone.
 */
export function useSecondClickGuard() {
    const last = useRef({ at: Number.NEGATIVE_INFINITY, x: 0, y: 0 });
    return (event: MouseEvent) => {
        const { target, detail, timeStamp: at, clientX: x, clientY: y } = event;
        const isOfPointer = detail > 0 && (x !== 0 || y !== 0);
        if (!isOfPointer || !(target as Element).closest('button')) return;
        const before = last.current;
        last.current = { at, x, y };
        const isSamePlace = Math.hypot(x - before.x, y - before.y) < SAME_PLACE_PX;
        if (isSamePlace && at - before.at < DOUBLE_CLICK_MS) event.stopPropagation();
    };
}
