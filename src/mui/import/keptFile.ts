import { createStore, del, get, set, type UseStore } from 'idb-keyval';
import type { CsvFile } from './csv/inspectCsv.js';
import type { ColumnMapping } from './importFields.js';

/** What an import needs to go on after the page was closed, beside the checkpoint of its rows. */
export interface KeptFile {
    csv: CsvFile;
    mapping: ColumnMapping;
}

let store: UseStore | undefined;

/** Keeps the file itself in IndexedDB. A browser that refuses, or has no room for it, can resume nothing later. */
export async function keepFile(key: string, { csv, mapping }: KeptFile): Promise<void> {
    await ask(store => set(key, { csv: { ...csv, firstRows: [] }, mapping }, store));
}

export async function findFile(key: string): Promise<KeptFile | undefined> {
    return ask(store => get<KeptFile>(key, store));
}

export async function forgetFile(key: string): Promise<void> {
    await ask(store => del(key, store));
}

async function ask<Answer>(question: (store: UseStore) => Promise<Answer>): Promise<Answer | undefined> {
    try {
        store ??= createStore('ra-rate-limit-import', 'files');
        return await question(store);
    } catch {
        return undefined;
    }
}
