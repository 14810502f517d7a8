/** How many calls more or less a measurement may be off by, and by what factor two may differ. */
const TOLERANCE = 0.5;
const APART = 1.04;
/** Who was not noticed for so long is gone. */
const MEMORY_MS = 20_000;

/**
 * Notices others on the same limit. Between two refusals, which both find a limiter empty, it accepts at its rate: at least
 * what was accepted per second, and at most that per second of sending, if it saved up nothing in the pauses. Where such
 * measurements exclude each other, somebody else has taken a part, or the limit has changed.
 */
export class Rivals {
    /** Between these is the rate of a limit that nobody else uses, in calls a second. */
    #least = 0;
    #most = Number.POSITIVE_INFINITY;
    #noticedAt = 0;
    #arePresent = false;

    get arePresent(): boolean {
        return this.#arePresent;
    }

    /** So many calls were accepted between two refusals, in so many seconds, and in so many of sending. */
    measured(now: number, count: number, seconds: number, sendingSeconds: number): void {
        const least = (count - TOLERANCE) / seconds;
        const most = (count + TOLERANCE) / sendingSeconds;
        if (least > APART * this.#most || this.#least > APART * most) {
            this.#arePresent = true;
            this.#noticedAt = now;
            this.#least = least;
            this.#most = most;
        } else {
            if (now - this.#noticedAt > MEMORY_MS) this.#arePresent = false;
            this.#least = Math.max(this.#least, least);
            this.#most = Math.min(this.#most, most);
        }
    }
}
