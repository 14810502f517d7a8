import { createStore, promisifyRequest, type UseStore } from 'idb-keyval';
import type { ImportRowError, ResumableImport } from '../useBulkImport.js';
import type { StoredError } from './importErrors.js';
import { ImportRanges, type RowRange } from './importRanges.js';

/** What is known of an import that has not ended. Rows are not in it. */
export interface StoredImport {
    /** What the keys of its rows have in common. */
    importId: string;
    /** What must be the same when it is resumed, beside its rows. */
    setup: string;
    /** Tells its rows from those of another import. */
    reach: RowsRead;
    startedAt: number;
    total: number | undefined;
    /** The rows that have ended. */
    ended: RowRange[];
    /** Rows that are under way and must not be sent twice. */
    sent: [index: number, rowNumber: number][];
    /** Rows that were sent, may be sent again, and may have got in the first time. */
    lost?: RowRange[];
    rateLimited: number;
    retries: number;
    durationMs: number;
}

/** The rows from the first one up to one that was sent or has ended. */
export interface RowsRead {
    count: number;
    hash: number;
}

export interface StoredRowError extends Pick<ImportRowError, 'index' | 'rowNumber' | 'outcome'> {
    error: StoredError;
}

let store: UseStore | undefined;

/** Not before it is needed: servers, and some browsers, have no IndexedDB. */
function openStore(): UseStore {
    store ??= createStore('ra-rate-limit', 'imports');
    return store;
}

/**
 * An import lies under its name. Its errors, which can be many, are in parts below it, each of them written only once, and
 * behind them is what its caller keeps with it.
 */
const keyOf = (name: string, part?: number | 'kept') => (part === undefined ? [name] : [name, part]);
const withErrors = (name: string) => IDBKeyRange.bound([name], [name, Number.POSITIVE_INFINITY]);
const allOf = (name: string) => IDBKeyRange.bound([name], [name, []]);

/** What there is to resume. Nothing where nothing can be kept. */
export async function findResumable(name: string): Promise<ResumableImport | null> {
    const [stored, kept] = await overAnother(() => inTime(find(name))).catch(() => []);
    if (!stored) return null;
    const { ended, sent, total, startedAt } = stored;
    const processed = new ImportRanges(ended).size + sent.length;
    return { processed, startedAt, ...(total !== undefined && { total }), ...(kept !== undefined && { kept }) };
}

async function find(name: string): Promise<[stored?: StoredImport, kept?: unknown]> {
    return openStore()('readonly', imports =>
        Promise.all([promisifyRequest(imports.get(keyOf(name))), promisifyRequest(imports.get(keyOf(name, 'kept')))]),
    );
}

/**
 * An import with its errors, in as many parts as they were written in.
 *
 * @throws when there is no IndexedDB, or it cannot be used, as all below
 */
export async function loadImport(
    name: string,
): Promise<{ stored: StoredImport | undefined; errorParts: StoredRowError[][] }> {
    const [stored, ...errorParts] = await overAnother(() => inTime(readAll(name)));
    return { stored, errorParts };
}

async function readAll(name: string): Promise<[stored?: StoredImport, ...errorParts: StoredRowError[][]]> {
    return openStore()('readonly', imports => promisifyRequest(imports.getAll(withErrors(name))));
}

/** Connections break: then once more, over another one. Not for what is saved, which must not be late. */
function overAnother<T>(attempt: () => Promise<T>): Promise<T> {
    return attempt().catch((error: unknown) => {
        if (error instanceof NoAnswerError) throw error;
        store = undefined;
        return attempt();
    });
}

/** Browsers are known whose IndexedDB, once in a while, never answers. An import must not wait for it. */
const LONGEST_MS = 3000;

class NoAnswerError extends Error {}

function inTime<T>(answer: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
        const timer = setTimeout(() => reject(new NoAnswerError('IndexedDB does not answer')), LONGEST_MS);
        answer.then(resolve, reject).finally(() => clearTimeout(timer));
    });
}

/**
 * Writes both or neither. The order of writes is the order of calls.
 *
 * @param errors a further part, of this number
 */
export async function saveImport(
    name: string,
    stored: StoredImport,
    errors?: { part: number; list: StoredRowError[] },
): Promise<void> {
    await write(imports => {
        imports.put(stored, keyOf(name));
        if (errors) imports.put(errors.list, keyOf(name, errors.part));
        // Without it, Chromium drops the write when the page dies before it has heard that the write was done.
        imports.transaction.commit?.();
    });
}

/** Writes what its caller keeps with an import: whatever IndexedDB takes. */
export async function keepWithImport(name: string, kept: unknown): Promise<void> {
    await write(imports => void imports.put(kept, keyOf(name, 'kept')));
}

export async function removeImport(name: string): Promise<void> {
    await overAnother(() => write(imports => void imports.delete(allOf(name))));
}

async function write(action: (imports: IDBObjectStore) => void): Promise<void> {
    const written = openStore()('readwrite', imports => {
        action(imports);
        return promisifyRequest(imports.transaction);
    });
    await inTime(written).catch((error: unknown) => {
        // Connections break, and a new one may do: else what is out of date could not even be removed.
        store = undefined;
        throw error;
    });
}
