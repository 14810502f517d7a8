import type { BulkCounts, BulkItemResult } from '../../bulk/runBulk.js';
import { type Clock, startTimer } from '../../core/clock.js';
import type { ImportRowError, ResumableImport } from '../useBulkImport.js';
import { reviveError, storeError } from './importErrors.js';
import { ImportFailure } from './importFailure.js';
import { createImportId } from './importKeys.js';
import { ImportRanges } from './importRanges.js';
import {
    keepWithImport,
    loadImport,
    type RowsRead,
    removeImport,
    type StoredImport,
    type StoredRowError,
    saveImport,
} from './importStore.js';

/** A row with its place among all, from 0, and its number for people. */
export interface ImportItem<Row> {
    index: number;
    rowNumber: number;
    row: Row;
    /** Of this row and all before it. */
    hash: number;
}

export interface CheckpointOptions {
    /** Under which name it is kept. Without one it is kept nowhere. */
    resumeKey: string | undefined;
    /** Rows may be sent again. */
    isRepeatable: boolean;
    /** What must be the same when an import is resumed, beside its rows. */
    setup: string;
    /** How many rows there are, when that is known. */
    total: number | undefined;
    /** What its caller keeps with a new import. */
    keep?: unknown;
    /** The import that is to go on. Without it, whichever there is, or a new one. */
    resumes: ResumableImport | null;
    clock: Clock;
}

/** Rows that end are written down this often. */
const SAVE_MS = 500;

/**
 * What is known of an import under way, and kept in IndexedDB for the case that the page is closed. Where that does not
 * work, the import cannot be resumed, and nothing else changes.
 */
export class ImportCheckpoint<Row> {
    readonly #options: CheckpointOptions;
    readonly #startedAt: number;
    readonly #openedAt: number;
    readonly #ended: ImportRanges;
    /** Rows that are under way, with their numbers. */
    readonly #sent = new Map<number, number>();
    /** Rows that were sent, may be sent again, and may have got in the first time. */
    readonly #lost: ImportRanges;
    readonly #earlierErrors = new Map<number, ImportRowError<Row>>();
    #spent = { rateLimited: 0, retries: 0 };
    /** No row was sent or has ended, ever. */
    #isUntouched: boolean;
    readonly #total: number | undefined;
    #reach: RowsRead;
    #newErrors: StoredRowError[] = [];
    #errorParts: number;
    #timer: unknown;
    #name: string | undefined;

    /** What the keys of the rows have in common. */
    readonly importId: string;
    /** The counts of what ended before the page was closed. */
    readonly earlier: BulkCounts & { processed: number; durationMs: number };

    private constructor(options: CheckpointOptions, stored: StoredImport | undefined, errorParts: StoredRowError[][]) {
        this.#options = options;
        this.#name = options.resumeKey;
        this.#isUntouched = stored === undefined;
        this.#openedAt = options.clock.now();
        this.#startedAt = stored?.startedAt ?? this.#openedAt;
        this.#total = stored?.total ?? options.total;
        this.#reach = stored?.reach ?? { count: 0, hash: 0 };
        this.#ended = new ImportRanges(stored?.ended);
        this.#lost = new ImportRanges(stored?.lost);
        this.#errorParts = errorParts.length;
        this.importId = stored?.importId ?? createImportId();

        for (const { error, ...place } of errorParts.flat()) {
            this.#earlierErrors.set(place.index, { ...place, error: reviveError(error) });
        }
        for (const [index, rowNumber] of stored?.sent ?? []) {
            const error = new ImportFailure('pageClosed');
            this.#end(index, rowNumber, { error, outcome: 'unknown' });
            this.#earlierErrors.set(index, { index, rowNumber, error, outcome: 'unknown' });
        }

        const { rateLimited = 0, retries = 0, durationMs = 0 } = stored ?? {};
        const errors = [...this.#earlierErrors.values()];
        const unknown = errors.filter(({ outcome }) => outcome === 'unknown').length;
        const processed = this.#ended.size;
        const counts = { succeeded: processed - errors.length, failed: errors.length - unknown, unknown };
        this.earlier = { processed, ...counts, rateLimited, retries, durationMs };
    }

    /**
     * The import of this name that did not end, else a new one.
     *
     * @throws {ImportFailure} when it is not the one that is to go on, or not one of the same rows
     */
    static async open<Row>(options: CheckpointOptions): Promise<ImportCheckpoint<Row>> {
        const { resumes, keep } = options;
        const { stored, errorParts, resumeKey } = await load(options.resumeKey);
        if (resumes && stored?.startedAt !== resumes.startedAt) throw new ImportFailure('endedElsewhere');
        if (stored && isOther(stored, options)) throw new ImportFailure('otherRows');
        const checkpoint = new ImportCheckpoint<Row>({ ...options, resumeKey }, stored, errorParts);
        await checkpoint.#save();
        // Of an import that has sent nothing, these may be other rows.
        if (!stored?.reach.count) await checkpoint.#keep(keep);
        window.addEventListener('pagehide', checkpoint.#saveNow);
        document.addEventListener('visibilitychange', checkpoint.#saveNow);
        return checkpoint;
    }

    /** Whether it could be resumed, should the page be closed. */
    get isKept(): boolean {
        return this.#name !== undefined;
    }

    /** The rows that were read when it was kept last, up to one that was sent or had ended. */
    get reach(): RowsRead {
        return this.#reach;
    }

    /** Whether a row has ended. If so, the row is handed to its error, which was kept without. */
    hasEnded(index: number, row: Row): boolean {
        if (!this.#ended.has(index)) return false;
        const error = this.#earlierErrors.get(index);
        if (error) error.item = row;
        return true;
    }

    /**
     * Rows are being sent, in this very moment. The write is not awaited, since a turn to send is used at once or lost. It is
     * on its way before the request is.
     */
    sending(items: readonly ImportItem<Row>[]): void {
        this.#isUntouched = false;
        for (const item of items) this.#reachTo(item);
        const fresh = items.filter(({ index }) => !this.#sent.has(index));
        for (const { index, rowNumber } of fresh) this.#sent.set(index, rowNumber);
        // Also where they may be sent again: other rows would be taken for these, and have their keys.
        if (fresh.length > 0) this.#saveNow();
    }

    /** No answer has told what became of rows. */
    doubted(items: readonly ImportItem<Row>[]): void {
        if (this.#options.isRepeatable) for (const { index } of items) this.#lost.add(index);
    }

    /** Why nobody knows what became of a row that was sent before; nothing for one that was not. */
    lostOf({ index }: ImportItem<Row>): ImportFailure | undefined {
        return this.#lost.has(index) ? new ImportFailure('pageClosed') : undefined;
    }

    /** An answer has told that rows did not get in. They will be sent again. */
    returned(items: readonly ImportItem<Row>[]): void {
        let isKnown = false;
        for (const { index } of items) isKnown = this.#sent.delete(index) || isKnown;
        if (isKnown) this.#saveSoon();
    }

    ended(result: BulkItemResult<ImportItem<Row>>): void {
        const { index, rowNumber } = result.item;
        this.#isUntouched = false;
        this.#reachTo(result.item);
        if (result.outcome === 'unknown' && this.#options.isRepeatable) {
            // Sent again when the import is resumed: then it will be known.
            this.#sent.delete(index);
            this.doubted([result.item]);
            return;
        }
        this.#end(index, rowNumber, result.outcome === 'succeeded' ? undefined : result);
        this.#saveSoon();
    }

    /** What the rate limit has cost since it was opened. */
    spent({ rateLimited, retries }: BulkCounts): void {
        this.#spent = { rateLimited, retries };
    }

    get earlierErrors(): ImportRowError<Row>[] {
        return [...this.#earlierErrors.values()];
    }

    /**
     * No row is under way any more.
     *
     * @param isOver there is nothing to resume
     */
    async close(isOver: boolean): Promise<void> {
        window.removeEventListener('pagehide', this.#saveNow);
        document.removeEventListener('visibilitychange', this.#saveNow);
        this.#sent.clear();
        if (isOver || this.#isUntouched) await this.#remove();
        else await this.#save();
        this.#name = undefined;
    }

    #reachTo({ index, hash }: ImportItem<Row>): void {
        if (index >= this.#reach.count) this.#reach = { count: index + 1, hash };
    }

    /** A browser that has no room for it, or cannot keep such a thing, keeps the rest. */
    async #keep(kept: unknown): Promise<void> {
        if (this.#name) await keepWithImport(this.#name, kept).catch(() => {});
    }

    #saveSoon(): void {
        if (this.#name) this.#timer ??= startTimer(this.#options.clock, this.#saveNow, SAVE_MS);
    }

    readonly #saveNow = (): void => void this.#save();

    #end(index: number, rowNumber: number, problem: Pick<ImportRowError<Row>, 'error' | 'outcome'> | undefined): void {
        this.#sent.delete(index);
        this.#ended.add(index);
        if (problem && this.#name) {
            this.#newErrors.push({ index, rowNumber, outcome: problem.outcome, error: storeError(problem.error) });
        }
    }

    async #save(): Promise<void> {
        this.#clearTimer();
        if (!this.#name) return;
        const { clock, setup, isRepeatable } = this.#options;
        const stored: StoredImport = {
            importId: this.importId,
            setup,
            reach: this.#reach,
            startedAt: this.#startedAt,
            total: this.#total,
            ended: this.#ended.toArray(),
            sent: isRepeatable ? [] : [...this.#sent],
            lost: isRepeatable ? this.#lost.with(this.#sent.keys()).toArray() : [],
            rateLimited: this.earlier.rateLimited + this.#spent.rateLimited,
            retries: this.earlier.retries + this.#spent.retries,
            durationMs: this.earlier.durationMs + clock.now() - this.#openedAt,
        };
        const errors = this.#newErrors.length > 0 ? { part: this.#errorParts++, list: this.#newErrors } : undefined;
        this.#newErrors = [];
        try {
            await saveImport(this.#name, stored, errors);
        } catch {
            // What is kept from now on would be out of date, and rows be sent twice: better nothing.
            await this.#remove();
        }
    }

    async #remove(): Promise<void> {
        this.#clearTimer();
        const name = this.#name;
        this.#name = undefined;
        if (name) await removeImport(name).catch(() => {});
    }

    #clearTimer(): void {
        this.#options.clock.clearTimeout(this.#timer);
        this.#timer = undefined;
    }
}

/** What is kept under a name. Where that cannot be read, nothing is written either. */
async function load(resumeKey: string | undefined) {
    const nothing = { stored: undefined, errorParts: [], resumeKey: undefined };
    if (resumeKey === undefined) return nothing;
    return loadImport(resumeKey).then(
        found => ({ ...found, resumeKey }),
        () => nothing,
    );
}

const isOther = (stored: StoredImport, { setup, total }: CheckpointOptions): boolean =>
    stored.setup !== setup || (stored.total !== undefined && total !== undefined && stored.total !== total);
