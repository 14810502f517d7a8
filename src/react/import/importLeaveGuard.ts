import * as raCore from 'ra-core';
import { useEffect } from 'react';
import { leaveText } from '../../i18n/english/importTexts.js';

type BlockNavigation = typeof raCore.useBlocker;

const FREE = { state: 'unblocked', proceed: undefined, reset: undefined, location: undefined } as const;
const useNoBlocker: BlockNavigation = () => FREE;

/** react-admin has these since 5.14. With an older one, only closing or reloading the page is asked about. */
const useCanBlock = 'useCanBlock' in raCore ? raCore.useCanBlock : () => false;
const useBlocker = 'useBlocker' in raCore ? raCore.useBlocker : useNoBlocker;

const QUESTION = 'ra-rate-limit.import.leave';

/** How many imports of this page run. A router asks the blocker that was mounted last, which may be that of another. */
let running = 0;

/** Asks before the page is left: by another address, as react-admin's forms do, and by the browser. */
export function useLeaveGuard(isNeeded: boolean): void {
    const translate = raCore.useTranslate();
    // The same one as long as the component lives: a router does not come and go.
    const useNavigationBlocker = useCanBlock() ? useBlocker : useNoBlocker;
    const blocker = useNavigationBlocker(
        ({ currentLocation, nextLocation }) => running > 0 && currentLocation.pathname !== nextLocation.pathname,
    );

    const { state } = blocker;
    // biome-ignore lint/correctness/useExhaustiveDependencies: the blocker is another object at each render
    useEffect(() => {
        if (state !== 'blocked') return;
        // An admin without texts of its own gives the name back.
        const text = translate(QUESTION, { _: leaveText });
        if (window.confirm(text === QUESTION ? leaveText : text)) blocker.proceed?.();
        else blocker.reset?.();
    }, [state]);

    useEffect(() => {
        if (!isNeeded) return undefined;
        running++;
        const ask = (event: BeforeUnloadEvent) => {
            event.preventDefault();
            event.returnValue = true; // for browsers from before 2024
        };
        window.addEventListener('beforeunload', ask);
        return () => {
            running--;
            window.removeEventListener('beforeunload', ask);
        };
    }, [isNeeded]);
}

/** The same as a component. */
export const LeaveGuard = () => {
    useLeaveGuard(true);
    return null;
};
