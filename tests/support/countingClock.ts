import type { Clock } from 'ra-rate-limit';

/** The clock of the moment, real or faked, which knows the timers that are set. */
export function countingClock() {
    const timers = new Set<unknown>();
    const clock: Clock = {
        now: () => Date.now(),
        random: () => Math.random(),
        setTimeout: (callback, ms) => {
            const timer = setTimeout(() => {
                timers.delete(timer);
                callback();
            }, ms);
            timers.add(timer);
            return timer;
        },
        clearTimeout: timer => {
            timers.delete(timer);
            clearTimeout(timer as ReturnType<typeof setTimeout>);
        },
    };
    return { clock, timers };
}
