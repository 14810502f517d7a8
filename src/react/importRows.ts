import type { ImportCheckpoint, ImportItem } from './importCheckpoint.js';

/** So many rows tell an import from another. */
const FIRST_ROWS = 100;

export interface ReadOptions<Row> {
    checkpoint: ImportCheckpoint<Row>;
    rowNumber: (row: Row, index: number) => number;
    total: number | undefined;
    /** What must be the same when an import is resumed, beside its rows. */
    setup: string;
}

/**
 * The rows that have not ended. They are read only as fast as they are asked for, but for the first ones.
 *
 * @throws {Error} before the first row, when they are not those of the checkpoint; at the end, when there are too few
 */
export async function* readImportItems<Row>(
    rows: Iterable<Row> | AsyncIterable<Row>,
    { checkpoint, rowNumber, total, setup }: ReadOptions<Row>,
): AsyncGenerator<ImportItem<Row>> {
    const accept = (first: Row[]) => checkpoint.accept(fingerprintOf(first, setup), total);
    let index = 0;
    for await (const row of afterFirst(rows, accept)) {
        if (!checkpoint.hasEnded(index, row)) yield { index, rowNumber: rowNumber(row, index), row };
        index++;
    }
    if (index < checkpoint.end) {
        throw new Error('There are fewer rows than at first. Import the same rows to go on with it, or discard it.');
    }
}

/** The rows, the first of them once they are accepted. */
async function* afterFirst<Row>(
    rows: Iterable<Row> | AsyncIterable<Row>,
    accept: (first: Row[]) => Promise<void>,
): AsyncGenerator<Row> {
    let first: Row[] | undefined = [];
    for await (const row of rows) {
        if (!first) yield row;
        else if (first.push(row) === FIRST_ROWS) {
            await accept(first);
            yield* first;
            first = undefined;
        }
    }
    if (!first) return;
    await accept(first);
    yield* first;
}

/** FNV-1a, 32 bits: it is to notice the wrong file, not an attack. */
function fingerprintOf(rows: readonly unknown[], setup: string): string {
    let hash = 0x811c9dc5;
    for (const text of [setup, ...rows.map(toText)]) {
        for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
    }
    return `${rows.length} ${hash >>> 0}`;
}

function toText(row: unknown): string {
    try {
        return JSON.stringify(row) ?? String(row);
    } catch {
        return String(row);
    }
}
