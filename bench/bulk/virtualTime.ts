import { withGlobal } from '@sinonjs/fake-timers';

/** A source of chance that repeats itself from the same seed (mulberry32). */
export function seededRandom(seed: number): () => number {
    let state = seed >>> 0;
    return () => {
        state = (state + 0x6d2b79f5) >>> 0;
        let mixed = Math.imul(state ^ (state >>> 15), state | 1);
        mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
        return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
    };
}

/** Some moment: it only must not be 0, which libraries take for "never". */
const START = Date.UTC(2026, 0, 1);

/** Even a day of virtual time takes seconds: what runs longer never ends. */
const LONGEST_MS = 24 * 60 * 60 * 1000;

/** A turn of the event loop: every promise that is ready has been heard by then. */
const turn = () => new Promise<void>(resolve => setImmediate(resolve));

/**
 * Runs `work` with time and chance of its own: everything in this process that asks for the time, sets a timer or
 * draws a random number, the peers included. A wait takes no time at all. The virtual clock counts from 0 in
 * `now`; like the real one it has a resolution of a millisecond.
 */
export async function inVirtualTime<T>(seed: number, work: (time: { now(): number }) => Promise<T>): Promise<T> {
    const clock = withGlobal(globalThis).install({
        now: START,
        toFake: ['Date', 'performance', 'setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'],
    });
    // As in Node: a timer takes a millisecond at least. Else a loop that waits for half of one never ends.
    const fakeTimeout = globalThis.setTimeout;
    globalThis.setTimeout = ((callback: () => void, ms = 0, ...args: []) =>
        fakeTimeout(callback, Math.max(1, ms), ...args)) as typeof setTimeout;
    const { random } = Math;
    Math.random = seededRandom(seed);
    const now = () => clock.now - START;
    try {
        let isSettled = false;
        const result = work({ now }).finally(() => {
            isSettled = true;
        });
        result.catch(() => {}); // awaited below, when time has passed
        for (;;) {
            await turn();
            if (isSettled) return await result;
            if (clock.countTimers() === 0)
                throw new Error('The run cannot end: it waits for something but no timer is set');
            if (now() > LONGEST_MS) throw new Error('The run does not end');
            clock.next();
        }
    } finally {
        Math.random = random;
        clock.uninstall();
    }
}

export const sleep = (ms: number): Promise<void> => new Promise(resolve => setTimeout(resolve, ms));
