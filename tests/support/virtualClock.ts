import type { Clock } from 'ra-rate-limit';

/** A clock that stands still until it is told to move, so that a test owns time and chance. */
export class VirtualClock implements Clock {
    #now: number;
    #nextHandle = 1;
    readonly #timers = new Map<number, { at: number; callback: () => void }>();
    readonly #random: () => number;

    constructor({ now = Date.UTC(2026, 0, 1), random = () => 0 }: { now?: number; random?: () => number } = {}) {
        this.#now = now;
        this.#random = random;
    }

    now = () => this.#now;
    random = () => this.#random();

    setTimeout = (callback: () => void, ms: number) => {
        const handle = this.#nextHandle++;
        this.#timers.set(handle, { at: this.#now + Math.max(0, ms), callback });
        return handle;
    };

    clearTimeout = (handle: unknown) => {
        this.#timers.delete(handle as number);
    };

    get pendingTimers(): number {
        return this.#timers.size;
    }

    /** Moves on by `ms`, running what falls due in order, and lets promises settle in between. */
    async advance(ms: number): Promise<void> {
        const end = this.#now + ms;
        await settle();
        for (;;) {
            const next = this.#nextTimer();
            if (!next || next.at > end) break;
            this.#fire(next);
            await settle();
        }
        this.#now = end;
        await settle();
    }

    /** Moves on until `promise` settles and returns its outcome, at the moment it settled. */
    async resolve<T>(promise: Promise<T>): Promise<T> {
        let isSettled = false;
        const done = () => {
            isSettled = true;
        };
        promise.then(done, done);
        await settle();
        while (!isSettled) {
            const next = this.#nextTimer();
            if (!next) throw new Error('The promise cannot settle: no timer is left');
            this.#fire(next);
            await settle();
        }
        return promise;
    }

    #nextTimer() {
        let next: { handle: number; at: number; callback: () => void } | undefined;
        for (const [handle, timer] of this.#timers) if (!next || timer.at < next.at) next = { handle, ...timer };
        return next;
    }

    #fire({ handle, at, callback }: { handle: number; at: number; callback: () => void }) {
        this.#timers.delete(handle);
        this.#now = Math.max(this.#now, at);
        callback();
    }
}

/** Lets everything that is ready run: more turns than any chain of promises here has. */
async function settle(): Promise<void> {
    for (let turn = 0; turn < 300; turn++) await Promise.resolve();
}
