/** What a limiter says to one request. */
export interface Verdict {
    isAllowed: boolean;
    /** Of a refused request: the time until the next would be accepted. */
    waitMs: number;
    /** How long the server keeps an accepted request before it works on it. */
    delayMs?: number;
    /** Requests left, and when there will be all of them again. */
    remaining: number;
    resetMs: number;
}

/** A limit in one server. Times are milliseconds since the start of the run. What it refuses costs nothing. */
export interface Limiter {
    take(now: number): Verdict;
    /** The most requests that it lets pass in the first `durationMs`, which a client with no knowledge cannot quite reach. */
    allowed(durationMs: number): number;
    /** The rate at a moment, in requests a second. */
    rateAt(now: number): number;
}

/** A rate in requests a second, and how many may come at once, from a moment on. */
export interface Phase {
    fromMs: number;
    rate: number;
    burst: number;
}

/** What floating point numbers lose when many small ones are added up. */
const TOLERANCE = 1e-9;

/** A bucket that fills at a rate up to its burst, and of which each request takes one token. The rate may change. */
export class TokenBucket implements Limiter {
    readonly #phases: readonly Phase[];
    #tokens: number;
    #filledAt = 0;

    constructor(...phases: [Phase, ...Phase[]]) {
        this.#phases = phases;
        this.#tokens = phases[0].burst;
    }

    take(now: number): Verdict {
        const { rate, burst } = this.#phaseAt(now);
        const isAllowed = this.hasRoom(now);
        if (isAllowed) this.#tokens--;
        return {
            isAllowed,
            waitMs: isAllowed ? 0 : ((1 - this.#tokens) / rate) * 1000,
            remaining: Math.max(0, Math.floor(this.#tokens + TOLERANCE)),
            resetMs: ((burst - this.#tokens) / rate) * 1000,
        };
    }

    /** Whether a request would be accepted. */
    hasRoom(now: number): boolean {
        this.#tokens = Math.min(this.#phaseAt(now).burst, this.#tokens + this.#filledBetween(this.#filledAt, now));
        this.#filledAt = now;
        return this.#tokens >= 1 - TOLERANCE;
    }

    allowed(durationMs: number): number {
        return this.#phaseAt(0).burst + this.#filledBetween(0, durationMs);
    }

    rateAt(now: number): number {
        return this.#phaseAt(now).rate;
    }

    #phaseAt(now: number): Phase {
        return this.#phases.findLast(({ fromMs }) => fromMs <= now) as Phase;
    }

    #filledBetween(from: number, until: number): number {
        return this.#phases.reduce((sum, { fromMs, rate }, place) => {
            const endMs = this.#phases[place + 1]?.fromMs ?? Number.POSITIVE_INFINITY;
            return sum + (Math.max(0, Math.min(until, endMs) - Math.max(from, fromMs)) * rate) / 1000;
        }, 0);
    }
}

/**
 * A leaky bucket as a queue, like nginx's `limit_req` with a burst: requests are worked on one by one at the rate, up to
 * `burst` of them wait for their turn, and those beyond are refused. (As a meter, it is the same as a token bucket.)
 */
export class LeakyQueue implements Limiter {
    readonly #gapMs: number;
    readonly #burst: number;
    #freeAt = 0;

    constructor(rate: number, burst: number) {
        this.#gapMs = 1000 / rate;
        this.#burst = burst;
    }

    take(now: number): Verdict {
        const delayMs = Math.max(0, this.#freeAt - now);
        const waiting = delayMs / this.#gapMs;
        const isAllowed = waiting <= this.#burst + TOLERANCE;
        if (isAllowed) this.#freeAt = now + delayMs + this.#gapMs;
        return {
            isAllowed,
            delayMs,
            waitMs: isAllowed ? 0 : (waiting - this.#burst) * this.#gapMs,
            remaining: Math.max(0, Math.floor(this.#burst - waiting)),
            resetMs: delayMs,
        };
    }

    allowed(durationMs: number): number {
        return durationMs / this.#gapMs + this.#burst + 1;
    }

    rateAt(): number {
        return 1000 / this.#gapMs;
    }
}

/** So many requests in each window, the first of which begins with the run. */
export class FixedWindow implements Limiter {
    readonly #limit: number;
    readonly #windowMs: number;
    #window = 0;
    #used = 0;

    constructor(limit: number, windowMs: number) {
        this.#limit = limit;
        this.#windowMs = windowMs;
    }

    take(now: number): Verdict {
        const window = Math.floor(now / this.#windowMs);
        if (window > this.#window) this.#used = 0;
        this.#window = window;
        const isAllowed = this.#used < this.#limit;
        if (isAllowed) this.#used++;
        const resetMs = (window + 1) * this.#windowMs - now;
        return { isAllowed, waitMs: isAllowed ? 0 : resetMs, remaining: this.#limit - this.#used, resetMs };
    }

    allowed(durationMs: number): number {
        return Math.ceil(durationMs / this.#windowMs) * this.#limit;
    }

    rateAt(): number {
        return (this.#limit / this.#windowMs) * 1000;
    }
}

/** So many requests in any window: a log of those accepted. */
export class SlidingWindow implements Limiter {
    readonly #limit: number;
    readonly #windowMs: number;
    readonly #accepted: number[] = [];

    constructor(limit: number, windowMs: number) {
        this.#limit = limit;
        this.#windowMs = windowMs;
    }

    take(now: number): Verdict {
        const log = this.#accepted;
        while (log[0] !== undefined && log[0] <= now - this.#windowMs) log.shift();
        const isAllowed = log.length < this.#limit;
        if (isAllowed) log.push(now);
        const resetMs = (log[0] ?? now) + this.#windowMs - now;
        return { isAllowed, waitMs: isAllowed ? 0 : resetMs, remaining: this.#limit - log.length, resetMs };
    }

    allowed(durationMs: number): number {
        return Math.ceil(durationMs / this.#windowMs) * this.#limit;
    }

    rateAt(): number {
        return (this.#limit / this.#windowMs) * 1000;
    }
}
