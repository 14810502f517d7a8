import type { Clock } from '../core/clock.js';
import type { BulkProgress } from './runBulk.js';

/** Progress is told this often at most. */
const PROGRESS_MS = 200;

/** When to tell of progress: a few times a second, and at once when a run pauses, goes on or ends. */
export class ProgressThrottle {
    readonly #clock: Clock;
    readonly #tell: () => void;
    #toldAt = 0;
    #toldStatus: BulkProgress['status'] | undefined;
    #next: unknown;

    /** @param tell is called when it is time for what did not pass: nothing else may happen for long */
    constructor(clock: Clock, tell: () => void) {
        this.#clock = clock;
        this.#tell = tell;
    }

    /** Whether to tell now. */
    passes(now: number, status: BulkProgress['status'], isLast: boolean): boolean {
        const leftMs = this.#toldAt + PROGRESS_MS - now;
        if (!isLast && status === this.#toldStatus && leftMs > 0) {
            this.#next ??= this.#clock.setTimeout(() => {
                this.#next = undefined; // it may be early, and then another is needed
                this.#tell();
            }, leftMs);
            return false;
        }
        this.#clock.clearTimeout(this.#next);
        this.#next = undefined;
        this.#toldAt = now;
        this.#toldStatus = status;
        return true;
    }
}
