import type { CallContext } from './call.js';
import type { CircuitBreakerState } from './circuitBreaker.js';
import { Dispatcher, type Operation } from './dispatcher.js';
import type { RateLimitEventName, RateLimitEvents } from './events.js';
import type { RateLimitSnapshot, RateLimitStats } from './monitor.js';
import { type RateLimitOptions, refuse, resolveOptions } from './options.js';

/** Tells a service from anything else, also that of a second copy: an app may load the package as ESM and as CommonJS. */
const BRAND = Symbol.for('ra-rate-limit.service');

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
    /** @internal */
    readonly dispatcher: Dispatcher;

    /**
     * @throws {TypeError} when an option is unknown or of the wrong type
     * @throws {RangeError} when an option is out of range
     */
    constructor(options?: RateLimitOptions) {
        this.dispatcher = new Dispatcher(resolveOptions(options));
    }

    /**
     * Calls `operation`, and again when the server refuses it. Resolves or rejects as the operation does, with the very
     * same value or error, unless the rate limit wins.
     *
     * @throws {RateLimitError} when retries or time are used up, or the circuit is open
     * @throws {TypeError} when `operation` is no function, as what has begun cannot be repeated
     */
    executeWithRetry<T>(operation: Operation<T>, context: CallContext = {}): Promise<T> {
        if (typeof operation !== 'function') refuse('operation', 'a function that starts the call', operation);
        return this.dispatcher.run(() => Promise.resolve(operation()), context) as Promise<T>;
    }

    /** The state of the circuit at this moment. */
    getCircuitState(): CircuitBreakerState {
        return this.dispatcher.state;
    }

    /** Counters since the service was made. */
    getStats(): RateLimitStats {
        return this.dispatcher.stats;
    }

    /** Closes the circuit, zeroes its counters, forgets the server's pause and lets waiting calls go on. */
    resetCircuit(): void {
        this.dispatcher.reset();
    }

    /**
     * Listens to an event. Returns a function that stops it. A listener that throws never breaks a call.
     *
     * @throws {TypeError} when there is no such event, or the listener is no function
     */
    on<Name extends RateLimitEventName>(event: Name, listener: (event: RateLimitEvents[Name]) => void): () => void {
        return this.#listening(this.dispatcher.monitor.on(event, listener));
    }

    /** Calls back whenever `getSnapshot` may have a new answer: both together for React's `useSyncExternalStore`. */
    readonly subscribe = (listener: () => void): (() => void) =>
        this.#listening(this.dispatcher.monitor.subscribe(listener));

    /** The state as one object, the same one until something changes. */
    readonly getSnapshot = (): RateLimitSnapshot => this.dispatcher.snapshot;

    /** The current moment of this service's clock, in milliseconds since the epoch. */
    now(): number {
        return this.dispatcher.now();
    }

    /**
     * Clears timers and listeners, ends every wait with an `AbortError`, and cancels bulk work. Calls on their way go on, and
     * it may be used again, as the strict mode of React does.
     */
    dispose(): void {
        this.dispatcher.dispose();
    }

    /** Somebody has begun to listen. Returns a function that stops it. */
    #listening(stop: () => void): () => void {
        this.dispatcher.listenersChanged();
        return () => {
            stop();
            this.dispatcher.listenersChanged();
        };
    }

    /** @internal */
    get [BRAND](): true {
        return true;
    }

    /** What an error calls it that finds it in the wrong place. @internal */
    get [Symbol.toStringTag](): string {
        return 'RateLimitService';
    }
}

export const isService = (value: unknown): value is RateLimitService =>
    (value as RateLimitService | null | undefined)?.[BRAND] === true;

/** @throws {TypeError} when these are no options, or the service that belongs into them */
export function checkNoService(options: unknown): void {
    if (typeof options !== 'object' || options === null || isService(options)) {
        refuse('options', 'an object such as { service }', options);
    }
}

/** @throws {TypeError} when this is no service */
export function checkService(service: unknown): asserts service is RateLimitService {
    if (!isService(service)) refuse('service', 'a RateLimitService', service);
}
