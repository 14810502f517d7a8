import { backoffMs, retryDelayMs } from './backoff.js';
import { type BulkSession, type Call, type CallContext, createCall, endOf, type Turn } from './call.js';
import { CallQueue } from './callQueue.js';
import { Circuit } from './circuit.js';
import type { CircuitBreakerState, Probe } from './circuitBreaker.js';
import { steadyClock } from './clock.js';
import { isOwnError } from './detection.js';
import { messageFor, RateLimitError, type RateLimitErrorDetails } from './errors.js';
import { Monitor, type RateLimitSnapshot, type RateLimitStats } from './monitor.js';
import type { ResolvedOptions } from './options.js';
import type { Sent } from './pacer.js';
import { isThenable, read, toText } from './safely.js';
import { ServerGate } from './serverGate.js';
import { type Quota, waitTimeOf } from './waitTime.js';
import { isRead } from './wrapMethods.js';

/** What is retried: something that starts a call. */
export type Operation<T> = () => PromiseLike<T> | T;

/** Who runs bulk work. */
export interface BulkHost {
    /** Makes of a call's context that of a part of bulk work; `undefined` for any other call. */
    adopt(context: CallContext): CallContext | undefined;
    /** The service is disposed. */
    end(): void;
}

/** The life of the calls of a service: each is sent when it is its turn, and again when the server refuses it. */
export class Dispatcher {
    readonly options: ResolvedOptions;
    readonly monitor: Monitor;
    readonly #circuit: Circuit;
    readonly #gate: ServerGate;
    readonly #queue: CallQueue<Call, Probe>;
    /** While there is bulk work. */
    #host: BulkHost | undefined;
    #waitingBulk = 0;
    #waitingReads = 0;

    constructor(options: ResolvedOptions) {
        const clock = steadyClock(options.clock, () => this.#gate.isTroubled);
        this.options = { ...options, clock };
        this.monitor = new Monitor(options.logger, now => this.#takeSnapshot(now));
        this.#circuit = new Circuit(this.options, this.monitor);
        this.#gate = new ServerGate(this.#circuit, () => clock.random());
        this.#queue = new CallQueue(clock, {
            opensAt: call => this.#gate.opensAt(call),
            leave: now => this.#gate.leave(now),
            timeout: call => this.#timeOut(call),
            changed: ({ context }, by) => {
                if (context.priority === 'bulk') this.#waitingBulk += by;
                else if (isRead(context.operation)) this.#waitingReads += by;
                this.monitor.changed();
            },
        });
    }

    now(): number {
        return this.options.clock.now();
    }

    get state(): CircuitBreakerState {
        return this.#circuit.describe(this.now());
    }

    get snapshot(): RateLimitSnapshot {
        return this.monitor.snapshotAt(this.now());
    }

    get stats(): RateLimitStats {
        return { ...this.monitor.counters, waiting: this.#queue.size };
    }

    /** Until when bulk work waits for more of the quota that the server has told. */
    get spentUntil(): number {
        return this.#gate.spentUntil;
    }

    /**
     * Sends a call, and again when the server refuses it. What `operation` returns is passed on as it is when it is no
     * promise, for the decorator.
     */
    run<T>(operation: Operation<T>, context: CallContext): Promise<T> | T {
        const own = this.#host?.adopt(context) ?? context;
        const { turn, priority } = own;
        const isAborted = own.signal?.aborted;
        if (isAborted) this.giveBack(turn);
        // A healthy service has no queue.
        const isPaced = this.#gate.isTroubled && !turn;
        if (isAborted || (isPaced && !this.#gate.isClear(this.now(), priority === 'bulk'))) {
            return this.complete(operation, own);
        }
        const started = start(operation);
        if (!isThenable(started)) {
            this.giveBack(turn);
            return started;
        }
        if (isPaced) this.#gate.leave(this.now());
        return this.complete(operation, own, Promise.resolve(started));
    }

    /**
     * The life of a call.
     *
     * @param started its first attempt, when that has left already
     */
    complete<T>(operation: Operation<T>, context: CallContext, started?: Promise<T>): Promise<T> {
        const call = createCall(context);
        this.monitor.counters.calls++;
        if (context.priority !== 'bulk') this.#gate.countInteractive(1);
        if (!started) return this.#send(operation, call);
        this.#leave(call);
        return this.#awaitAnswer(operation, call, context.turn?.probe ?? 0, started);
    }

    /** Waits until the call may be sent. Returns the probe when the call is one. */
    async awaitTurn(call: Call): Promise<Probe> {
        const { signal, bulk } = call.context;
        const { notBefore } = call;
        const now = this.now();
        const rank = this.#gate.rankOf(call, now);
        call.waitingSince = now;
        const deadline = bulk ? Number.POSITIVE_INFINITY : now + this.options.maxElapsedMs - call.waitedMs;
        try {
            if (bulk?.signal.aborted) throw bulk.notSent;
            signal?.throwIfAborted();
            if (!bulk && this.#circuit.describe(now).isOpen) throw this.#failure('reject', call);
            if (Math.max(notBefore, this.#gate.pausedUntil) > deadline) throw this.#timeOut(call);
            return await this.#queue.wait({ call, rank, notBefore, deadline, signal });
        } finally {
            call.waitedMs += this.now() - now;
            call.waitingSince = undefined;
        }
    }

    /** A turn was not used: if it is that of the probe, another call may have it. */
    giveBack(turn: Turn | undefined): void {
        if (turn && this.isProbe(turn)) this.#circuit.abandonProbe();
    }

    /** Whether a turn is that of the probe that decides. */
    isProbe({ probe }: Turn): boolean {
        return this.#circuit.isCurrent(probe);
    }

    /** Something was refused that is part of bulk work, and that this service did not send. */
    refuseItem(item: Call, refusal: unknown): void {
        item.attempts++;
        item.sequence = this.#gate.sent;
        this.#refused(item, 0, refusal);
    }

    /**
     * Bulk work begins, paced from the start, or ends.
     *
     * @param host tells which calls are part of it while it lasts
     */
    setBulk(host: BulkHost | undefined): void {
        this.#host = host;
        this.#gate.setBulk(this.now(), host !== undefined);
        this.#review();
    }

    /** Ends the waits of bulk work that was cancelled, and looks again at who may leave. */
    sweepBulk(): void {
        this.#queue.rejectAll(
            ({ context }) => (context.bulk as BulkSession).notSent,
            ({ context: { bulk } }) => bulk?.signal.aborted,
        );
    }

    /**
     * The server asked for a pause, in milliseconds: no call of this service leaves before it is over. When that is far
     * off, there is no point in waiting for it. `rateLimitFetch` tells the service with this what it sees.
     */
    pause(waitMs: number, now = this.now(), refused?: Sent): void {
        const { respectRetryAfter, maxDelayMs, circuitResetMs } = this.options;
        const until = now + waitMs;
        if (!respectRetryAfter || !this.#gate.pause(now, until, refused)) return;
        this.monitor.emit('pause', { until });
        const { status } = this.#circuit.describe(now);
        if (waitMs > maxDelayMs || status === 'open') {
            // With a probe on its way it may come ahead of the refusal of that.
            const isProbing = status === 'half-open' && this.#circuit.passesAt > now;
            this.#open(now, isProbing ? Math.max(until, now + circuitResetMs) : until);
        }
    }

    /** The server told what is left of its quota: paced calls keep within it. */
    limit(quota: Quota): void {
        const { respectRetryAfter, maxDelayMs } = this.options;
        if (respectRetryAfter) this.#gate.limit(this.now(), quota, maxDelayMs);
    }

    /** Somebody has begun to listen, or stopped. */
    listenersChanged(): void {
        this.#circuit.listenersChanged(this.now());
    }

    /** Forgets what the server has said, and lets waiting calls go on. */
    reset(): void {
        this.#gate.reset(this.now());
        this.#circuit.reset();
        this.monitor.changed();
        this.#queue.hurry();
    }

    dispose(): void {
        this.#host?.end();
        const reason = new DOMException('Disposed', 'AbortError');
        this.#queue.rejectAll(() => reason);
        this.monitor.dispose();
        // Last: a listener that hears of the ends of waits may have begun to listen again.
        this.#circuit.stop();
    }

    /** Sends a call when it is its turn. */
    async #send<T>(operation: Operation<T>, call: Call): Promise<T> {
        const { turn } = call.context;
        let probe: Probe;
        try {
            turn?.onWay?.(false);
            probe = await this.awaitTurn(call);
        } catch (reason) {
            if (!call.hasFailed) this.monitor.ended(call, 'aborted');
            this.#settle(call);
            throw reason;
        }
        turn?.onWay?.(true);
        this.#leave(call);
        return this.#awaitAnswer(operation, call, probe, start(operation));
    }

    /** An attempt of a call leaves. */
    #leave(call: Call): void {
        call.attempts++;
        call.sequence = ++this.#gate.sent;
        // Only asked for while there is a pace, and the clock would be a fifth of what a healthy call costs.
        call.sentAt = this.#gate.isTroubled ? this.now() : 0;
    }

    /** What becomes of an attempt. With callbacks, since an async function would cost each healthy call more. */
    #awaitAnswer<T>(operation: Operation<T>, call: Call, probe: Probe, sent: PromiseLike<T> | T): Promise<T> {
        const { signal, partOf } = call.context;
        return Promise.resolve(sent).then(
            value => {
                if (this.options.isRefusedResult(value)) return this.#retryOrFail(operation, call, probe, value);
                partOf?.onValue?.(value);
                const isAborted = signal?.aborted && isUnanswered(value);
                // What was no promise has asked nobody. While all is well it makes no difference.
                const isAnswer = this.#gate.isTroubled && isThenable(sent) && !isUnanswered(value);
                this.#ended(call, probe, isAborted ? 'aborted' : 'succeeded', isAnswer);
                this.#settle(call);
                return value;
            },
            error => {
                if (this.options.isRefusal(error)) return this.#retryOrFail(operation, call, probe, error);
                const isAborted = signal?.aborted || read(error, 'name') === 'AbortError';
                // What another service has given up on is no answer either.
                const isAnswer = !isAborted && !isUnheard(error) && !isOwnError(error);
                this.#ended(call, probe, isAborted ? 'aborted' : 'failed', isAnswer);
                this.#settle(call);
                throw error;
            },
        );
    }

    /** A refused call is sent again, or fails. */
    #retryOrFail<T>(operation: Operation<T>, call: Call, probe: Probe, refusal: unknown): Promise<T> {
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
        // It may have failed, and the others need not wait for its answer. While it is counted, none of them is alone.
        if (this.#queue.size > 0) this.#queue.pump();
        if (context.priority !== 'bulk') this.#gate.countInteractive(-1);
    }

    /** Of an aborted call the answer, if there was one, counts for nothing. */
    #ended(call: Call, probe: Probe, outcome: 'succeeded' | 'failed' | 'aborted', isAnswer: boolean): void {
        if (call.context.turn?.isTaken) {
            this.monitor.counters.calls--;
            return;
        }
        if (this.#gate.isTroubled) {
            if (isAnswer) this.#gate.answered(call, probe);
            else this.#gate.unanswered(call, probe);
            this.#review();
        }
        this.monitor.ended(call, outcome);
    }

    /** Looks whether all is well again. */
    #review(): void {
        this.#gate.review(this.now(), this.#queue.size);
        this.monitor.changed();
    }

    /** A 429: the call has another try, from `call.notBefore` on, or it has failed. */
    #refused(call: Call, probe: Probe, refusal: unknown): void {
        const { maxDelayMs, respectRetryAfter, circuitResetMs } = this.options;
        const now = this.now();
        call.cause = refusal;
        this.#gate.isTroubled = true;
        const { signal, bulk } = call.context;
        this.monitor.counters.rateLimited++;
        if (bulk) bulk.rateLimited++;

        const askedMs = (respectRetryAfter && waitTimeOf(refusal, now)) || 0;
        const isProbe = this.#circuit.isCurrent(probe);
        const isFinal = isProbe || (!bulk && (askedMs > maxDelayMs || this.#circuit.describe(now).isOpen));
        if (isFinal && !signal?.aborted) {
            this.#circuit.fail(now);
            if (isProbe) this.#open(now, Math.max(now + askedMs, now + circuitResetMs, this.#gate.pausedUntil));
        }
        if (askedMs > 0) this.pause(askedMs, now, call);
        // Calls have few retries, and do not wait for longer than they would alone.
        this.#gate.refused(now, call, bulk ? undefined : backoffMs(call.attempts, this.options));
        if (signal?.aborted) {
            this.#ended(call, probe, 'aborted', false);
            throw signal.reason;
        }
        if (bulk) this.#retryInTurn(call, bulk, now);
        else if (isFinal) throw this.#failure('exhausted', call, true);
        else this.#retry(call, now);
    }

    #retry(call: Call, now: number): void {
        const { maxRetries, maxElapsedMs } = this.options;
        const { attempts: attempt, names } = call;
        const delayMs = retryDelayMs(attempt - 1, this.#gate.pausedUntil - now, this.options);
        const isOver = attempt > maxRetries || call.waitedMs + delayMs > maxElapsedMs;
        if (isOver) throw this.#giveUp(call, true);
        call.notBefore = now + delayMs;
        const retry = { ...names, attempt, maxRetries, delayMs };
        const details = `${Math.round(delayMs)}ms (attempt ${attempt}/${maxRetries})`;
        this.monitor.log('warn', `Rate limit detected. Retrying in ${details}`, retry);
        this.monitor.emit('retry', retry);
    }

    /** Bulk work has as many retries as it takes, and goes when the pace lets it. */
    #retryInTurn({ attempts: attempt, names }: Call, bulk: BulkSession, now: number): void {
        bulk.retries++;
        const delayMs = Math.max(this.#gate.bulkOpensAt - now, 0);
        this.monitor.emit('retry', { ...names, attempt, maxRetries: Number.POSITIVE_INFINITY, delayMs });
    }

    /** A wait that took too long says nothing of the server, unless that refused the call and has answered nothing since. */
    #timeOut(call: Call): RateLimitError {
        return this.#giveUp(call, this.#gate.isSilentSince(call));
    }

    /** The call has no retries or no time left. */
    #giveUp(call: Call, isRefused: boolean): RateLimitError {
        const now = this.now();
        this.monitor.log('error', 'Max retries exceeded', { ...call.names, attempts: call.attempts });
        const opens = isRefused && this.#circuit.fail(now);
        if (opens) this.#open(now, Math.max(now + this.options.circuitResetMs, this.#gate.pausedUntil));
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
        const { openUntil } = this.#circuit.describe(now);
        const code = opens || openUntil ? 'RATE_LIMIT_CIRCUIT_OPEN' : 'RATE_LIMIT_MAX_RETRIES_EXCEEDED';
        const readyAt = openUntil ?? now + backoffMs(attempts, this.options);
        const retryAfterMs = Math.max(readyAt, this.#gate.pausedUntil) - now;
        const details: RateLimitErrorDetails = { code, retryAfterMs, attempts, ...names };
        const error = new RateLimitError({ ...details, message: messageFor(details, context.messages), cause });
        call.hasFailed = true;
        this.monitor.emit(event, { ...endOf(call, now), error });
        return error;
    }

    /** Opens the circuit, or keeps it open for longer, and turns waiting calls away. */
    #open(now: number, until: number): void {
        if (!this.#circuit.open(now, until)) return;
        const { passesAt } = this.#circuit;
        this.#queue.rejectAll(
            call => this.#failure('reject', call, true),
            // A listener may close it meanwhile.
            call => !call.context.bulk && this.#circuit.passesAt === passesAt,
        );
    }

    #takeSnapshot(now: number): RateLimitSnapshot {
        const { timeSinceLastFailure: _, ...circuit } = this.#circuit.describe(now);
        return {
            ...circuit,
            waiting: this.#queue.size,
            waitingBulk: this.#waitingBulk,
            waitingReads: this.#waitingReads,
            pausedUntil: this.#gate.pausedUntil || null,
        };
    }
}

/** What `fetch`, with a `TypeError`, ky, the Edge Functions of supabase-js and axios have for a call without an answer. */
const isUnheard = (error: unknown): boolean =>
    /^(?:Type|Timeout|Network|FunctionsFetch)Error$/.test(toText(read(error, 'name'))) ||
    (read(error, 'isAxiosError') === true && read(error, 'response') === undefined);

/** What supabase-js resolves with when there was no answer. */
function isUnanswered(value: unknown): boolean {
    const error = read(value, 'error');
    return Boolean(error) && (read(value, 'status') === 0 || isUnheard(error));
}

/** An operation that throws on the spot is one that rejects. */
function start<T>(operation: () => T): T | Promise<never> {
    try {
        return operation();
    } catch (error) {
        return Promise.reject(error);
    }
}
