import type { BulkItemError, BulkProgress, BulkResult } from '../bulk/runBulk.js';
import { useLeaveGuard } from './import/importLeaveGuard.js';
import { isRunning, useUnguardedImport } from './import/useUnguardedImport.js';

/**
 * What is wrong with a row: a message, or one for each field, as react-admin's forms have them: also `{ message, args }`,
 * and fields within fields. Several messages of a field are an array. Nothing where all is well.
 */
export type RowErrors = string | Record<string, string | object | null | undefined> | null | undefined;

export interface ImportRowContext {
    /** The number of the row for people: see the option `rowNumber`. */
    rowNumber: number;
    /** The place of the row among all, from 0. */
    index: number;
    /** Aborts when the import is cancelled. Pass it in the `params` of calls of the data provider. */
    signal: AbortSignal;
}

export interface UseBulkImportOptions<Row> {
    /** Where the records are created. */
    resource: string;
    /**
     * Makes of a row the record to create; `null` where there is nothing to create. It may be async and call the data
     * provider. An error fails the row alone. When an import is resumed, it is called again for rows that had not ended.
     * @default the row is the record
     */
    transform?:
        | ((row: Row, context: ImportRowContext) => object | null | undefined | PromiseLike<object | null | undefined>)
        | undefined;
    /** Says what is wrong with a record, which then fails without being sent. @default nothing is wrong */
    validate?:
        | ((
              // biome-ignore lint/suspicious/noExplicitAny: what transform returns, as react-admin's validators get it
              record: any,
              context: Pick<ImportRowContext, 'rowNumber'>,
          ) => RowErrors | PromiseLike<RowErrors>)
        | undefined;
    /** Requests under way at the same time. An integer, 1 or more. @default 20 */
    concurrency?: number | undefined;
    /**
     * The most records in a request, where the data provider has `createMany`. Without that method, and with 1, `create` is
     * called for each record. An integer, 1 or more.
     * @default 100
     */
    batchSize?: number | undefined;
    /**
     * A unique column for keys that the import makes: a UUID, the same whenever this import, also a resumed one,
     * sends the row: the same file imported anew has others. With it a request whose
     * answer was lost is sent again, and so are rows that were under way when the page was closed; none gets in twice.
     * Without it such rows are reported as `unknown`.
     *
     * The name is passed to the data provider as `meta.onConflict`. The `createMany` of `ra-rate-limit/supabase` leaves
     * rows alone whose key is in the table. Where a data provider ignores it, as the `create` of `ra-supabase` does, the
     * repeated row is refused with a 409 whose message or `body.details` names the key, and counts as in.
     */
    keyColumn?: string | undefined;
    /**
     * Under this name, what has ended is kept in the browser (IndexedDB) until the import has ended. After the page was
     * closed, `start` with the same rows goes on where it was. Only one import of a name runs at a time, in all tabs. The
     * rows themselves are not kept, only the errors of those that failed. Where the browser keeps nothing, as in some
     * private windows, the import runs all the same.
     */
    resumeKey?: string | undefined;
    /** The number of a row for people. @default `index + 2`: row 1 of a file is its header */
    rowNumber?: ((row: Row, index: number) => number) | undefined;
    /** Passed to the data provider in `params.meta`. */
    meta?: Record<string, unknown> | undefined;
}

/** A row that did not get in, or of which nobody knows. */
export interface ImportRowError<Row = unknown> extends Omit<BulkItemError<Row>, 'item'> {
    rowNumber: number;
    /** Missing when it failed before the page was closed, and the resumed import has not read that far. */
    item?: Row;
    /** After the page was closed a plain `Error`, with the properties of the original. */
    error: unknown;
}

/** How an import ended. Of a resumed one, all counts and errors include the part before. */
export interface BulkImportResult<Row = unknown> extends Omit<BulkResult<Row>, 'errors'> {
    /** By place. */
    errors: ImportRowError<Row>[];
}

/** An import that did not end. */
export interface ResumableImport {
    /** Rows that have ended, however. */
    processed: number;
    /** How many rows there are, when that was known. */
    total?: number;
    /** Milliseconds since the epoch. */
    startedAt: number;
    /** What was kept with it: see `start`. Missing where nothing was, or the browser had no room for it. */
    kept?: unknown;
    /** It is under way in another tab, and can be neither resumed nor discarded. Looked for when the person comes to this one. */
    runsElsewhere?: true;
}

export interface StartImportOptions {
    /** How many rows there are, where they are no array. */
    total?: number | undefined;
    /**
     * What it takes to go on after the page was closed, such as the file: found again in `resumable.kept`. Whatever
     * IndexedDB takes. @default nothing
     */
    keep?: unknown;
}

export interface BulkImport<Row> {
    /**
     * `blocked`: the circuit is open, and nothing was started. `paused`: by `pause()`; when the server makes the import
     * wait, that is in `progress`. `failed`: see `error`.
     */
    status: 'idle' | 'blocked' | 'running' | 'paused' | 'done' | 'cancelled' | 'failed';
    /** Told a few times a second. Of a resumed import, the counts include the part before. */
    progress: BulkProgress | null;
    /** How the last import ended, with status `done` or `cancelled`. */
    result: BulkImportResult<Row> | null;
    /**
     * With status `failed`, why: what reading the rows threw, or an `ImportFailure`, when they are not those of the import to
     * resume, or that was resumed or is running in another tab. What had got in stays, and the import can be resumed.
     */
    error: unknown;
    /**
     * Whether the import under way could be resumed, should the page be closed: it has a `resumeKey`, and the browser has
     * kept how far it got.
     */
    isKept: boolean;
    /** With status `blocked`, until when, in milliseconds since the epoch. Then the status is `idle` again. */
    blockedUntil: number | null;
    /** An import of this `resumeKey` that did not end, and is not running here. */
    resumable: ResumableImport | null;
    /**
     * Imports rows, or goes on with the import that is `resumable`. Resolves with how it ended, and with nothing when it
     * was blocked or failed: then see `status`. Afterwards, all that is shown on the screen is fetched again. Once its
     * component is gone it does nothing.
     *
     * @throws {Error} while an import of this hook is running
     * @throws {TypeError | RangeError} when an option of the hook is unknown or wrong, or `rows` is no iterable
     */
    start(
        rows: Iterable<Row> | AsyncIterable<Row>,
        options?: StartImportOptions,
    ): Promise<BulkImportResult<Row> | undefined>;
    /** No further request leaves until `resume()`. Those under way go on. */
    pause(): void;
    resume(): void;
    /** Ends the import once the requests under way are answered. It can be resumed. */
    cancel(): void;
    /**
     * Forgets the import that did not end. One that is running is left alone.
     *
     * @throws {ImportFailure} when it is running in another tab: `runsElsewhere`
     */
    discard(): Promise<void>;
}

/**
 * Imports many rows at the pace that the server accepts, with progress, pause, resume and cancel, and an error report.
 * When its component goes away the import is cancelled. Leaving the page asks first. React Router asks only the blocker
 * that was mounted last: a form that warns of unsaved changes belongs on another screen. It notifies of nothing: show
 * `result` and `error`.
 *
 * @throws {Error} when there is no rate limit service: see `useRateLimitService`
 *
 * @example
 * const { start, status, progress, result } = useBulkImport<ContactRow>({
 *     resource: 'contacts',
 *     transform: ({ name, mail }) => ({ name: name.trim(), email: mail }),
 *     validate: ({ email }) => (email.includes('@') ? undefined : { email: 'is not an e-mail address' }),
 *     keyColumn: 'import_key',
 *     resumeKey: 'contacts-import',
 * });
 */
export function useBulkImport<Row = Record<string, unknown>>(options: UseBulkImportOptions<Row>): BulkImport<Row> {
    const bulkImport = useUnguardedImport(options);
    useLeaveGuard(isRunning(bulkImport));
    return bulkImport;
}
