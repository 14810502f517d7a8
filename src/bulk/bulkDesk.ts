import { type BulkSession, type Call, type CallContext, createCall, type Turn } from '../core/call.js';
import { isOwnError } from '../core/detection.js';
import type { BulkHost, Dispatcher } from '../core/dispatcher.js';
import { causesOf, read } from '../core/safely.js';
import type { RateLimitService } from '../core/service.js';

/** What `run` rejects with when an item may not leave. It had no answer, as any call that was aborted. */
export const HELD = new DOMException('The connection is down', 'AbortError');

interface DeskOptions {
    refusal?: unknown;
    isHeld?: (() => boolean) | undefined;
    onValue?: Turn['onValue'];
    onWay?: Turn['onWay'];
}

/** An item under way. */
interface Item {
    readonly session: BulkSession;
    readonly turn: Turn;
    /** The refusals of its run when it left. */
    readonly rateLimited: number;
    /** The turn as that of the whole worker, while it is under way and has made no call on the spot. */
    whole?: Turn | undefined;
}

/**
 * For so many turns of the queue of microtasks a worker that has made no call yet may make it without its signal: wrappers
 * such as the lifecycle callbacks of react-admin await something that is there already. No event comes in between.
 */
const EARLY_TICKS = 16;

const DESKS = new WeakMap<RateLimitService, BulkDesk>();

/** The bulk work of a service: lets items leave in turn, and knows which calls of their workers are part of them. */
export class BulkDesk implements BulkHost {
    readonly #dispatcher: Dispatcher;
    /** Runs under way, by their signal. */
    readonly #sessions = new Map<AbortSignal, BulkSession>();
    /** Items, by the signal that their workers pass on. */
    readonly #items = new WeakMap<AbortSignal, Item>();
    /** Those of items under way, and their runs. */
    readonly #controllers = new Map<AbortController, BulkSession>();
    /** The turn of an item while its worker is being called: the first call that it makes leaves with it. */
    #offer: Item | undefined;
    /** Items whose worker was called a moment ago and has made no call yet. */
    readonly #early = new Set<Item>();
    /**
     * The turn of an item whose worker has made no call yet, in a half-open circuit: no other call may leave before its
     * end, and it may be the worker that is about to make one. The next one takes it.
     */
    #spare: Turn | undefined;

    constructor(service: RateLimitService) {
        this.#dispatcher = service.dispatcher;
    }

    static of(service: RateLimitService): BulkDesk {
        const desk = DESKS.get(service) ?? new BulkDesk(service);
        DESKS.set(service, desk);
        return desk;
    }

    /** A run begins. Returns a function to call at its end. */
    begin(session: BulkSession): () => void {
        const { signal } = session;
        const cancel = () => {
            for (const [controller, { signal }] of this.#controllers) {
                if (signal.aborted) controller.abort(signal.reason);
            }
            this.#dispatcher.sweepBulk();
        };
        signal.addEventListener('abort', cancel);
        this.#sessions.set(signal, session);
        this.#dispatcher.setBulk(this);
        return () => {
            signal.removeEventListener('abort', cancel);
            this.#sessions.delete(signal);
            if (this.#sessions.size === 0) this.#dispatcher.setBulk(undefined);
        };
    }

    /** Whether what a call rejects with is the rate limit: a 429, or what a service says that has given up. */
    isRefused(error: unknown): boolean {
        return ownErrorIn(error) !== undefined || this.#dispatcher.options.isRefusal(error);
    }

    /**
     * Waits for the turn of an item, calls its worker, and again for as long as the rate limit is in the way. Calls of the
     * same service that the worker makes wait and repeat by themselves, the first without a turn of its own.
     *
     * @param worker gets a signal that aborts with that of the run
     * @param refusal that of an attempt which was made without a turn
     * @param isHeld whether it may not leave, for all its turn: then `HELD` is thrown
     * @param onValue told what each call of the worker has resolved with
     * @param onWay told when the first call of the worker has been refused and waits, and when it leaves again
     */
    async run<T>(
        worker: (signal: AbortSignal) => PromiseLike<T> | T,
        session: BulkSession,
        { refusal, isHeld, onValue, onWay }: DeskOptions = {},
    ): Promise<T> {
        const dispatcher = this.#dispatcher;
        const item = createCall(contextOf(session));
        if (refusal !== undefined) this.#refused(item, refusal);
        for (;;) {
            const turn: Turn = { probe: await dispatcher.awaitTurn(item), onValue, onWay };
            if (isHeld?.()) {
                dispatcher.giveBack(turn);
                throw HELD;
            }
            const controller = new AbortController();
            this.#controllers.set(controller, session);
            const work = () => worker(controller.signal);
            const offer: Item = { session, turn, rateLimited: session.rateLimited };
            this.#items.set(controller.signal, offer);
            this.#offer = offer;
            const started = call(work);
            const isTaken = this.#offer !== offer;
            this.#offer = undefined;
            if (!isTaken) this.#spare = turn;
            try {
                if (!isTaken) {
                    offer.whole = { ...turn };
                    void this.#keepEarly(offer);
                    return await dispatcher.complete(work, { ...item.context, turn: offer.whole }, started);
                }
                const value = await started;
                if (!dispatcher.options.isRefusedResult(value)) return value;
                dispatcher.refuseItem(item, value);
            } catch (error) {
                if (!this.isRefused(error)) throw error;
                this.#refused(item, error);
            } finally {
                this.#controllers.delete(controller);
                offer.whole = undefined;
                this.#early.delete(offer);
                if (this.#spare === turn) this.#spare = undefined;
            }
        }
    }

    #refused(item: Call, error: unknown): void {
        const own = ownErrorIn(error);
        if (own === undefined) this.#dispatcher.refuseItem(item, error);
        else {
            // What the service knew as part of the item does not give up: it was another call, or one of another service.
            (item.context.bulk as BulkSession).retries++;
            // One that somebody has made up, or revived, may not tell.
            item.notBefore = this.#dispatcher.now() + (Number(read(own, 'retryAfterMs')) || 0);
        }
    }

    /** @internal */
    adopt(context: CallContext): CallContext | undefined {
        const offer = this.#offer;
        this.#offer = undefined;
        const item = context.signal ? this.#items.get(context.signal) : offer ? undefined : this.#takeEarly();
        const signalOfRun = item?.session.signal ?? context.signal;
        const passed = signalOfRun && this.#sessions.get(signalOfRun);
        const session = offer?.session ?? passed;
        const turn = offer?.turn ?? this.#takeLate(item) ?? this.#takeSpare();
        if (!session) return turn && { ...context, turn };
        const signal = passed ? undefined : context.signal;
        const partOf = (offer ?? item)?.turn;
        return { ...context, ...contextOf(session), turn, partOf, signal };
    }

    /** No item of the runs under way leaves any more. */
    end(): void {
        for (const session of this.#sessions.values()) session.cancel();
    }

    async #keepEarly(item: Item): Promise<void> {
        this.#early.add(item);
        for (let tick = 0; tick < EARLY_TICKS; tick++) await undefined;
        this.#early.delete(item);
    }

    #takeEarly(): Item | undefined {
        const [item] = this.#early;
        if (item) this.#early.delete(item);
        return item;
    }

    /** The turn of an item whose worker comes to its first call now, unless something has come in the way since. */
    #takeLate(item: Item | undefined): Turn | undefined {
        const whole = item?.whole;
        if (!whole || whole.isTaken || whole.probe > 0) return undefined;
        const { signal, rateLimited } = item.session;
        const { status, pausedUntil } = this.#dispatcher.snapshot;
        const isLimited =
            rateLimited > item.rateLimited || status !== 'closed' || (pausedUntil ?? 0) > this.#dispatcher.now();
        if (isLimited || signal.aborted) return undefined;
        whole.isTaken = true;
        return item.turn;
    }

    #takeSpare(): Turn | undefined {
        const spare = this.#spare;
        this.#spare = undefined;
        // Its item may have been refused since.
        if (!spare || !this.#dispatcher.isProbe(spare)) return undefined;
        return { probe: spare.probe };
    }
}

/** The signal of the run ends the waits of all its calls at once, not one by one. */
const contextOf = (bulk: BulkSession): CallContext => ({ bulk, priority: 'bulk', signal: undefined });

/** Also one that a worker has made the cause of its own. */
const ownErrorIn = (error: unknown): unknown => causesOf(error).find(isOwnError);

/** A worker that throws on the spot is one that rejects. */
const call = async <T>(worker: () => PromiseLike<T> | T): Promise<T> => worker();
