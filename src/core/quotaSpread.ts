import type { Quota } from './waitTime.js';

/** What is left of a quota is spread over the time until there is more, or over so much of it. */
const LONGEST_SPREAD_MS = 60_000;
/** So long after its end a quota would have been told anew. */
const TOLD_ANEW_MS = 1000;

/**
 * Keeps bulk work within the quota that the server has told: what is left is spread over the time until there is more, and
 * one call of it is left to people. It has no timers and is told the time.
 */
export class QuotaSpread {
    /** The least gap, and how many calls are left until when. */
    #gapMs = 0;
    #remaining = 0;
    #until = 0;
    #opensAt = 0;

    /** The moment from which the next call of bulk work may leave. */
    get opensAt(): number {
        return this.#opensAt;
    }

    /** Until when bulk work sends nothing, since what is left is for people. */
    get spentUntil(): number {
        return this.#remaining <= 1 ? Math.min(this.#until, this.#opensAt) : 0;
    }

    /** The server has told what is left until when. Returns that moment. */
    told(now: number, { remaining, resetMs }: Quota): number {
        // Told in whole seconds, rounded up: while less and less is left, the earliest of the moments told is the closest.
        const until = now + resetMs;
        const isCloser = until < this.#until || until - this.#until >= 1000;
        if (isCloser || now >= this.#until || remaining > this.#remaining) this.#until = until;
        this.#remaining = remaining;
        const leftMs = this.#until - now;
        // It is half a second less on average. What is left of a day is not spread over it.
        const spreadMs = Math.min(Math.max(leftMs - 500, leftMs / 2), LONGEST_SPREAD_MS);
        this.#gapMs = spreadMs / Math.max(remaining - 1, 1);
        if (remaining <= 1) this.#opensAt = Math.max(this.#opensAt, this.#until);
        return this.#until;
    }

    /** Whether it holds calls back by more than a gap as long as this. */
    isSlowerThan(gapMs: number, now: number): boolean {
        return this.#gapMs > gapMs && now < this.#until + TOLD_ANEW_MS;
    }

    /**
     * A call leaves.
     *
     * @param from when it was due by the pace
     * @param chance a factor near 1, for the gap
     */
    sent(now: number, from: number, chance: number): void {
        // A call of a person may have left before it.
        const quotaFrom = this.#opensAt > now ? from : Math.max(this.#opensAt, from);
        const leastMs = Math.min(this.#gapMs, this.#until - quotaFrom);
        if (leastMs > 0) this.#opensAt = Math.max(this.#opensAt, quotaFrom + leastMs * chance);
    }
}
