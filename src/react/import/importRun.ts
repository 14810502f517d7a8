import type { DataProvider } from 'ra-core';
import { statusOf } from '../../bulk/ambiguity.js';
import {
    type BulkCounts,
    type BulkOptions,
    type BulkProgress,
    type BulkResult,
    type BulkRun,
    runBulk,
} from '../../bulk/runBulk.js';
import { toText } from '../../core/safely.js';
import type { RateLimitService } from '../../core/service.js';
import type { BulkImportResult, ResumableImport, UseBulkImportOptions } from '../useBulkImport.js';
import { ImportCheckpoint, type ImportItem } from './importCheckpoint.js';
import { readImportItems } from './importItems.js';
import { letGo, withImportLock } from './importLock.js';
import { type PreparedItem, prepareRecord } from './importRecord.js';
import { createSender } from './importSender.js';

export interface ImportJob<Row> extends UseBulkImportOptions<Row> {
    dataProvider: DataProvider;
    service: RateLimitService;
    total: number | undefined;
    keep: unknown;
    /** The import that is to go on, if its screen offers one. */
    resumes: ResumableImport | null;
    /** @param isKept whether it could be resumed, should the page be closed */
    onProgress: (progress: BulkProgress, isKept: boolean) => void;
}

const BATCH_SIZE = 100;

/** One import, from reading the rows to what became of them. */
export class ImportRun<Row> {
    /** Rejects when rows cannot be read, or must not be imported. */
    readonly result: Promise<BulkImportResult<Row>>;
    readonly #job: ImportJob<Row>;
    readonly #controller = new AbortController();
    #bulk: BulkRun<ImportItem<Row>> | undefined;
    #isPaused = false;

    constructor(rows: Iterable<Row> | AsyncIterable<Row>, job: ImportJob<Row>) {
        this.#job = job;
        const { resumeKey } = job;
        const begin = () => this.#begin(rows);
        this.result = resumeKey === undefined ? begin() : withImportLock(resumeKey, begin);
    }

    get isCancelled(): boolean {
        return this.#controller.signal.aborted;
    }

    pause(isPaused: boolean): void {
        this.#isPaused = isPaused;
        if (isPaused) this.#bulk?.pause();
        else this.#bulk?.resume();
    }

    /** Rows under way are awaited. */
    cancel(): void {
        this.#controller.abort();
    }

    /** Cancels it, as nobody looks at it any more. */
    abandon(): void {
        this.cancel();
        const { resumeKey } = this.#job;
        if (resumeKey !== undefined) letGo(resumeKey, this.result);
    }

    async #begin(rows: Iterable<Row> | AsyncIterable<Row>): Promise<BulkImportResult<Row>> {
        const { service, resource, resumeKey, keyColumn, concurrency, batchSize = BATCH_SIZE } = this.#job;
        const { keep, resumes, onProgress } = this.#job;
        const { rowNumber = (_, index) => index + 2, total = Array.isArray(rows) ? rows.length : undefined } =
            this.#job;
        const { signal } = this.#controller;
        const isRepeatable = keyColumn !== undefined;
        const checkpoint = await ImportCheckpoint.open<Row>({
            resumeKey,
            isRepeatable,
            setup: JSON.stringify([resource, keyColumn]),
            total,
            keep,
            resumes,
            clock: service.dispatcher.options.clock,
        });
        const { sendMany, sendOne } = createSender(this.#job, checkpoint);
        const isBatched = sendMany !== undefined && batchSize !== 1;
        const items = readImportItems(rows, checkpoint, rowNumber);
        const bulkOptions: BulkOptions<ImportItem<Row>, unknown, PreparedItem<Row>> = {
            service,
            concurrency,
            prepare: (item, { signal }) => prepareRecord(item, this.#job, signal),
            idempotent: isRepeatable,
            signal,
            journal: {
                onWay: (items, isOut) => {
                    const sent = items.filter(({ record }) => record !== null);
                    if (isOut) checkpoint.sending(sent);
                    else checkpoint.returned(sent);
                },
                lostOf: item => checkpoint.lostOf(item),
                // With `on_conflict`, the row's own key is no conflict.
                rulesOut: error => isBatched && toText(statusOf(error)) === '409',
            },
            total: total && Math.max(0, total - checkpoint.earlier.processed),
            onProgress: progress => {
                checkpoint.spent(progress);
                onProgress(withEarlier(progress, checkpoint.earlier), checkpoint.isKept);
            },
            onResult: result => checkpoint.ended(result),
        };
        let isOver = false;
        try {
            this.#bulk = isBatched
                ? runBulk(items, sendMany, { ...bulkOptions, batchSize })
                : runBulk(items, sendOne, { ...bulkOptions, batchSize: undefined });
            if (this.#isPaused) this.#bulk.pause();
            const result = await this.#bulk;
            // What may be repeated and has no answer yet is sent again when the import is resumed.
            isOver = result.status === 'done' && !(isRepeatable && result.unknown > 0);
            return resultOf(result, checkpoint);
        } finally {
            await checkpoint.close(isOver);
        }
    }
}

type Earlier = ImportCheckpoint<unknown>['earlier'];

const addCounts = (a: BulkCounts, b: BulkCounts): BulkCounts => ({
    succeeded: a.succeeded + b.succeeded,
    failed: a.failed + b.failed,
    unknown: a.unknown + b.unknown,
    rateLimited: a.rateLimited + b.rateLimited,
    retries: a.retries + b.retries,
});

const withEarlier = (progress: BulkProgress, earlier: Earlier): BulkProgress => ({
    ...progress,
    ...addCounts(progress, earlier),
    processed: progress.processed + earlier.processed,
    ...(progress.total !== undefined && { total: progress.total + earlier.processed }),
});

function resultOf<Row>(result: BulkResult<ImportItem<Row>>, checkpoint: ImportCheckpoint<Row>): BulkImportResult<Row> {
    const { earlier, earlierErrors } = checkpoint;
    const errors = result.errors.map(({ item: { index, rowNumber, row }, error, outcome }) => ({
        index,
        rowNumber,
        item: row,
        error,
        outcome,
    }));
    return {
        ...result,
        ...addCounts(result, earlier),
        total: result.total + earlier.processed,
        durationMs: result.durationMs + earlier.durationMs,
        errors: [...earlierErrors, ...errors].sort((a, b) => a.index - b.index),
    };
}
