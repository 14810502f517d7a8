export type CircuitStatus = 'closed' | 'open' | 'half-open';

/** The state of the circuit. Moments are milliseconds since the epoch. */
export interface CircuitBreakerState {
    /** `half-open`: the open period is over, and one call is let through to see. */
    status: CircuitStatus;
    /** Whether calls are turned away. */
    isOpen: boolean;
    /** Calls, not attempts, that have failed since the server last answered with anything but a refusal. */
    consecutiveFailures: number;
    /** When a call last failed, `null` if none has. */
    lastFailureTime: number | null;
    /** Milliseconds since then, `null` if none has. */
    timeSinceLastFailure: number | null;
    /** When the circuit lets a call through again, `null` unless it is open. */
    openUntil: number | null;
}

/** The one call let through while half-open, by the moment until which it has the floor. */
export type Probe = number;

/**
 * A probe that never answers must not keep the circuit half-open for ever: after this long another call may probe. Or after as
 * long as calls wait, if that is less, or those behind it would give up before it does; but not at once.
 */
const PROBE_TIMEOUT_MS = 30_000;
const LEAST_PROBE_MS = 1000;

/**
 * A breaker that trips after consecutive failures (Nygard, "Release It!"). It has no timers and is told the time: an open
 * period that is over is half-open, whether or not a call has come since.
 */
export class CircuitBreaker {
    readonly #threshold: number;
    readonly #probeMs: number;
    /** 0 while closed. */
    #openUntil = 0;
    /** 0 while there is none. */
    #probe: Probe = 0;
    #failures = 0;
    #failedAt: number | null = null;

    /**
     * @param threshold consecutive failures that trip it
     * @param patienceMs for how long calls wait behind a probe at most
     */
    constructor(threshold: number, patienceMs = Number.POSITIVE_INFINITY) {
        this.#threshold = threshold;
        this.#probeMs = Math.min(Math.max(patienceMs, LEAST_PROBE_MS), PROBE_TIMEOUT_MS);
    }

    describe(now: number): CircuitBreakerState {
        const isOpen = now < this.#openUntil;
        return {
            status: isOpen ? 'open' : this.#openUntil ? 'half-open' : 'closed',
            isOpen,
            consecutiveFailures: this.#failures,
            lastFailureTime: this.#failedAt,
            timeSinceLastFailure: this.#failedAt === null ? null : Math.max(0, now - this.#failedAt),
            openUntil: isOpen ? this.#openUntil : null,
        };
    }

    /** The moment from which a call may pass: past while closed, and while half-open without a probe. */
    get passesAt(): number {
        return this.#probe || this.#openUntil;
    }

    /** A call passes. While half-open it is the probe, which is returned, else 0. */
    pass(now: number): Probe {
        this.#probe = this.#openUntil && now + this.#probeMs;
        return this.#probe;
    }

    /** Whether this is the probe whose outcome decides, and not one that came too late. */
    isCurrent(probe: Probe): boolean {
        return probe > 0 && this.#probe === probe;
    }

    /** A failed call. Tells whether the circuit should open now. */
    fail(now: number): boolean {
        this.#failures++;
        this.#failedAt = now;
        return !this.#openUntil && this.#failures >= this.#threshold;
    }

    /** The server answered with something that is not a 429. */
    answer(): void {
        this.#failures = 0;
    }

    /** Opens, or stays open for longer. Tells whether that changed anything: an open circuit is never shortened. */
    open(now: number, until: number): boolean {
        if (now < this.#openUntil && until <= this.#openUntil) return false;
        this.#openUntil = until;
        this.#probe = 0;
        return true;
    }

    /** The probe ended without an answer: the next call is the probe. */
    abandonProbe(): void {
        this.#probe = 0;
    }

    /** Tells whether it was open or half-open. */
    close(): boolean {
        const wasClosed = !this.#openUntil;
        this.#openUntil = 0;
        this.#probe = 0;
        return !wasClosed;
    }

    reset(): boolean {
        this.#failures = 0;
        this.#failedAt = null;
        return this.close();
    }
}
