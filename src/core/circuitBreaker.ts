/** What a `CircuitBreaker` is in, as a discriminated union. */
export type CircuitState =
    | { readonly status: 'closed' }
    | { readonly status: 'open'; readonly openUntil: number }
    /** With a probe: its outcome decides. Without: the next call is the probe. */
    | { readonly status: 'half-open'; readonly probe: Probe | undefined };

/** The one call let through while half-open. It has the floor until `expiresAt`. */
export interface Probe {
    readonly expiresAt: number;
}

export type CircuitStatus = CircuitState['status'];

/** The state of the circuit. Moments are milliseconds since the epoch. */
export interface CircuitBreakerState {
    status: CircuitStatus;
    /** Whether calls are turned away. */
    isOpen: boolean;
    consecutiveFailures: number;
    /** When a call last failed, `null` if none has. */
    lastFailureTime: number | null;
    /** Milliseconds since then, `null` if none has. */
    timeSinceLastFailure: number | null;
    /** When the circuit lets a call through again, `null` unless it is open. */
    openUntil: number | null;
}

/**
 * A probe that never answers must not keep the circuit half-open for ever: after this long another call may probe.
 */
export const PROBE_TIMEOUT_MS = 30_000;

/**
 * A breaker that trips after consecutive failures (Nygard, "Release It!"). It keeps the state and knows the
 * transitions; it has no timers, and is told the time.
 */
export class CircuitBreaker {
    readonly #threshold: number;
    #state: CircuitState = { status: 'closed' };
    #consecutiveFailures = 0;
    #lastFailureTime: number | undefined;

    constructor(threshold: number) {
        this.#threshold = threshold;
    }

    get state(): CircuitState {
        return this.#state;
    }

    get consecutiveFailures(): number {
        return this.#consecutiveFailures;
    }

    /** The status at this moment: an open period that is over is half-open, whether or not a call has come since. */
    statusAt(now: number): CircuitStatus {
        return this.#state.status === 'open' && now >= this.#state.openUntil ? 'half-open' : this.#state.status;
    }

    /** The state as it is shown. */
    describe(now: number): CircuitBreakerState {
        const openUntil = this.#state.status === 'open' && now < this.#state.openUntil ? this.#state.openUntil : null;
        return {
            status: this.statusAt(now),
            isOpen: openUntil !== null,
            consecutiveFailures: this.#consecutiveFailures,
            lastFailureTime: this.#lastFailureTime ?? null,
            timeSinceLastFailure: this.#lastFailureTime === undefined ? null : now - this.#lastFailureTime,
            openUntil,
        };
    }

    /** A failed call. Tells whether the circuit should open now. */
    fail(now: number): boolean {
        this.#consecutiveFailures++;
        this.#lastFailureTime = now;
        return this.#state.status === 'closed' && this.#consecutiveFailures >= this.#threshold;
    }

    /** Opens, or stays open for longer. Tells whether that changed anything: an open circuit is never shortened. */
    open(until: number): boolean {
        if (this.#state.status === 'open' && this.#state.openUntil >= until) return false;
        this.#state = { status: 'open', openUntil: until };
        return true;
    }

    /** The open period is over, or a probe ended without an answer: the next call is the probe. */
    halfOpen(): void {
        this.#state = { status: 'half-open', probe: undefined };
    }

    startProbe(now: number): Probe {
        const probe = { expiresAt: now + PROBE_TIMEOUT_MS };
        this.#state = { status: 'half-open', probe };
        return probe;
    }

    /** Whether this is the probe whose outcome decides, and not one that came too late. */
    isCurrent(probe: Probe | undefined): boolean {
        return probe !== undefined && this.#state.status === 'half-open' && this.#state.probe === probe;
    }

    close(): void {
        this.#state = { status: 'closed' };
    }

    /** The server answered with something that is not a 429. */
    clearFailures(): void {
        this.#consecutiveFailures = 0;
    }

    reset(): void {
        this.close();
        this.#consecutiveFailures = 0;
        this.#lastFailureTime = undefined;
    }
}
