import { type BulkSession, type CallContext, createCall } from '../core/call.js';
import type { Probe } from '../core/circuitBreaker.js';
import { RateLimitError } from '../core/errors.js';
import type { RateLimitService } from '../core/service.js';

const DESKS = new WeakMap<RateLimitService, BulkDesk>();

/** The bulk work of a service: lets items leave in turn, and knows which calls of their workers are part of them. */
export class BulkDesk {
    readonly #service: RateLimitService;
    /** Runs under way, by the signal that their workers pass on. */
    readonly #sessions = new Map<AbortSignal, BulkSession>();
    /** The turn of an item while its worker is being called: the first call that it makes leaves with it. */
    #offer: { session: BulkSession; probe: Probe } | undefined;

    constructor(service: RateLimitService) {
        this.#service = service;
    }

    static of(service: RateLimitService): BulkDesk {
        const desk = DESKS.get(service) ?? new BulkDesk(service);
        DESKS.set(service, desk);
        return desk;
    }

    /** A run begins. Returns a function to call at its end. */
    begin(session: BulkSession): () => void {
        const { signal } = session;
        const cancel = () => this.#service.sweepBulk();
        signal.addEventListener('abort', cancel);
        this.#sessions.set(signal, session);
        this.#service.setBulk(this.#adopt);
        return () => {
            signal.removeEventListener('abort', cancel);
            this.#sessions.delete(signal);
            if (this.#sessions.size === 0) this.#service.setBulk(undefined);
        };
    }

    /** Looks again at who may leave. */
    wake(): void {
        this.#service.sweepBulk();
    }

    /**
     * Waits for the turn of an item, calls its worker, and again for as long as the rate limit is in the way. Calls of the
     * same service that the worker makes wait and repeat by themselves, the first without a turn of its own.
     */
    async run<T>(worker: () => PromiseLike<T> | T, session: BulkSession): Promise<T> {
        const item = createCall(contextOf(session));
        for (;;) {
            const probe = await this.#service.turn(item);
            const offer = { session, probe };
            this.#offer = offer;
            const started = call(worker);
            const isTaken = this.#offer !== offer;
            this.#offer = undefined;
            try {
                return await (isTaken ? started : this.#service.complete(worker, { ...item.context, probe }, started));
            } catch (error) {
                // A call that was not known as part of the item gave up: the item does not.
                if (!(error instanceof RateLimitError)) throw error;
                session.retries++;
                item.notBefore = this.#service.now() + error.retryAfterMs;
            }
        }
    }

    readonly #adopt = (context: CallContext): CallContext | undefined => {
        const offer = this.#offer;
        this.#offer = undefined;
        const session = offer?.session ?? (context.signal && this.#sessions.get(context.signal));
        return session && { ...context, ...contextOf(session), probe: offer?.probe };
    };
}

/** The signal of the run ends the waits of all its calls at once, not one by one. */
const contextOf = (bulk: BulkSession): CallContext => ({ bulk, priority: 'bulk', signal: undefined });

/** A worker that throws on the spot is one that rejects. */
const call = async <T>(worker: () => PromiseLike<T> | T): Promise<T> => worker();
