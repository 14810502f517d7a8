import { type Call, endOf } from './call.js';
import type { CircuitBreakerState } from './circuitBreaker.js';
import type { RateLimitEventName, RateLimitEvents } from './events.js';
import type { Logger } from './logger.js';
import { refuse } from './options.js';
import { callSafely } from './safely.js';

/** What a screen shows: the same object until something changes. Moments are milliseconds since the epoch. */
export interface RateLimitSnapshot extends Omit<CircuitBreakerState, 'timeSinceLastFailure'> {
    /** Calls waiting for their turn or for their next retry. */
    waiting: number;
    /** How many of them are part of bulk work, which nobody waits for at a form. */
    waitingBulk: number;
    /** How many of the others are reads of react-admin, such as `getList`, where those are wrapped as well: nobody's changes. */
    waitingReads: number;
    /** The end of the last pause that the server asked for. `null` if it has asked for none, or all is well again. */
    pausedUntil: number | null;
}

/** Counters since the service was made. */
export interface RateLimitStats {
    /** Calls made. */
    calls: number;
    /** Calls that resolved. */
    succeeded: number;
    /** Calls that rejected with an error of their own, not a 429. */
    failed: number;
    /** Answers that were a 429. */
    rateLimited: number;
    /** Calls sent again. */
    retries: number;
    /** Calls that failed because of the rate limit. */
    exhausted: number;
    /** Calls turned away by the open circuit. */
    rejected: number;
    /** Calls ended by their signal, by that of the bulk work that they are part of, or by `dispose()`. */
    aborted: number;
    /** How often the circuit opened. */
    opened: number;
    /** Calls waiting now. */
    waiting: number;
}

type Counter = Exclude<keyof RateLimitStats, 'waiting'>;

type Listener = (event: unknown) => unknown;

/** The listeners of the snapshot, kept beside those of the events. */
const CHANGE = 'change';

/** All events, and as what each is counted. */
const COUNTED: { readonly [Name in RateLimitEventName]: Counter | undefined } = {
    retry: 'retries',
    success: undefined,
    exhausted: 'exhausted',
    reject: 'rejected',
    open: 'opened',
    halfOpen: undefined,
    close: undefined,
    pause: undefined,
};

export const EVENT_NAMES = Object.keys(COUNTED) as RateLimitEventName[];

/** Everything that the outside hears of a service: counters, log lines, events and the snapshot for screens. */
export class Monitor {
    readonly counters: Record<Counter, number> = {
        calls: 0,
        succeeded: 0,
        failed: 0,
        rateLimited: 0,
        retries: 0,
        exhausted: 0,
        rejected: 0,
        aborted: 0,
        opened: 0,
    };
    readonly #logger: Logger | false;
    readonly #takeSnapshot: (now: number) => RateLimitSnapshot;
    readonly #listeners = new Map<RateLimitEventName | typeof CHANGE, Set<Listener>>();
    #snapshot: RateLimitSnapshot | undefined;

    constructor(logger: Logger | false, takeSnapshot: (now: number) => RateLimitSnapshot) {
        this.#logger = logger;
        this.#takeSnapshot = takeSnapshot;
    }

    /** The same object until something changes: an event, the queue, or the end of the open period. */
    snapshotAt(now: number): RateLimitSnapshot {
        const { openUntil } = this.#snapshot ?? {};
        if (openUntil && now >= openUntil) this.#snapshot = undefined;
        this.#snapshot ??= this.#takeSnapshot(now);
        return this.#snapshot;
    }

    subscribe(listener: () => void): () => void {
        return this.#add(CHANGE, () => listener());
    }

    /** @throws {TypeError} when there is no such event, or the listener is no function */
    on<Name extends RateLimitEventName>(name: Name, listener: (event: RateLimitEvents[Name]) => void): () => void {
        if (!EVENT_NAMES.includes(name)) refuse('event', `one of ${EVENT_NAMES.join(', ')}`, name);
        if (typeof listener !== 'function') refuse('listener', 'a function', listener);
        return this.#add(name, event => listener(event as RateLimitEvents[Name]));
    }

    /** Counts the end of a call, and tells it. It changes nothing that a screen shows. */
    ended(call: Call, outcome: 'succeeded' | 'failed' | 'aborted'): void {
        this.counters[outcome]++;
        if (outcome !== 'succeeded') this.#call(CHANGE);
        else if (this.#listeners.has('success')) this.#call('success', endOf(call));
    }

    /** Counts an event and tells its listeners, and those of the snapshot. */
    emit<Name extends RateLimitEventName>(name: Name, event: RateLimitEvents[Name]): void {
        const counter = COUNTED[name];
        if (counter) this.counters[counter]++;
        this.changed();
        this.#call(name, event);
    }

    /** The snapshot is out of date. */
    changed(): void {
        this.#snapshot = undefined;
        this.#call(CHANGE);
    }

    log(level: keyof Logger, text: string, context: object): void {
        const logger = this.#logger;
        if (!logger) return;
        callSafely(
            () => logger[level](`[RateLimit] ${text}`, context),
            () => {}, // there is nowhere left to tell
        );
    }

    /** Whether anybody would hear of an event, by itself or from the snapshot. */
    hears(name: RateLimitEventName): boolean {
        return ([name, CHANGE] as const).some(key => this.#listeners.get(key)?.size);
    }

    dispose(): void {
        this.#listeners.clear();
    }

    /** @param listener a function of its own: what was added twice is called twice, and taken off one by one */
    #add(name: RateLimitEventName | typeof CHANGE, listener: Listener): () => void {
        const listeners = this.#listeners.get(name) ?? new Set();
        this.#listeners.set(name, listeners.add(listener));
        return () => void listeners.delete(listener);
    }

    #call(name: RateLimitEventName | typeof CHANGE, event?: unknown): void {
        for (const listener of [...(this.#listeners.get(name) ?? [])]) {
            callSafely(
                () => listener(event),
                error => this.log('error', 'A listener threw', { error }),
            );
        }
    }
}
