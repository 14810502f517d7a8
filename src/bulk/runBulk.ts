import { refuse } from '../core/options.js';
import { read } from '../core/safely.js';
import { isService, RateLimitService } from '../core/service.js';
import { BulkRunner } from './bulkRunner.js';
import { COUNT, checkIterable, checkRules, FUNCTION, NUMBER, type OptionRules } from './optionRules.js';

/** What a worker is told beside its item. */
export interface BulkContext {
    /** The place of the item among all, from 0. Of a batch, that of its first item. */
    index: number;
    /**
     * Aborts when the run is cancelled. Pass it on to calls of a wrapped data provider that a worker makes after its first
     * `await`: they are then known as bulk work.
     */
    signal: AbortSignal;
}

/** How an item ended. */
export type BulkItemResult<Item, Value = unknown> =
    | { index: number; item: Item; outcome: 'succeeded'; value: Value }
    | BulkItemError<Item>;

/** An item that did not get in, or of which nobody knows. */
export interface BulkItemError<Item> {
    index: number;
    item: Item;
    error: unknown;
    /** `unknown`: sent, and no answer told what became of it. */
    outcome: 'failed' | 'unknown';
}

export interface BulkCounts {
    succeeded: number;
    failed: number;
    /** Items that were sent, and no answer told what became of them. */
    unknown: number;
    /** Answers that were a 429. */
    rateLimited: number;
    /** Items or batches sent again. */
    retries: number;
}

export interface BulkProgress extends BulkCounts {
    /** `paused`: by `pause()`, or by what `waitsFor` tells. */
    status: 'running' | 'paused';
    /** Items that have ended, however. */
    processed: number;
    /** How many items there are, when that is known. */
    total?: number | undefined;
    /** Items a second, over the last seconds. */
    ratePerSecond: number;
    /** Milliseconds until the last item is in, when that can be told. */
    etaMs?: number | undefined;
    /** When a pause ends by itself, in milliseconds since the epoch. */
    resumesAt?: number | undefined;
    /** What it waits for until then: the server's limit or circuit, a connection to it, or a session that has expired. */
    waitsFor?: 'server' | 'connection' | 'session' | undefined;
}

export interface BulkResult<Item> extends BulkCounts {
    status: 'done' | 'cancelled';
    /** How many items there were: those read, or the option `total` where the run was cancelled before it had read as many. */
    total: number;
    /** Items that were not sent, or were refused, before the run was cancelled. */
    notAttempted: number;
    /** From the start to the end of the run, pauses included. */
    durationMs: number;
    /** By place. */
    errors: BulkItemError<Item>[];
}

export interface BulkOptions<Item, Value = unknown, Prepared = Item> {
    /** Whose pace, circuit and pauses apply. @default one of its own */
    service?: RateLimitService | undefined;
    /** Items, or batches, under way at the same time. An integer, 1 or more. @default 20 */
    concurrency?: number | undefined;
    /**
     * The most items in one call of the worker, which then gets an array. A batch that fails for its items' own sake is
     * split in halves until the bad ones stand alone. An integer, 1 or more.
     * @default none: the worker gets one item
     */
    batchSize?: number | undefined;
    /**
     * Makes of an item what the worker gets: transforms and checks it. Called once an item, whatever is repeated
     * afterwards; again only when it asked a server that refused it, whose session had expired or, in an `idempotent` run,
     * that did not answer. Any other error fails that item alone, without a request.
     */
    prepare?: ((item: Item, context: BulkContext) => Prepared | PromiseLike<Prepared>) | undefined;
    /**
     * The worker is safe to repeat, such as an upsert on a key made by the client: then a network error is retried.
     * Without it such an item is reported as `unknown`.
     * @default false
     */
    idempotent?: boolean | undefined;
    /** Cancels the run: items under way are awaited, the others not attempted. */
    signal?: AbortSignal | undefined;
    /** How many items there will be, where the iterable does not tell. 0 or more. @default its length or size */
    total?: number | undefined;
    /** Told a few times a second, when the run pauses or goes on, and at its end. An error of it is logged and costs nothing. */
    onProgress?: ((progress: BulkProgress) => void) | undefined;
    /**
     * Knows of items beyond this run.
     * @internal
     */
    journal?: BulkJournal<Item, Prepared> | undefined;
    /** Told of each item once, when it has ended. An error of it is logged and costs nothing. */
    onResult?: ((result: BulkItemResult<Item, Value>) => void) | undefined;
}

/** What outlasts a run that is broken off, and is there for the next one. */
export interface BulkJournal<Item, Prepared> {
    /**
     * Told of items whose request has been refused and waits, and when it leaves again: where the worker's call is one of
     * the service, and made on the spot.
     */
    onWay(items: Prepared[], isOut: boolean): void;
    /** The error of an item that an earlier run has sent without hearing what became of it, `undefined` for any other. */
    lostOf(item: Item): unknown;
    /** Whether an item that fails like this cannot have got in before. */
    rulesOut(error: unknown): boolean;
}

/** A run under way: a promise of its result, which can be paused. */
export interface BulkRun<Item> extends Promise<BulkResult<Item>> {
    /** No further item leaves until `resume()`. Items under way go on. */
    pause(): void;
    /** Lets items leave again. */
    resume(): void;
}

/**
 * Sends many items at the pace that the server accepts, and tells how each of them ended. The rate limit never costs an
 * item: it only makes it wait. Interactive calls of the same service go first.
 *
 * @throws {TypeError} when an argument or option is of the wrong type
 * @throws {RangeError} when an option is out of range
 *
 * @example
 * const { succeeded, errors } = await runBulk(
 *     contacts,
 *     contact => dataProvider.create('contacts', { data: contact }),
 *     { service: rateLimit },
 * );
 */
export function runBulk<Item, Value = unknown, Prepared = Item>(
    items: Iterable<Item> | AsyncIterable<Item>,
    worker: (batch: Prepared[], context: BulkContext) => Value | PromiseLike<Value>,
    options: BulkOptions<Item, Value, Prepared> & { batchSize: number },
): BulkRun<Item>;
export function runBulk<Item, Value = unknown, Prepared = Item>(
    items: Iterable<Item> | AsyncIterable<Item>,
    worker: (item: Prepared, context: BulkContext) => Value | PromiseLike<Value>,
    options?: BulkOptions<Item, Value, Prepared> & { batchSize?: undefined },
): BulkRun<Item>;
export function runBulk<Item, Value, Prepared>(
    items: Iterable<Item> | AsyncIterable<Item>,
    // biome-ignore lint/suspicious/noExplicitAny: an item or an array of them, as the overloads say
    worker: (item: any, context: BulkContext) => Value | PromiseLike<Value>,
    options: BulkOptions<Item, Value, Prepared> = {},
): BulkRun<Item> {
    checkRules(options, RULES);
    if (typeof worker !== 'function') refuse('worker', 'a function', worker);
    checkIterable('items', items);
    const { service = new RateLimitService(), concurrency = 20, batchSize, signal, total = sizeOf(items) } = options;

    const controller = new AbortController();
    const cancel = () => controller.abort(signal?.reason);
    signal?.addEventListener('abort', cancel);
    if (signal?.aborted) cancel();

    const runner = new BulkRunner<Item, Value, Prepared>(
        items,
        batchSize === undefined ? ([item], context) => worker(item, context) : worker,
        { ...options, service, concurrency, total, controller },
    );
    const result = runner.run().finally(() => signal?.removeEventListener('abort', cancel));
    return Object.assign(result, { pause: () => runner.pause(true), resume: () => runner.pause(false) });
}

const RULES: OptionRules<keyof BulkOptions<unknown>> = {
    service: [['a RateLimitService', isService]],
    concurrency: COUNT,
    batchSize: COUNT,
    prepare: FUNCTION,
    journal: [['an object', value => typeof value === 'object']],
    onProgress: FUNCTION,
    onResult: FUNCTION,
    idempotent: [['a boolean', value => typeof value === 'boolean']],
    signal: [['an AbortSignal', isSignal]],
    total: [NUMBER, ['0 or more', value => (value as number) >= 0, RangeError]],
};

function isSignal(value: unknown): boolean {
    return typeof read(value, 'addEventListener') === 'function' && typeof read(value, 'aborted') === 'boolean';
}

/** How many items an array, a set or a map has. */
function sizeOf(items: object): number | undefined {
    const { length, size } = items as { length?: unknown; size?: unknown };
    return typeof length === 'number' ? length : typeof size === 'number' ? size : undefined;
}
