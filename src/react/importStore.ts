import { createStore, promisifyRequest, type UseStore } from 'idb-keyval';
import type { StoredError } from './importErrors.js';
import { ImportRanges, type RowRange } from './importRanges.js';
import type { ResumableImport } from './useBulkImport.js';

/** What is known of an import that has not ended. Rows are not in it. */
export interface StoredImport {
    /** What the keys of its rows have in common. */
    importId: string;
    /** Tells its rows from those of another import. */
    fingerprint: string;
    startedAt: number;
    total: number | undefined;
    /** The rows that have ended. */
    ended: RowRange[];
    /** Rows that are under way and must not be sent twice. */
    sent: [index: number, rowNumber: number][];
    rateLimited: number;
    retries: number;
    durationMs: number;
}

export interface StoredRowError {
    index: number;
    rowNumber: number;
    outcome: 'failed' | 'unknown';
    error: StoredError;
}

let store: UseStore | undefined;

/** Not before it is needed: servers, and some browsers, have no IndexedDB. */
function openStore(): UseStore {
    store ??= createStore('ra-rate-limit', 'imports');
    return store;
}

/** An import lies under its name, and its errors, which can be many, in parts below it: each is written only once. */
const keyOf = (name: string, part?: number) => (part === undefined ? [name] : [name, part]);
const allOf = (name: string) => IDBKeyRange.bound([name], [name, []]);

/** What there is to resume. Nothing where nothing can be kept. */
export async function findResumable(name: string): Promise<ResumableImport | null> {
    const stored = await find(name).catch(() => undefined);
    if (!stored) return null;
    const { ended, sent, total, startedAt } = stored;
    const processed = new ImportRanges(ended).size + sent.length;
    return { processed, startedAt, ...(total !== undefined && { total }) };
}

async function find(name: string): Promise<StoredImport | undefined> {
    return openStore()('readonly', imports => promisifyRequest<StoredImport | undefined>(imports.get(keyOf(name))));
}

/**
 * An import with its errors, in as many parts as they were written in.
 *
 * @throws when there is no IndexedDB, or it cannot be used, as all below
 */
export async function loadImport(
    name: string,
): Promise<{ stored: StoredImport | undefined; errorParts: StoredRowError[][] }> {
    const [stored, ...errorParts] = await openStore()('readonly', imports =>
        promisifyRequest(imports.getAll(allOf(name))),
    );
    return { stored, errorParts };
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
    await openStore()('readwrite', imports => {
        imports.put(stored, keyOf(name));
        if (errors) imports.put(errors.list, keyOf(name, errors.part));
        // Without it, Chromium drops the write when the page dies before it has heard that the write was done.
        imports.transaction.commit?.();
        return promisifyRequest(imports.transaction);
    });
}

export async function removeImport(name: string): Promise<void> {
    await openStore()('readwrite', imports => {
        imports.delete(allOf(name));
        return promisifyRequest(imports.transaction);
    });
}
