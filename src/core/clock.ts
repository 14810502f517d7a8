/** Where the engine gets time and chance from, so that tests and simulations own both. */
export interface Clock {
    /** The current moment in milliseconds since the epoch. */
    now(): number;
    /** Calls back once after `ms` milliseconds and returns a handle for `clearTimeout`. */
    setTimeout(callback: () => void, ms: number): unknown;
    clearTimeout(handle: unknown): void;
    /** A number from 0 (included) to 1 (excluded): for jitter, the pace, and `simulateRateLimit`. */
    random(): number;
}

/** The real clock. Globals are looked up at each call, so that fake timers installed later are seen. */
export const systemClock: Clock = {
    now: () => Date.now(),
    setTimeout: (callback, ms) => setTimeout(callback, ms),
    clearTimeout: handle => clearTimeout(handle as ReturnType<typeof setTimeout>),
    random: () => Math.random(),
};

/**
 * The same clock, which does not go back while somebody waits: set back by a day, it would make every wait a day longer.
 * Nor does it stand still: where a timer is over and no time has passed, as with stubs that call back at once, it has. Then
 * it runs ahead until nobody waits any more.
 */
export function steadyClock(clock: Clock, isAwaited: () => boolean): Clock {
    let latest = 0;
    let aheadMs = 0;
    const steady: Clock = {
        now: () => {
            const now = clock.now();
            aheadMs = isAwaited() ? Math.max(aheadMs, latest - now) : 0;
            latest = now + aheadMs;
            return latest;
        },
        setTimeout: (callback, ms) => {
            const due = steady.now() + ms;
            return clock.setTimeout(() => {
                const missingMs = due - steady.now();
                if (missingMs > ms / 2) aheadMs += missingMs;
                callback();
            }, ms);
        },
        clearTimeout: handle => clock.clearTimeout(handle),
        random: () => clock.random(),
    };
    return steady;
}

/** The longest delay that timers can hold. */
const MAX_TIMEOUT_MS = 2 ** 31 - 1;

/** Calls back after `ms`, or too early: timers cannot hold much more than 24 days. Look at the clock, and start it again. */
export const startTimer = (clock: Clock, callback: () => void, ms: number): unknown =>
    clock.setTimeout(callback, Math.min(ms, MAX_TIMEOUT_MS));
