/** The first gap between two calls after a refusal: the rate of the server is not known yet. */
const FIRST_GAP_MS = 100;
const LONGEST_GAP_MS = 10_000;
/** A burst of refusals doubles the gap, an accepted call takes 2 % off it: about one refusal in 35 calls at the limit. */
const WIDEN = 2;
const NARROW = 0.98;
/** A gap this short is none: the server has accepted everything for a while, and the pace ends. */
const SHORTEST_GAP_MS = 5;

/**
 * The pace of a service after a refusal: calls leave one by one, at the rate that the server has shown to accept
 * (multiplicative increase and decrease, Chiu and Jain 1989). A healthy service has none. It has no timers, and is told
 * the time.
 */
export class Pacer {
    readonly #random: () => number;
    /** 0: no pace. */
    #gapMs = 0;
    #opensAt = 0;
    /** Calls sent before the last refusal was known: theirs belong to the same burst. */
    #burstEnd = 0;

    constructor(random: () => number) {
        this.#random = random;
    }

    get isPacing(): boolean {
        return this.#gapMs > 0;
    }

    /** The moment from which the next call may leave. */
    get opensAt(): number {
        return this.#gapMs && this.#opensAt;
    }

    /** A call leaves. The gap behind it varies by a fifth, so that clients do not fall into step. */
    sent(now: number): void {
        this.#opensAt = now + this.#gapMs * (0.9 + 0.2 * this.#random());
    }

    accepted(): void {
        this.#gapMs = this.#gapMs * NARROW > SHORTEST_GAP_MS ? this.#gapMs * NARROW : 0;
    }

    /**
     * @param sequence the place of the refused call among all that were sent
     * @param latest that of the call sent last
     * @param isPaced whether it left at the pace: of a lone call, the refusal does not tell that the pace is too fast
     */
    refused(sequence: number, latest: number, isPaced: boolean): void {
        if (this.isPacing && sequence <= this.#burstEnd) return;
        this.#burstEnd = latest;
        this.#gapMs = Math.min(Math.max(this.#gapMs * (isPaced ? WIDEN : 1), FIRST_GAP_MS), LONGEST_GAP_MS);
    }
}
