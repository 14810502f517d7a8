import { backoffMs } from '../core/backoff.js';
import type { Clock } from '../core/clock.js';

/** After an answer that did not come, the first item waits this long, each further one twice as long up to the most. */
const WAITS = { initialDelayMs: 1000, maxDelayMs: 10_000 };

/**
 * The connection is down: items go one at a time, further and further apart, until one is answered. Without it a run would
 * burn through all of its items in the time that a server takes to restart.
 */
export class Outage {
    readonly #clock: Clock;
    #failures = 0;
    #retryAt = 0;
    /** The item that is trying, or the last that has tried. */
    #trial: Promise<void> = Promise.resolve();

    constructor(clock: Clock) {
        this.#clock = clock;
    }

    /** When the next item tries; `undefined` while the connection works. */
    get retryAt(): number | undefined {
        return this.#failures > 0 ? this.#retryAt : undefined;
    }

    /**
     * Sends an item, when it is its turn. `isLost` tells an error that means there was no answer.
     *
     * @param send gets what tells it, in the moment before it leaves, that the connection has broken since
     */
    async pass<T>(
        send: (isHeld: () => boolean) => Promise<T>,
        isLost: (error: unknown) => boolean,
        signal: AbortSignal,
    ): Promise<T> {
        while (this.#failures > 0 && !signal.aborted) {
            const trial = this.#trial;
            await trial;
            // It was answered, somebody else was first, or there is nothing to wait for any more.
            if (this.#failures === 0 || trial !== this.#trial || signal.aborted) continue;
            const attempt = this.#sleep(signal).then(() => this.#send(() => send(() => false), isLost, true));
            this.#trial = attempt.then(ignore, ignore);
            return attempt;
        }
        return this.#send(() => send(() => this.#failures > 0), isLost);
    }

    /** @param isTrial whether it has waited for its turn: a timer may be early */
    async #send<T>(send: () => Promise<T>, isLost: (error: unknown) => boolean, isTrial = false): Promise<T> {
        try {
            const value = await send();
            this.#failures = 0;
            return value;
        } catch (error) {
            if (!isLost(error)) this.#failures = 0;
            // Items that were under way together are lost together: that is one failure.
            else if (isTrial || this.#failures === 0) {
                this.#retryAt = this.#clock.now() + backoffMs(this.#failures++, WAITS);
            }
            throw error;
        }
    }

    #sleep(signal: AbortSignal): Promise<void> {
        return new Promise(resolve => {
            const end = () => {
                this.#clock.clearTimeout(timer);
                signal.removeEventListener('abort', end);
                resolve();
            };
            const timer = this.#clock.setTimeout(end, Math.max(0, this.#retryAt - this.#clock.now()));
            signal.addEventListener('abort', end);
        });
    }
}

const ignore = () => {};
