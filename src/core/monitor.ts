import type { Call } from './call.js';
import type { CircuitBreakerState } from './circuitBreaker.js';
import type { RateLimitEventName, RateLimitEvents } from './events.js';
import type { Logger } from './logger.js';

/** What a screen shows: the same object until something changes. Moments are milliseconds since the epoch. */
export interface RateLimitSnapshot extends Omit<CircuitBreakerState, 'timeSinceLastFailure'> {
    /** Calls waiting for their turn or for their next retry. */
    waiting: number;
    /** The end of the last pause that the server asked for, `null` if it has asked for none. */
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
    /** Calls ended by their signal. */
    aborted: number;
    /** How often the circuit opened. */
    opened: number;
    /** Calls waiting now. */
    waiting: number;
}

type Counter = Exclude<keyof RateLimitStats, 'waiting'>;

type Listener<Name extends RateLimitEventName> = (event: RateLimitEvents[Name]) => void;

/** The events that are counted, and as what. */
const COUNTED: { readonly [Name in RateLimitEventName]?: Counter } = {
    success: 'succeeded',
    retry: 'retries',
    exhausted: 'exhausted',
    reject: 'rejected',
    open: 'opened',
};

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
    readonly #takeSnapshot: () => RateLimitSnapshot;
    readonly #listeners = new Map<RateLimitEventName, Set<Listener<never>>>();
    readonly #subscribers = new Set<() => void>();
    #snapshot: RateLimitSnapshot | undefined;

    constructor(logger: Logger | false, takeSnapshot: () => RateLimitSnapshot) {
        this.#logger = logger;
        this.#takeSnapshot = takeSnapshot;
    }

    get snapshot(): RateLimitSnapshot {
        this.#snapshot ??= this.#takeSnapshot();
        return this.#snapshot;
    }

    subscribe(listener: () => void): () => void {
        return added(this.#subscribers, () => listener());
    }

    on<Name extends RateLimitEventName>(name: Name, listener: Listener<Name>): () => void {
        const listeners = this.#listeners.get(name) ?? new Set();
        this.#listeners.set(name, listeners);
        return added<Listener<never>>(listeners, (event: RateLimitEvents[Name]) => listener(event));
    }

    /** The event of most calls, which is only made where somebody listens. */
    succeeded({ names, attempts }: Call): void {
        if (this.#listeners.has('success')) this.emit('success', { ...names, attempts });
        else this.counters.succeeded++;
    }

    /** Counts an event and tells its listeners. */
    emit<Name extends RateLimitEventName>(name: Name, event: RateLimitEvents[Name]): void {
        const counter = COUNTED[name];
        if (counter) this.counters[counter]++;
        for (const listener of [...(this.#listeners.get(name) ?? [])] as Listener<Name>[]) {
            this.#shield(() => listener(event));
        }
    }

    /** The snapshot is out of date. */
    changed(): void {
        this.#snapshot = undefined;
        for (const listener of [...this.#subscribers]) this.#shield(listener);
    }

    log(level: keyof Logger, text: string, context: object): void {
        if (!this.#logger) return;
        try {
            this.#logger[level](`[RateLimit] ${text}`, context);
        } catch {
            // A logger that throws must not cost a call; there is nowhere left to tell.
        }
    }

    dispose(): void {
        this.#subscribers.clear();
        this.#listeners.clear();
    }

    /** A listener that throws must not cost a call either. */
    #shield(listener: () => void): void {
        try {
            listener();
        } catch (error) {
            this.log('error', 'A listener threw', { error });
        }
    }
}

/** Adds a function, made for the purpose: one listener may be added twice. Returns what takes it off. */
function added<Entry>(entries: Set<Entry>, entry: Entry): () => void {
    entries.add(entry);
    return () => void entries.delete(entry);
}
