/** The first pace after a refusal, in calls per second: the rate is not known yet. */
const FIRST_RATE = 10;
const MIN_RATE = 0.1;
/** A call accepted at the pace raises it by this many calls per second… */
const INCREASE = 0.5;
/** …and a refusal, once per burst, multiplies it by this. */
const DECREASE = 0.5;
/** When the server has accepted everything for this long, the pace ends. */
const QUIET_MS = 10_000;

/**
 * The pace of a service after a refusal: additive increase, multiplicative decrease (Chiu and Jain, 1989). A healthy
 * service has none. It has no timers, and is told the time.
 */
export class Pacer {
    readonly #random: () => number;
    /** Calls per second; infinite while there is no pace. */
    #rate = Number.POSITIVE_INFINITY;
    #nextAt = 0;
    /** The call sent last when the server refused last. */
    #sentAtRefusal = 0;
    /** The first acceptance since then: while nothing is sent, the quiet tells nothing. */
    #acceptingSince = Number.POSITIVE_INFINITY;
    /** Calls sent before the last decrease: their refusals belong to the same burst. */
    #burstEnd = 0;

    constructor(random: () => number) {
        this.#random = random;
    }

    isPacing(now: number): boolean {
        if (now - this.#acceptingSince >= QUIET_MS) this.reset();
        return this.#rate < Number.POSITIVE_INFINITY;
    }

    /** The moment from which the next call may leave. */
    opensAt(now: number): number {
        return this.isPacing(now) ? this.#nextAt : now;
    }

    sent(now: number): void {
        this.#nextAt = now + (1000 / this.#rate) * (0.9 + 0.2 * this.#random());
    }

    /** @param sequence which call of the service it was, counted from 1 */
    accepted(now: number, sequence: number): void {
        if (sequence > this.#sentAtRefusal) this.#acceptingSince = Math.min(this.#acceptingSince, now);
        this.#rate += INCREASE;
    }

    /**
     * @param sequence which call of the service it was, counted from 1
     * @param latest the call sent last
     */
    refused(sequence: number, latest: number): void {
        this.#acceptingSince = Number.POSITIVE_INFINITY;
        this.#sentAtRefusal = latest;
        const hasPace = this.#rate < Number.POSITIVE_INFINITY;
        if (hasPace && sequence <= this.#burstEnd) return;
        this.#burstEnd = latest;
        this.#rate = hasPace ? Math.max(MIN_RATE, this.#rate * DECREASE) : FIRST_RATE;
    }

    reset(): void {
        this.#rate = Number.POSITIVE_INFINITY;
        this.#nextAt = 0;
    }
}
