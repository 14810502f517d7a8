import type { BulkCounts, BulkItemResult } from '../bulk/runBulk.js';
import { type Clock, startTimer } from '../core/clock.js';
import { reviveError, storeError } from './importErrors.js';
import { createImportId } from './importKeys.js';
import { ImportRanges } from './importRanges.js';
import { loadImport, removeImport, type StoredImport, type StoredRowError, saveImport } from './importStore.js';
import type { ImportRowError } from './useBulkImport.js';

/** A row with its place among all, from 0, and its number for people. */
export interface ImportItem<Row> {
    index: number;
    rowNumber: number;
    row: Row;
}

export interface CheckpointOptions {
    /** Under which name it is kept. Without one it is kept nowhere. */
    resumeKey: string | undefined;
    /** Rows may be sent again. */
    isRepeatable: boolean;
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
    /** Rows that were sent and must not be sent again, with their numbers. */
    readonly #sent = new Map<number, number>();
    readonly #earlierErrors = new Map<number, ImportRowError<Row>>();
    readonly #spent: Pick<StoredImport, 'rateLimited' | 'retries' | 'durationMs'>;
    /** No row was sent or has ended, ever. */
    #isUntouched: boolean;
    #fingerprint: string | undefined;
    #total: number | undefined;
    #newErrors: StoredRowError[] = [];
    #errorParts: number;
    #timer: unknown;
    #name: string | undefined;

    /** What the keys of the rows have in common. */
    readonly importId: string;
    /** The counts of what ended before the page was closed. */
    readonly earlier: BulkCounts & { processed: number; durationMs: number };

    private constructor(options: CheckpointOptions, stored?: StoredImport, errorParts: StoredRowError[][] = []) {
        this.#options = options;
        this.#name = options.resumeKey;
        this.#isUntouched = stored === undefined;
        this.#openedAt = options.clock.now();
        this.#startedAt = stored?.startedAt ?? this.#openedAt;
        this.#fingerprint = stored?.fingerprint;
        this.#total = stored?.total;
        this.#ended = new ImportRanges(stored?.ended);
        this.#errorParts = errorParts.length;
        this.importId = stored?.importId ?? createImportId();

        for (const { error, ...place } of errorParts.flat()) {
            this.#earlierErrors.set(place.index, { ...place, error: reviveError(error) });
        }
        for (const [index, rowNumber] of stored?.sent ?? []) {
            const error = new Error('The page was closed before the server answered');
            this.#end(index, rowNumber, { error, outcome: 'unknown' });
            this.#earlierErrors.set(index, { index, rowNumber, error, outcome: 'unknown' });
        }

        const { rateLimited = 0, retries = 0, durationMs = 0 } = stored ?? {};
        this.#spent = { rateLimited, retries, durationMs };
        const errors = [...this.#earlierErrors.values()];
        const unknown = errors.filter(({ outcome }) => outcome === 'unknown').length;
        const processed = this.#ended.size;
        const counts = { succeeded: processed - errors.length, failed: errors.length - unknown, unknown };
        this.earlier = { processed, ...counts, rateLimited, retries, durationMs };
    }

    /** The import of this name that did not end, else a new one. */
    static async open<Row>(options: CheckpointOptions): Promise<ImportCheckpoint<Row>> {
        const { resumeKey } = options;
        const found = resumeKey === undefined ? undefined : await loadImport(resumeKey).catch(() => undefined);
        const checkpoint = new ImportCheckpoint<Row>(options, found?.stored, found?.errorParts);
        window.addEventListener('pagehide', checkpoint.#saveNow);
        document.addEventListener('visibilitychange', checkpoint.#saveNow);
        return checkpoint;
    }

    /**
     * The first rows were read, and are about to be sent.
     *
     * @param fingerprint of these rows, and of whatever else must be the same when an import is resumed
     * @throws {Error} when the import that did not end was one of other rows
     */
    async accept(fingerprint: string, total: number | undefined): Promise<void> {
        const isOther =
            (this.#fingerprint !== undefined && this.#fingerprint !== fingerprint) ||
            (this.#total !== undefined && total !== undefined && this.#total !== total);
        if (isOther) {
            throw new Error(
                'An earlier import of other rows has not ended. Import the same rows to go on with it, or discard it.',
            );
        }
        this.#fingerprint = fingerprint;
        this.#total ??= total;
        await this.#save();
    }

    /** One more than the place of the last row that has ended. */
    get end(): number {
        return this.#ended.end;
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
        if (this.#options.isRepeatable) return;
        const fresh = items.filter(({ index }) => !this.#sent.has(index));
        for (const { index, rowNumber } of fresh) this.#sent.set(index, rowNumber);
        if (fresh.length > 0) this.#saveNow();
    }

    ended(result: BulkItemResult<ImportItem<Row>>): void {
        const { index, rowNumber } = result.item;
        // Sent again when the import is resumed: then it will be known.
        if (result.outcome === 'unknown' && this.#options.isRepeatable) return;
        this.#isUntouched = false;
        this.#end(index, rowNumber, result.outcome === 'succeeded' ? undefined : result);
        if (!this.#name) return;
        this.#timer ??= startTimer(this.#options.clock, this.#saveNow, SAVE_MS);
    }

    /** What the rate limit has cost since it was opened. */
    spent({ rateLimited, retries }: BulkCounts): void {
        this.#spent.rateLimited = this.earlier.rateLimited + rateLimited;
        this.#spent.retries = this.earlier.retries + retries;
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
        if (!this.#name || this.#fingerprint === undefined) return;
        const { clock } = this.#options;
        const stored: StoredImport = {
            importId: this.importId,
            fingerprint: this.#fingerprint,
            startedAt: this.#startedAt,
            total: this.#total,
            ended: this.#ended.toArray(),
            sent: [...this.#sent],
            ...this.#spent,
            durationMs: this.#spent.durationMs + clock.now() - this.#openedAt,
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
