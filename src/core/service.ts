import { backoffMs, withJitter } from './backoff.js';
import { type Call, type CallContext, createCall } from './call.js';
import { CallQueue, MAX_TIMEOUT_MS } from './callQueue.js';
import { CircuitBreaker, type CircuitBreakerState, type Probe } from './circuitBreaker.js';
import { isLimitStatus } from './detection.js';
import { defaultMessages, RateLimitError, type RateLimitErrorCode } from './errors.js';
import type { RateLimitEventName, RateLimitEvents } from './events.js';
import { Monitor, type RateLimitSnapshot, type RateLimitStats } from './monitor.js';
import { type RateLimitOptions, type ResolvedOptions, resolveOptions } from './options.js';
import { Pacer } from './pacer.js';
import { read } from './safely.js';
import { waitTimeFromHeaders, waitTimeOf } from './waitTime.js';

/** What is retried: something that starts a call. */
type Operation<T> = () => PromiseLike<T> | T;

/**
 * Sends calls, repeats those that a rate limit refused, and stops sending when the server is overloaded. One service
 * stands for one rate limit: share it between everything that is limited together.
 *
 * @example
 * const rateLimit = new RateLimitService({ maxRetries: 5 });
 * const { data } = await rateLimit.executeWithRetry(
 *     () => supabase.rpc('close_month').throwOnError(),
 *     { operation: 'close_month' },
 * );
 */
export class RateLimitService {
    readonly #options: ResolvedOptions;
    readonly #breaker: CircuitBreaker;
    readonly #pacer: Pacer;
    readonly #queue: CallQueue<Call, Probe | undefined>;
    readonly #monitor: Monitor;
    /** Calls between their start and their end, waiting or sent. */
    #underWay = 0;
    /** Attempts sent so far: tells whether a refused one left before or after another. */
    #sent = 0;
    #pausedUntil = 0;
    #openTimer: unknown;
    /** While false, calls go straight to the server. */
    #isTroubled = false;

    /**
     * @throws {TypeError} when an option is unknown or of the wrong type
     * @throws {RangeError} when an option is out of range
     */
    constructor(options?: RateLimitOptions) {
        this.#options = resolveOptions(options);
        const { clock, circuitBreakerThreshold, logger } = this.#options;
        this.#breaker = new CircuitBreaker(circuitBreakerThreshold);
        this.#pacer = new Pacer(() => clock.random());
        this.#monitor = new Monitor(logger, () => this.#takeSnapshot());
        this.#queue = new CallQueue(clock, {
            opensAt: now => this.#opensAt(now),
            leave: now => this.#leave(now),
            timeout: call => this.#giveUp(call),
            changed: () => this.#monitor.changed(),
        });
    }

    /**
     * Calls `operation`, and again when the server refuses it. Resolves or rejects as the operation does, with the very
     * same value or error, unless the rate limit wins.
     *
     * @throws {RateLimitError} when retries or time are used up, or the circuit is open
     */
    executeWithRetry<T>(operation: Operation<T>, context: CallContext = {}): Promise<T> {
        if (this.#mustWait(context)) return this.#complete(operation, context);
        return this.#complete(operation, context, Promise.resolve(start(operation)));
    }

    /**
     * The same for the decorator: what `operation` returns is passed on as it is when it is no promise.
     *
     * @param isSync whether it returned none the last time: then it is called at once, to see what it returns now
     * @internal
     */
    run<T>(operation: Operation<T>, context: CallContext, isSync: boolean): Promise<T> | T {
        if (!isSync && this.#mustWait(context)) return this.#complete(operation, context);
        const started = isSync ? operation() : start(operation);
        return isThenable(started) ? this.#complete(operation, context, Promise.resolve(started)) : started;
    }

    /** The state of the circuit at this moment. */
    getCircuitState(): CircuitBreakerState {
        return this.#breaker.describe(this.now());
    }

    /** Counters since the service was made. */
    getStats(): RateLimitStats {
        return { ...this.#monitor.counters, waiting: this.#queue.size };
    }

    /** Closes the circuit, zeroes its counters, forgets the server's pause and lets waiting calls go on. */
    resetCircuit(): void {
        const wasClosed = this.#breaker.state.status === 'closed';
        this.#clearOpenTimer();
        this.#breaker.reset();
        this.#pausedUntil = 0;
        this.#monitor.changed();
        if (!wasClosed) this.#monitor.emit('close', {});
        this.#queue.hurry();
    }

    /** Listens to an event. Returns a function that stops it. A listener that throws never breaks a call. */
    on<Name extends RateLimitEventName>(event: Name, listener: (event: RateLimitEvents[Name]) => void): () => void {
        return this.#monitor.on(event, listener);
    }

    /** Calls back whenever `getSnapshot` has a new answer: both together for React's `useSyncExternalStore`. */
    readonly subscribe = (listener: () => void): (() => void) => this.#monitor.subscribe(listener);

    /** The state as one object, the same one until something changes. */
    readonly getSnapshot = (): RateLimitSnapshot => this.#monitor.snapshot;

    /** The current moment of this service's clock, in milliseconds since the epoch. */
    now(): number {
        return this.#options.clock.now();
    }

    /**
     * Tells the service of a response that passed by: a refusal that names a time pauses all of its calls.
     * `rateLimitFetch` does this with each response.
     */
    observe(response: Response): void {
        if (!isLimitStatus(response.status) || !this.#options.respectRetryAfter) return;
        const now = this.now();
        const waitMs = waitTimeFromHeaders(response.headers, now);
        if (waitMs === undefined) return;
        this.#pacer.refused(this.#sent, this.#sent);
        this.#pause(now, now + waitMs);
    }

    /** Clears timers and listeners, and ends every wait with an `AbortError`. */
    dispose(): void {
        this.#clearOpenTimer();
        const reason = new DOMException('The rate limit service was disposed', 'AbortError');
        this.#queue.rejectAll(() => reason);
        this.#monitor.dispose();
    }

    /** A healthy service has no queue. */
    #mustWait({ signal }: CallContext): boolean {
        return this.#isTroubled || signal?.aborted === true;
    }

    /** The life of a call. `started` is its first attempt, when that has left already. */
    async #complete<T>(operation: Operation<T>, context: CallContext, started?: Promise<T>): Promise<T> {
        const call = createCall(context);
        let pending = started;
        this.#monitor.counters.calls++;
        this.#underWay++;
        try {
            for (;;) {
                const probe = pending === undefined ? await this.#turn(call) : undefined;
                call.attempts++;
                call.sequence = ++this.#sent;
                let refusal: unknown;
                try {
                    const value = await (pending ?? operation());
                    if (!this.#options.isRefusedResult(value)) {
                        this.#answered(call, probe);
                        this.#monitor.succeeded(call);
                        return value;
                    }
                    refusal = value;
                } catch (error) {
                    if (!this.#options.isRefusal(error)) {
                        this.#rejectedByOperation(call, probe, error);
                        throw error;
                    }
                    refusal = error;
                }
                pending = undefined;
                this.#refused(call, probe, refusal);
            }
        } finally {
            this.#underWay--;
        }
    }

    /** Waits until the call may be sent. Returns the probe when the call is one. */
    async #turn(call: Call): Promise<Probe | undefined> {
        const { signal, priority = 'interactive' } = call.context;
        const now = this.now();
        if (signal?.aborted) throw this.#aborted(signal);
        if (this.#breaker.statusAt(now) === 'open') throw this.#turnAway(call);
        if (this.#breaker.state.status === 'open') this.#halfOpen();
        const deadline = now + this.#options.maxElapsedMs - call.waitedMs;
        if (Math.max(call.notBefore, this.#pausedUntil) > deadline) throw this.#giveUp(call);
        try {
            return await this.#queue.wait({ call, priority, notBefore: call.notBefore, deadline, signal });
        } catch (reason) {
            throw signal?.aborted ? this.#aborted(signal) : reason;
        } finally {
            call.waitedMs += this.now() - now;
        }
    }

    #rejectedByOperation(call: Call, probe: Probe | undefined, error: unknown): void {
        if (call.context.signal?.aborted || read(error, 'name') === 'AbortError') {
            this.#abandoned(probe);
            return;
        }
        this.#monitor.counters.failed++;
        this.#answered(call, probe);
    }

    /** A call aborted while under way: neither a success nor a failure, whatever the answer was. */
    #abandoned(probe: Probe | undefined): void {
        this.#monitor.counters.aborted++;
        if (!this.#breaker.isCurrent(probe)) return;
        this.#breaker.halfOpen(); // the next call probes instead
        this.#queue.pump();
    }

    /** Any answer that is not a 429: the server works, whatever it thinks of the record. */
    #answered({ sequence }: Call, probe: Probe | undefined): void {
        if (!this.#isTroubled) return;
        const now = this.now();
        this.#breaker.clearFailures();
        this.#pacer.accepted(now, sequence);
        if (this.#breaker.isCurrent(probe)) {
            this.#breaker.close();
            this.#monitor.changed();
            this.#monitor.emit('close', {});
        }
        this.#queue.pump();
        this.#isTroubled =
            this.#breaker.state.status !== 'closed' ||
            now < this.#pausedUntil ||
            this.#pacer.isPacing(now) ||
            this.#queue.size > 0;
        this.#monitor.changed();
    }

    /** A 429: the call has another try, from `call.notBefore` on, or it has failed. */
    #refused(call: Call, probe: Probe | undefined, refusal: unknown): void {
        const { maxRetries, maxDelayMs, maxElapsedMs, respectRetryAfter, circuitResetMs } = this.#options;
        const now = this.now();
        call.cause = refusal;
        this.#isTroubled = true;
        this.#monitor.counters.rateLimited++;
        this.#pacer.refused(call.sequence, this.#sent);

        const askedMs = (respectRetryAfter && waitTimeOf(refusal, now)) || 0;
        const { signal } = call.context;
        if (signal?.aborted) {
            if (askedMs > 0) this.#pause(now, now + askedMs);
            this.#abandoned(probe);
            throw signal.reason;
        }
        const isProbe = this.#breaker.isCurrent(probe);
        if (isProbe || askedMs > maxDelayMs || this.#breaker.statusAt(now) === 'open') {
            this.#breaker.fail(now);
            if (isProbe) this.#open(now, Math.max(now + askedMs, now + circuitResetMs, this.#pausedUntil));
            if (askedMs > 0) this.#pause(now, now + askedMs);
            throw this.#failed(call);
        }
        if (askedMs > 0) this.#pause(now, now + askedMs);

        const delayMs = this.#delayMs(call, now);
        if (call.attempts > maxRetries || call.waitedMs + delayMs > maxElapsedMs) throw this.#giveUp(call);
        call.notBefore = now + delayMs;
        const retry = { ...call.names, attempt: call.attempts, maxRetries, delayMs };
        const details = `${Math.round(delayMs)}ms (attempt ${call.attempts}/${maxRetries})`;
        this.#monitor.log('warn', `Rate limit detected. Retrying in ${details}`, retry);
        this.#monitor.emit('retry', retry);
    }

    /** The server's pause where there is one, else the backoff. */
    #delayMs({ attempts }: Call, now: number): number {
        const { clock, jitterFactor } = this.#options;
        const delayMs = this.#pausedUntil > now ? this.#pausedUntil - now : backoffMs(attempts - 1, this.#options);
        return withJitter(delayMs, jitterFactor, () => clock.random());
    }

    /** The call has no retries or no time left. */
    #giveUp(call: Call): RateLimitError {
        const now = this.now();
        this.#monitor.log('error', 'Max retries exceeded', { ...call.names, attempts: call.attempts });
        // A call that never left says nothing about the server.
        if (call.attempts > 0 && this.#breaker.fail(now)) {
            this.#open(now, Math.max(now + this.#options.circuitResetMs, this.#pausedUntil));
        }
        return this.#failed(call);
    }

    #failed(call: Call): RateLimitError {
        const isOpen = this.#breaker.statusAt(this.now()) === 'open';
        const error = this.#errorOf(call, isOpen ? 'RATE_LIMIT_CIRCUIT_OPEN' : 'RATE_LIMIT_MAX_RETRIES_EXCEEDED');
        this.#monitor.changed();
        this.#monitor.emit('exhausted', { ...call.names, attempts: call.attempts, error });
        return error;
    }

    #turnAway(call: Call): RateLimitError {
        const error = this.#errorOf(call, 'RATE_LIMIT_CIRCUIT_OPEN');
        this.#monitor.emit('reject', { ...call.names, error });
        return error;
    }

    #aborted(signal: AbortSignal): unknown {
        this.#monitor.counters.aborted++;
        return signal.reason;
    }

    #errorOf({ context, names, attempts, cause }: Call, code: RateLimitErrorCode): RateLimitError {
        const now = this.now();
        const { openUntil } = this.#breaker.describe(now);
        const readyAt = openUntil ?? now + backoffMs(attempts, this.#options);
        const retryAfterMs = Math.max(readyAt, this.#pausedUntil) - now;
        const message = context.messages?.[code] ?? defaultMessages[code];
        return new RateLimitError({ code, message, retryAfterMs, attempts, cause, ...names });
    }

    /** The server named a moment: nothing leaves before. When it is far off, there is no point in waiting for it. */
    #pause(now: number, until: number): void {
        if (until <= this.#pausedUntil) return;
        this.#pausedUntil = until;
        this.#isTroubled = true;
        this.#monitor.changed();
        this.#monitor.emit('pause', { until });
        if (until - now > this.#options.maxDelayMs) this.#open(now, until);
        this.#queue.pump();
    }

    #open(now: number, until: number): void {
        if (!this.#breaker.open(until)) return;
        this.#isTroubled = true;
        this.#startOpenTimer(now, until);
        this.#monitor.changed();
        const { consecutiveFailures } = this.#breaker;
        const opened = { openUntil: until, consecutiveFailures };
        this.#monitor.log('error', `Circuit breaker opened after ${consecutiveFailures} consecutive failures`, opened);
        this.#monitor.emit('open', opened);
        this.#queue.rejectAll(call => this.#turnAway(call));
    }

    #halfOpen(): void {
        this.#clearOpenTimer();
        this.#breaker.halfOpen();
        this.#monitor.changed();
        this.#monitor.emit('halfOpen', {});
    }

    /** Tells listeners in time that the open period is over; the calls themselves look at the clock. */
    #startOpenTimer(now: number, until: number): void {
        this.#clearOpenTimer();
        const look = () => {
            const lookedAt = this.now();
            if (lookedAt < until) this.#startOpenTimer(lookedAt, until);
            else this.#halfOpen();
        };
        this.#openTimer = this.#options.clock.setTimeout(look, Math.min(until - now, MAX_TIMEOUT_MS));
        // A script that has nothing else to do need not stay for the end of the open period.
        (this.#openTimer as { unref?: () => void } | undefined)?.unref?.();
    }

    #clearOpenTimer(): void {
        this.#options.clock.clearTimeout(this.#openTimer);
        this.#openTimer = undefined;
    }

    /** The moment from which the next waiting call may leave. */
    #opensAt(now: number): number {
        const { state } = this.#breaker;
        if (state.status === 'open') return state.openUntil;
        if (state.status === 'half-open' && state.probe && now < state.probe.expiresAt) return state.probe.expiresAt;
        // A lone call has nobody to stampede with: its own wait is enough.
        return Math.max(this.#pausedUntil, this.#underWay > 1 ? this.#pacer.opensAt(now) : 0);
    }

    #leave(now: number): Probe | undefined {
        this.#pacer.sent(now);
        return this.#breaker.state.status === 'half-open' ? this.#breaker.startProbe(now) : undefined;
    }

    #takeSnapshot(): RateLimitSnapshot {
        const { timeSinceLastFailure: _, ...circuit } = this.getCircuitState();
        return { ...circuit, waiting: this.#queue.size, pausedUntil: this.#pausedUntil || null };
    }
}

/** An operation that throws on the spot is one that rejects. */
function start<T>(operation: () => T): T | Promise<never> {
    try {
        return operation();
    } catch (error) {
        return Promise.reject(error);
    }
}

const isThenable = <T>(value: PromiseLike<T> | T): value is PromiseLike<T> =>
    value instanceof Promise || typeof read(value, 'then') === 'function';
