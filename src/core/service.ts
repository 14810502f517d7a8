import { backoffMs, retryDelayMs } from './backoff.js';
import { type BulkSession, type Call, type CallContext, createCall, endOf, type Turn } from './call.js';
import { CallQueue } from './callQueue.js';
import { CircuitBreaker, type CircuitBreakerState, type Probe } from './circuitBreaker.js';
import { startTimer, steadyClock } from './clock.js';
import { isOwnError } from './detection.js';
import { messageFor, RateLimitError, type RateLimitErrorDetails } from './errors.js';
import type { RateLimitEventName, RateLimitEvents } from './events.js';
import type { Logger } from './logger.js';
import { Monitor, type RateLimitSnapshot, type RateLimitStats } from './monitor.js';
import { type RateLimitOptions, type ResolvedOptions, refuse, resolveOptions } from './options.js';
import { Pacer, type Sent } from './pacer.js';
import { isThenable, read } from './safely.js';
import { type Quota, waitTimeOf } from './waitTime.js';

/** For so long a call yields to those that came after it, for each time that it was refused. */
const YIELD_MS = 1000;

/** Tells a service from anything else, also that of a second copy: an app may load the package as ESM and as CommonJS. */
const BRAND = Symbol.for('ra-rate-limit.service');

/** There is no later `Date`. */
const LAST_MOMENT = 8.64e15;

/** What is retried: something that starts a call. */
export type Operation<T> = () => PromiseLike<T> | T;

/** Who runs bulk work. */
export interface BulkHost {
    /** Makes of a call's context that of a part of bulk work; `undefined` for any other call. */
    adopt(context: CallContext): CallContext | undefined;
    /** The service is disposed. */
    end(): void;
}

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
    readonly #queue: CallQueue<Call, Probe>;
    readonly #monitor: Monitor;
    /** Interactive calls between their start and their end, waiting or sent. */
    #interactive = 0;
    /** While there is bulk work. */
    #host: BulkHost | undefined;
    /** Attempts sent so far: tells whether a refused one left before or after another. */
    #sent = 0;
    /** How many of them had been sent when the server last answered with anything but a refusal. */
    #sentAtLastAnswer = 0;
    #pausedUntil = 0;
    #openTimer: unknown;
    #waitingBulk = 0;
    /** While false, calls go straight to the server. */
    #isTroubled = false;

    /**
     * @throws {TypeError} when an option is unknown or of the wrong type
     * @throws {RangeError} when an option is out of range
     */
    constructor(options?: RateLimitOptions) {
        const resolved = resolveOptions(options);
        this.#options = { ...resolved, clock: steadyClock(resolved.clock, () => this.#isTroubled) };
        const { clock, circuitBreakerThreshold, logger } = this.#options;
        this.#breaker = new CircuitBreaker(circuitBreakerThreshold);
        this.#pacer = new Pacer(() => clock.random());
        this.#monitor = new Monitor(logger, now => this.#takeSnapshot(now));
        this.#queue = new CallQueue(clock, {
            opensAt: call => Math.max(this.#breaker.passesAt, this.#pausedUntil, this.#paceOpensAt(call)),
            leave: now => {
                const probe = this.#breaker.pass(now);
                this.#pacer.sent(now, probe > 0);
                return probe;
            },
            timeout: call => this.#timeOut(call),
            changed: ({ context }, by) => {
                if (context.priority === 'bulk') this.#waitingBulk += by;
                this.#monitor.changed();
            },
        });
    }

    #paceOpensAt({ attempts, notBefore, context: { priority, bulk, turn, partOf } }: Call): number {
        // What an item under way calls goes on.
        if (bulk?.isPaused && !turn && !partOf) return Number.POSITIVE_INFINITY;
        const { opensAt, bulkOpensAt } = this.#pacer;
        if (priority === 'bulk') return bulkOpensAt;
        if (this.#interactive > 1) return opensAt;
        // A lone person has nobody to stampede with, and goes before bulk work: the call's own wait is enough. When it was
        // refused beside that, as by a server that takes no two at once, it leaves in place of the next item.
        return this.#host && attempts > 0 ? Math.min(opensAt, notBefore + YIELD_MS) : 0;
    }

    /**
     * Calls `operation`, and again when the server refuses it. Resolves or rejects as the operation does, with the very
     * same value or error, unless the rate limit wins.
     *
     * @throws {RateLimitError} when retries or time are used up, or the circuit is open
     */
    executeWithRetry<T>(operation: Operation<T>, context: CallContext = {}): Promise<T> {
        return this.run(() => Promise.resolve(operation()), context) as Promise<T>;
    }

    /**
     * The same for the decorator: what `operation` returns is passed on as it is when it is no promise.
     * @internal
     */
    run<T>(operation: Operation<T>, context: CallContext): Promise<T> | T {
        const own = this.#host?.adopt(context) ?? context;
        const { turn } = own;
        const isAborted = own.signal?.aborted;
        if (isAborted) this.giveBack(turn);
        // A healthy service has no queue.
        const isPaced = this.#isTroubled && !turn;
        if (isAborted || (isPaced && !this.#isClear(own))) return this.complete(operation, own);
        const started = start(operation);
        if (!isThenable(started)) {
            this.giveBack(turn);
            return started;
        }
        if (isPaced) this.#pacer.sent(this.now());
        return this.complete(operation, own, Promise.resolve(started));
    }

    /** Whether it is the turn of a call at this very moment: it is alone, and nothing but the pace would hold it. */
    #isClear({ priority }: CallContext): boolean {
        const isAlone = priority !== 'bulk' && this.#interactive === 0;
        return isAlone && this.#breaker.passesAt === 0 && this.now() >= this.#pausedUntil;
    }

    /**
     * A turn was not used: if it is that of the probe, another call may have it.
     * @internal
     */
    giveBack(turn: Turn | undefined): void {
        if (turn && this.isProbe(turn)) this.#breaker.abandonProbe();
    }

    /**
     * Bulk work begins, paced from the start, or ends.
     *
     * @param host tells which calls are part of it while it lasts
     * @internal
     */
    setBulk(host: BulkHost | undefined): void {
        this.#host = host;
        this.#pacer.start(this.now());
        this.#isTroubled = true;
    }

    /**
     * Ends the waits of bulk work that was cancelled, and looks again at who may leave.
     * @internal
     */
    sweepBulk(): void {
        this.#queue.rejectAll(
            ({ context }) => (context.bulk as BulkSession).notSent,
            ({ context: { bulk } }) => bulk?.isOver,
        );
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
        const wasOpen = this.#breaker.reset();
        this.#options.clock.clearTimeout(this.#openTimer);
        this.#pausedUntil = 0;
        // Not all at once, but from the start of the ramp.
        if (this.#isTroubled) {
            this.#pacer.stop();
            this.#pacer.start(this.now());
        }
        this.#monitor.changed();
        if (wasOpen) this.#monitor.emit('close', {});
        this.#queue.hurry();
    }

    /** Listens to an event. Returns a function that stops it. A listener that throws never breaks a call. */
    on<Name extends RateLimitEventName>(event: Name, listener: (event: RateLimitEvents[Name]) => void): () => void {
        return this.#heardBy(this.#monitor.on(event, listener));
    }

    /** Calls back whenever `getSnapshot` may have a new answer: both together for React's `useSyncExternalStore`. */
    readonly subscribe = (listener: () => void): (() => void) => this.#heardBy(this.#monitor.subscribe(listener));

    /** Somebody has begun to listen, and may wait for the end of an open period. */
    #heardBy(stop: () => void): () => void {
        const { openUntil } = this.getCircuitState();
        if (openUntil) this.#awaitHalfOpen(openUntil);
        return stop;
    }

    /** The state as one object, the same one until something changes. */
    readonly getSnapshot = (): RateLimitSnapshot => this.#monitor.snapshotAt(this.now());

    /** @internal */
    get [BRAND](): true {
        return true;
    }

    /** @internal */
    get options(): ResolvedOptions {
        return this.#options;
    }

    /**
     * A line for the developer.
     * @internal
     */
    log(level: keyof Logger, text: string, context: object): void {
        this.#monitor.log(level, text, context);
    }

    /** The current moment of this service's clock, in milliseconds since the epoch. */
    now(): number {
        return this.#options.clock.now();
    }

    /**
     * The server asked for a pause, in milliseconds: no call of this service leaves before it is over. When that is far
     * off, there is no point in waiting for it. `rateLimitFetch` tells the service with this what it sees.
     * @internal
     */
    pause(waitMs: number, now = this.now(), refused: Sent = { sequence: this.#sent, sentAt: 0 }): void {
        const until = now + waitMs;
        if (!this.#options.respectRetryAfter || until <= this.#pausedUntil) return;
        this.#pausedUntil = until;
        this.#isTroubled = true;
        // Beside bulk work it may be that of a person's call, which has not left at the pace. If not, that is heard of later.
        if (this.#host && this.#interactive > 0) this.#pacer.hold(until);
        else this.#pacer.refused(now, until, refused, this.#sent);
        this.#monitor.emit('pause', { until });
        const { status } = this.#breaker.describe(now);
        if (waitMs > this.#options.maxDelayMs || status === 'open') {
            // It comes ahead of the refusal of the probe.
            this.#open(now, status === 'half-open' ? Math.max(until, now + this.#options.circuitResetMs) : until);
        }
    }

    /**
     * The server told what is left of its quota: paced calls keep within it.
     * @internal
     */
    limit(quota: Quota): void {
        if (this.#isTroubled) this.#pacer.limit(this.now(), quota, this.#options.maxDelayMs);
    }

    /**
     * Until when bulk work waits for more of the quota that the server has told.
     * @internal
     */
    get spentUntil(): number {
        return this.#pacer.spentUntil;
    }

    /**
     * Clears timers and listeners, and ends every wait with an `AbortError`. Calls on their way go on, and it may be used
     * again, as the strict mode of React does.
     */
    dispose(): void {
        this.#host?.end();
        const reason = new DOMException('Disposed', 'AbortError');
        this.#queue.rejectAll(({ context: { bulk } }) => bulk?.notSent ?? reason);
        this.#monitor.dispose();
        // Last: a listener that hears of the ends of waits may have begun to listen again.
        this.#options.clock.clearTimeout(this.#openTimer);
    }

    /**
     * The life of a call.
     *
     * @param started its first attempt, when that has left already
     * @internal
     */
    complete<T>(operation: Operation<T>, context: CallContext, started?: Promise<T>): Promise<T> {
        const call = createCall(context);
        this.#monitor.counters.calls++;
        if (context.priority !== 'bulk') this.#interactive++;
        if (!started) return this.#send(operation, call);
        this.#leave(call);
        return this.#hear(operation, call, context.turn?.probe ?? 0, started);
    }

    /** Sends a call when it is its turn. */
    async #send<T>(operation: Operation<T>, call: Call): Promise<T> {
        const { turn } = call.context;
        let probe: Probe;
        try {
            turn?.onWay?.(false);
            probe = await this.turn(call);
        } catch (reason) {
            if (!call.hasFailed) this.#monitor.ended(call, 'aborted');
            this.#settle(call);
            throw reason;
        }
        turn?.onWay?.(true);
        this.#leave(call);
        return this.#hear(operation, call, probe, start(operation));
    }

    /** An attempt of a call leaves. */
    #leave(call: Call): void {
        call.attempts++;
        call.sequence = ++this.#sent;
        // Only asked for while there is a pace, and the clock would be a fifth of what a healthy call costs.
        call.sentAt = this.#isTroubled ? this.now() : 0;
    }

    /** What becomes of an attempt. With callbacks, since an async function would cost each healthy call more. */
    #hear<T>(operation: Operation<T>, call: Call, probe: Probe, sent: PromiseLike<T> | T): Promise<T> {
        const { signal, partOf } = call.context;
        return Promise.resolve(sent).then(
            value => {
                if (this.#options.isRefusedResult(value)) return this.#again(operation, call, probe, value);
                partOf?.onValue?.(value);
                const isAborted = signal?.aborted && isUnanswered(value);
                // What was no promise has asked nobody. While all is well it makes no difference.
                const isAnswer = this.#isTroubled && isThenable(sent) && !isUnanswered(value);
                this.#ended(call, probe, isAborted ? 'aborted' : 'succeeded', isAnswer);
                this.#settle(call);
                return value;
            },
            error => {
                if (this.#options.isRefusal(error)) return this.#again(operation, call, probe, error);
                const name = read(error, 'name');
                const isAborted = signal?.aborted || name === 'AbortError';
                // `fetch` has a TypeError for a broken connection. What another service has given up on is none either.
                const isAnswer = !isAborted && name !== 'TypeError' && !isOwnError(error);
                this.#ended(call, probe, isAborted ? 'aborted' : 'failed', isAnswer);
                this.#settle(call);
                throw error;
            },
        );
    }

    /** A refused call is sent again, or fails. */
    #again<T>(operation: Operation<T>, call: Call, probe: Probe, refusal: unknown): Promise<T> {
        try {
            this.#refused(call, probe, refusal);
        } catch (reason) {
            this.#settle(call);
            throw reason;
        }
        return this.#send(operation, call);
    }

    /** A call has ended. */
    #settle({ context }: Call): void {
        // It may have failed, and the others need not wait for its answer.
        if (this.#queue.size > 0) this.#queue.pump();
        if (context.priority !== 'bulk') this.#interactive--;
    }

    /**
     * Waits until the call may be sent. Returns the probe when the call is one.
     * @internal
     */
    async turn(call: Call): Promise<Probe> {
        const { priority, signal, bulk } = call.context;
        const { notBefore } = call;
        const now = this.now();
        // Who came first goes first, but yields to others with each refusal: they have more retries left, should the server
        // not be ready yet. Bulk work has time, and goes last.
        const rank = priority === 'bulk' ? Number.POSITIVE_INFINITY : now - call.waitedMs + call.attempts * YIELD_MS;
        call.waitingSince = now;
        const deadline = bulk ? Number.POSITIVE_INFINITY : now + this.#options.maxElapsedMs - call.waitedMs;
        try {
            if (bulk?.isOver) throw bulk.notSent;
            signal?.throwIfAborted();
            if (!bulk && this.#breaker.describe(now).isOpen) throw this.#failure('reject', call);
            if (Math.max(notBefore, this.#pausedUntil) > deadline) throw this.#timeOut(call);
            return await this.#queue.wait({ call, rank, notBefore, deadline, signal });
        } finally {
            call.waitedMs += this.now() - now;
            call.waitingSince = undefined;
        }
    }

    /**
     * Any answer that is not a 429: the server works, whatever it thinks of the record. Of an aborted call the answer,
     * if there was one, counts for nothing.
     */
    #ended(call: Call, probe: Probe, outcome: 'succeeded' | 'failed' | 'aborted', isAnswer: boolean): void {
        if (call.context.turn?.isTaken) this.#monitor.counters.calls--;
        else {
            if (this.#isTroubled) this.#recover(call, probe, isAnswer);
            this.#monitor.ended(call, outcome);
        }
    }

    #recover(call: Call, probe: Probe, isAnswer: boolean): void {
        const isProbe = this.#breaker.isCurrent(probe);
        if (isAnswer) {
            this.#sentAtLastAnswer = this.#sent;
            this.#breaker.answer();
            this.#pacer.accepted(call);
            if (isProbe && this.#breaker.close()) this.#monitor.emit('close', {});
        } else {
            this.#pacer.unanswered(call);
            if (isProbe) this.#breaker.abandonProbe();
        }
        const now = this.now();
        this.#isTroubled =
            this.#breaker.passesAt > 0 ||
            // The next answer has to be seen, since it sets them to 0.
            this.#breaker.describe(now).consecutiveFailures > 0 ||
            now < this.#pausedUntil ||
            this.#pacer.isPacing(now) ||
            this.#host !== undefined ||
            this.#queue.size > 0;
        if (!this.#isTroubled) {
            this.#pacer.stop();
            // Or it would come back with a clock that is set back.
            this.#pausedUntil = 0;
        }
        this.#monitor.changed();
    }

    /**
     * Whether a turn is that of the probe that decides.
     * @internal
     */
    isProbe({ probe }: Turn): boolean {
        return this.#breaker.isCurrent(probe);
    }

    /**
     * Something was refused that is part of bulk work, and that this service did not send.
     * @internal
     */
    refused(item: Call, refusal: unknown): void {
        item.sequence = this.#sent;
        this.#refused(item, 0, refusal);
    }

    /** A 429: the call has another try, from `call.notBefore` on, or it has failed. */
    #refused(call: Call, probe: Probe, refusal: unknown): void {
        const { maxDelayMs, respectRetryAfter, circuitResetMs } = this.#options;
        const now = this.now();
        call.cause = refusal;
        this.#isTroubled = true;
        const { signal, bulk } = call.context;
        this.#monitor.counters.rateLimited++;
        if (bulk) bulk.rateLimited++;

        const askedMs = (respectRetryAfter && waitTimeOf(refusal, now)) || 0;
        const isProbe = this.#breaker.isCurrent(probe);
        const isFinal = isProbe || (!bulk && (askedMs > maxDelayMs || this.#breaker.describe(now).isOpen));
        if (isFinal && !signal?.aborted) {
            this.#breaker.fail(now);
            if (isProbe) this.#open(now, Math.max(now + askedMs, now + circuitResetMs, this.#pausedUntil));
        }
        if (askedMs > 0) this.pause(askedMs, now, call);
        // The refusal of a lone call says nothing of the pace: it did not leave at one.
        const isPaced = bulk || this.#interactive > 1 || (this.#host && call.attempts > 1);
        if (isPaced || !this.#pacer.isPacing(now)) {
            // Calls have few retries, and do not wait for longer than they would alone.
            const mostMs = bulk ? undefined : backoffMs(call.attempts, this.#options);
            this.#pacer.refused(now, this.#pausedUntil, call, this.#sent, mostMs);
        } else this.#pacer.unanswered(call); // nor does it hold the others up
        if (signal?.aborted) {
            this.#ended(call, probe, 'aborted', false);
            throw signal.reason;
        }
        if (bulk) this.#retryInTurn(call, bulk, now);
        else if (isFinal) throw this.#failure('exhausted', call, true);
        else this.#retry(call, now);
    }

    #retry(call: Call, now: number): void {
        const { maxRetries, maxElapsedMs } = this.#options;
        const { attempts: attempt, names } = call;
        const delayMs = retryDelayMs(attempt - 1, this.#pausedUntil - now, this.#options);
        const isOver = attempt > maxRetries || call.waitedMs + delayMs > maxElapsedMs;
        if (isOver) throw this.#giveUp(call, true);
        call.notBefore = now + delayMs;
        const retry = { ...names, attempt, maxRetries, delayMs };
        const details = `${Math.round(delayMs)}ms (attempt ${attempt}/${maxRetries})`;
        this.#monitor.log('warn', `Rate limit detected. Retrying in ${details}`, retry);
        this.#monitor.emit('retry', retry);
    }

    /** Bulk work has as many retries as it takes, and goes when the pace lets it. */
    #retryInTurn({ attempts: attempt, names }: Call, bulk: BulkSession, now: number): void {
        bulk.retries++;
        const opensAt = Math.max(this.#pausedUntil, this.#breaker.passesAt, this.#pacer.bulkOpensAt);
        const delayMs = Math.max(opensAt - now, 0);
        this.#monitor.emit('retry', { ...names, attempt, maxRetries: Number.POSITIVE_INFINITY, delayMs });
    }

    /** A wait that took too long says nothing of the server, unless that refused the call and has answered nothing since. */
    #timeOut(call: Call): RateLimitError {
        return this.#giveUp(call, call.sequence > this.#sentAtLastAnswer);
    }

    /** The call has no retries or no time left. */
    #giveUp(call: Call, isRefused: boolean): RateLimitError {
        const now = this.now();
        this.#monitor.log('error', 'Max retries exceeded', { ...call.names, attempts: call.attempts });
        const opens = isRefused && this.#breaker.fail(now);
        if (opens) this.#open(now, Math.max(now + this.#options.circuitResetMs, this.#pausedUntil));
        return this.#failure('exhausted', call, opens);
    }

    /**
     * The error of a call that the rate limit ends. The circuit gives it its code.
     *
     * @param opens whether it is the call that opens it, were it for no time
     */
    #failure(event: 'exhausted' | 'reject', call: Call, opens = false): RateLimitError {
        const { context, names, attempts, cause } = call;
        const now = this.now();
        const { openUntil } = this.#breaker.describe(now);
        const code = opens || openUntil ? 'RATE_LIMIT_CIRCUIT_OPEN' : 'RATE_LIMIT_MAX_RETRIES_EXCEEDED';
        const readyAt = openUntil ?? now + backoffMs(attempts, this.#options);
        const retryAfterMs = Math.max(readyAt, this.#pausedUntil) - now;
        const details: RateLimitErrorDetails = { code, retryAfterMs, attempts, ...names };
        const error = new RateLimitError({ ...details, message: messageFor(details, context.messages), cause });
        call.hasFailed = true;
        this.#monitor.emit(event, { ...endOf(call, now), error });
        return error;
    }

    /** Opens the circuit, or keeps it open for longer, which is told to nobody but the snapshot: it is one opening. */
    #open(now: number, until: number): void {
        const openUntil = Math.min(until, LAST_MOMENT);
        const { isOpen, consecutiveFailures } = this.#breaker.describe(now);
        if (!this.#breaker.open(now, openUntil)) return;
        if (isOpen) this.#monitor.changed();
        else {
            const opened = { openUntil, consecutiveFailures };
            const text = `Circuit breaker opened after ${consecutiveFailures} consecutive failures`;
            this.#monitor.log('error', text, opened);
            this.#monitor.emit('open', opened);
        }
        // A listener may have closed it again.
        const isStillOpen = () => this.#breaker.passesAt === openUntil;
        if (isStillOpen()) this.#awaitHalfOpen(openUntil);
        this.#queue.rejectAll(
            call => this.#failure('reject', call, true),
            call => !call.context.bulk && isStillOpen(),
        );
    }

    /** Tells in time that the open period is over, if anybody listens. The calls themselves look at the clock. */
    #awaitHalfOpen(openUntil: number): void {
        const { clock } = this.#options;
        const leftMs = openUntil - clock.now();
        clock.clearTimeout(this.#openTimer);
        if (leftMs <= 0) {
            if (this.#breaker.passesAt > 0) this.#monitor.emit('halfOpen', {});
        } else if (this.#monitor.hears('halfOpen')) {
            this.#openTimer = startTimer(clock, () => this.#awaitHalfOpen(openUntil), leftMs);
            // A script that has nothing else to do need not stay for the end of the open period.
            (this.#openTimer as { unref?: () => void } | undefined)?.unref?.();
        }
    }

    #takeSnapshot(now: number): RateLimitSnapshot {
        const { timeSinceLastFailure: _, ...circuit } = this.#breaker.describe(now);
        return {
            ...circuit,
            waiting: this.#queue.size,
            waitingBulk: this.#waitingBulk,
            pausedUntil: this.#pausedUntil || null,
        };
    }
}

export const isService = (value: unknown): value is RateLimitService =>
    (value as RateLimitService | null | undefined)?.[BRAND] === true;

/** @throws {TypeError} when this is no service */
export function checkService(service: unknown): asserts service is RateLimitService {
    if (!isService(service)) refuse('service', 'a RateLimitService', service);
}

/** What supabase-js resolves with when there was no answer. */
const isUnanswered = (value: unknown): boolean => read(value, 'status') === 0 && Boolean(read(value, 'error'));

/** An operation that throws on the spot is one that rejects. */
function start<T>(operation: () => T): T | Promise<never> {
    try {
        return operation();
    } catch (error) {
        return Promise.reject(error);
    }
}
