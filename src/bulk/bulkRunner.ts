import type { BulkSession } from '../core/call.js';
import { read } from '../core/safely.js';
import type { RateLimitService } from '../core/service.js';
import { isAmbiguous, isOfItem, isSignedOut, isTooSlow, NotSent, statusOf } from './ambiguity.js';
import { BatchSizer } from './batchSizer.js';
import { BulkDesk } from './bulkDesk.js';
import { BulkReport } from './bulkReport.js';
import { FailedResult, failureIn, isRefusedWrite, unwrap } from './failedResult.js';
import { ItemReader, type Numbered } from './itemReader.js';
import { Patience, type Sendable } from './patience.js';
import type { BulkContext, BulkItemResult, BulkOptions, BulkResult } from './runBulk.js';

/** The options of a run, with their defaults, and a controller of its own. */
export interface RunnerOptions<Item, Value, Prepared> extends BulkOptions<Item, Value, Prepared> {
    service: RateLimitService;
    concurrency: number;
    controller: AbortController;
}

interface Ready<Item, Prepared> extends Numbered<Item>, Sendable {
    readonly prepared: Prepared;
}

const MOST_UNSENT = 500;

/** One run: a few lanes, each of which takes items, sends them, and records how they ended. */
export class BulkRunner<Item, Value, Prepared> {
    readonly #options: RunnerOptions<Item, Value, Prepared>;
    readonly #worker: (items: Prepared[], context: BulkContext) => Value | PromiseLike<Value>;
    readonly #reader: ItemReader<Item>;
    readonly #sizer: BatchSizer;
    readonly #desk: BulkDesk;
    readonly #session: BulkSession;
    readonly #patience: Patience;
    readonly #report: BulkReport<Item, Value>;
    readonly #lanes: Promise<void>[] = [];
    /** How many items could not be prepared since one was sent. */
    #unsent = 0;
    #hasEnded = false;
    /** Why the items could not be read to their end. */
    #broken: { reason: unknown } | undefined;

    constructor(
        items: Iterable<Item> | AsyncIterable<Item>,
        worker: (items: Prepared[], context: BulkContext) => Value | PromiseLike<Value>,
        options: RunnerOptions<Item, Value, Prepared>,
    ) {
        const { service, controller, batchSize = 1 } = options;
        this.#options = options;
        this.#worker = worker;
        this.#reader = new ItemReader(items);
        this.#sizer = new BatchSizer(batchSize);
        this.#desk = BulkDesk.of(service);
        this.#session = {
            signal: controller.signal,
            cancel: () => controller.abort(),
            notSent: new NotSent(),
            isPaused: false,
            rateLimited: 0,
            retries: 0,
        };
        this.#patience = new Patience(service, this.#session, options.idempotent);
        this.#report = new BulkReport(options, this.#session, this.#patience);
        controller.signal.addEventListener('abort', () => this.#reader.abandon());
    }

    /** @param isPaused whether items stay back from now on */
    pause(isPaused: boolean): void {
        if (this.#hasEnded) return;
        this.#session.isPaused = isPaused;
        this.#report.tell();
        this.#options.service.dispatcher.sweepBulk();
    }

    async run(): Promise<BulkResult<Item>> {
        const { service } = this.#options;
        const end = this.#desk.begin(this.#session);
        const unsubscribe = service.subscribe(() => this.#report.tell());
        // Once the caller has the run in hand, which a listener may want to pause.
        queueMicrotask(() => this.#report.tell());
        try {
            this.#openLane();
            // Others open meanwhile.
            for (const lane of this.#lanes) await lane;
            await this.#reader.close();
            if (this.#broken) throw this.#broken.reason;
        } finally {
            // A call of `prepare` that its item did not wait for.
            this.#session.isPaused = false;
            service.dispatcher.sweepBulk();
            end();
            unsubscribe();
            this.#hasEnded = true;
            this.#report.tell(true);
        }
        return this.#report.result(this.#reader.count);
    }

    #openLane(): void {
        if (this.#lanes.length < this.#options.concurrency) this.#lanes.push(this.#takeAndSend());
    }

    /** Takes items and sends them, until there are no more. With each send another lane opens, up to `concurrency`. */
    async #takeAndSend(): Promise<void> {
        try {
            while (!this.#session.signal.aborted) {
                const taken = await this.#reader.take(this.#sizer.size);
                if (taken.length === 0) break;
                if (this.#unsent > MOST_UNSENT) await this.#breathe();
                const sent = this.#prepareAndSend(taken);
                // The answer to a batch tells how large the next may be.
                if (this.#options.batchSize !== undefined) await sent;
                this.#openLane();
                await sent;
            }
        } catch (reason) {
            this.#broken = { reason };
        }
    }

    /** Without a request nothing waits, and the page would have no chance to do anything else. */
    #breathe(): Promise<void> {
        this.#unsent = 0;
        return new Promise(resolve => void this.#options.service.dispatcher.options.clock.setTimeout(resolve, 0));
    }

    async #prepareAndSend(taken: Numbered<Item>[]): Promise<void> {
        const ready = await Promise.all(taken.map(numbered => this.#prepare(numbered)));
        await this.#send(ready.filter(item => item !== undefined));
    }

    async #prepare({ index, item }: Numbered<Item>): Promise<Ready<Item, Prepared> | undefined> {
        const { prepare, journal } = this.#options;
        const lost = journal?.lostOf(item);
        if (!prepare) return { index, item, prepared: item as unknown as Prepared, lost };
        const attempt = async () => prepare(item, { index, signal: this.#session.signal });
        try {
            const prepared = await attempt().catch((error: unknown) => {
                const isRefused = this.#desk.isRefused(error);
                if (!isRefused && !this.#patience.isRepeatable(error)) throw error;
                // It asked a server, whose answer did not come, or which refused it: then the desk hears of that, once.
                let refusal = isRefused ? error : undefined;
                return this.#patience.pass(isHeld => {
                    const repeated = this.#desk.run(attempt, this.#session, { refusal, isHeld });
                    refusal = undefined;
                    return repeated;
                });
            });
            return { index, item, prepared, lost };
        } catch (error) {
            this.#unsent++;
            const outcome = lost === undefined ? 'failed' : 'unknown';
            if (!this.#session.signal.aborted) this.#record({ index, item, error, outcome });
            return undefined;
        }
    }

    /**
     * Sends items together; when they fail for their own sake, in halves, until the bad ones stand alone.
     *
     * @param isSuspect the other half of a bad batch was good: this one need not be sent to know that it is bad
     * @param refusal that of the batch of which they are what was refused
     * @returns whether all of them got in
     */
    async #send(items: Ready<Item, Prepared>[], isSuspect = false, refusal?: unknown): Promise<boolean> {
        const [first] = items;
        if (!first) return true;
        if (this.#session.signal.aborted) return this.#leaveOut(items);
        const isAlone = items.length === 1;
        if (isSuspect && !isAlone) return this.#sendHalves(items);
        if (items.length > this.#sizer.most) return this.#sendHalves(items, true, refusal);
        let value: Value;
        try {
            value = await this.#call(items, first.index, refusal);
        } catch (error) {
            if (this.#patience.isNotSent(error)) return this.#leaveOut(items);
            const isLarge = !isAlone && isTooSlow(error);
            const isTooLarge = statusOf(error) === 413;
            const isForNow = this.#patience.isAmbiguous(error) || isSignedOut(error);
            if (isLarge || isTooLarge || (!isAlone && !isForNow)) this.#sizer.failed(items.length, isTooLarge);
            const isForHalves = isForNow ? isLarge && this.#options.idempotent : !isAlone;
            if (isForHalves) return this.#sendHalves(items, isLarge || isTooLarge);
            for (const item of items) this.#recordError(item, error);
            return false;
        }
        return this.#recordValue(items, value);
    }

    /**
     * @param isLarge the batch was too large, for which no item need be bad
     * @param refusal is heard of once, with the first half
     */
    async #sendHalves(items: Ready<Item, Prepared>[], isLarge = false, refusal?: unknown): Promise<false> {
        const half = Math.ceil(items.length / 2);
        const isGood = await this.#send(items.slice(0, half), false, refusal);
        await this.#send(items.slice(half), isGood && !isLarge);
        return false;
    }

    #recordError({ index, item, lost }: Ready<Item, Prepared>, error: unknown): void {
        // What a repeat is refused for tells nothing of the first time, unless that is the item itself.
        const isOwn = lost === undefined || isOfItem(error) || this.#options.journal?.rulesOut(error);
        const isFailed = isOwn && !this.#patience.isAmbiguous(error);
        this.#record({ index, item, error: toldOf(error), outcome: isFailed ? 'failed' : 'unknown' });
    }

    /** They are not sent any more. Those that were sent before may have got in all the same. */
    #leaveOut(items: Ready<Item, Prepared>[]): true {
        for (const { index, item, lost } of items) {
            if (lost !== undefined) this.#record({ index, item, error: toldOf(lost), outcome: 'unknown' });
        }
        return true;
    }

    /** Records what the worker says of its items, and sends those again that it says were refused. */
    async #recordValue(items: Ready<Item, Prepared>[], value: Value): Promise<boolean> {
        const results = this.#resultsOf(value, items.length);
        const again: Ready<Item, Prepared>[] = [];
        let refusalOfSome: unknown;
        let isGood = true;
        for (const [place, item] of items.entries()) {
            try {
                const own = results ? unwrap(results[place]) : value;
                this.#record({ index: item.index, item: item.item, value: own as Value, outcome: 'succeeded' });
            } catch (error) {
                isGood = false;
                const isRefused = this.#desk.isRefused(error);
                if (isRefused) refusalOfSome = error;
                if (this.#patience.isAmbiguous(error)) item.lost = error;
                if (isRefused || this.#patience.isRepeatable(error)) again.push(item);
                else this.#recordError(item, error);
            }
        }
        // A refusal counts by itself.
        if (again.length > 0 && refusalOfSome === undefined) this.#session.retries++;
        await this.#send(again, false, refusalOfSome);
        return isGood;
    }

    /** What became of each item of a batch, when its worker tells. */
    #resultsOf(value: unknown, count: number): unknown[] | undefined {
        const { batchSize } = this.#options;
        return batchSize !== undefined && Array.isArray(value) && value.length === count ? value : undefined;
    }

    /**
     * What a worker resolved with.
     *
     * @throws when that is a failure; a batch without an answer for any of its items had none
     */
    #unwrap(value: Value, count: number): Value {
        const results = this.#resultsOf(value, count) ?? [];
        const failures = results.map(failureIn);
        const isOfAll = failures.every(isAmbiguous) || failures.every(failure => this.#patience.awaitsSession(failure));
        return unwrap(isOfAll && results.length > 0 ? (results[0] as Value) : value);
    }

    /** Calls the worker, for as long as the rate limit or, if that is safe, the connection is in the way. */
    async #call(items: Ready<Item, Prepared>[], index: number, refusal: unknown): Promise<Value> {
        const { service } = this.#options;
        const batch = items.map(({ prepared }) => prepared);
        let sentAt = 0;
        let known = refusal;
        const send = (signal: AbortSignal) => {
            this.#unsent = 0;
            sentAt = service.now();
            return this.#worker(batch, { index, signal });
        };
        const refusals = this.#session.rateLimited;
        const onWay = (isOut: boolean) => this.#options.journal?.onWay(batch, isOut);
        // Whether a part of the items is in, which is not to be sent twice.
        let hasLanded = false;
        const onValue = (part: unknown) => {
            hasLanded ||= !isRefusedWrite(part);
        };
        const attempt = async (isHeld: () => boolean) => {
            const answer = this.#desk.run(send, this.#session, { refusal: known, isHeld, onValue, onWay });
            known = undefined;
            try {
                return this.#unwrap(await answer, items.length);
            } catch (error) {
                throw hasLanded && this.#patience.isCutShort(error) ? cutShort(error) : error;
            }
        };
        const value = await this.#patience.pass(attempt, items);
        // A wrapped call that was refused waits within: that it took long says nothing of the size.
        this.#sizer.succeeded(items.length, service.now() - sentAt, this.#session.rateLimited > refusals);
        return value;
    }

    #record(result: BulkItemResult<Item, Value>): void {
        if (result.outcome === 'succeeded') this.#patience.worked();
        this.#report.record(result);
    }
}

/** The error for the report. */
const toldOf = (error: unknown): unknown =>
    read(error, 'constructor') === FailedResult ? read(error, 'cause') : error;

/**
 * The run was cancelled, or the session expired, between two calls of a worker: its item is neither in nor out. Status 0 is
 * that of no answer.
 */
const cutShort = (cause: unknown): Error =>
    Object.assign(new Error('A part of this was sent, and the rest was not', { cause }), { status: 0 });
