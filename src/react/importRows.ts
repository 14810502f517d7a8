import type { ImportCheckpoint, ImportItem } from './importCheckpoint.js';
import { ImportFailure } from './importFailure.js';

/**
 * The rows that have not ended, read only as fast as they are asked for. Of an import that is resumed none is handed out
 * before all rows that it had come to are read and known to be the same.
 *
 * @throws {ImportFailure} when they are not
 */
export async function* readImportItems<Row>(
    rows: Iterable<Row> | AsyncIterable<Row>,
    checkpoint: ImportCheckpoint<Row>,
    rowNumber: (row: Row, index: number) => number,
): AsyncGenerator<ImportItem<Row>> {
    const { reach } = checkpoint;
    const held: ImportItem<Row>[] = [];
    let index = 0;
    let hash = 0;
    for await (const row of rows) {
        hash = hashOf(toText(row), hash);
        if (!checkpoint.hasEnded(index, row)) held.push({ index, rowNumber: rowNumber(row, index), row, hash });
        index++;
        if (index < reach.count) continue;
        if (index === reach.count && hash !== reach.hash) throw new ImportFailure('otherRows');
        yield* held.splice(0);
    }
    if (index < reach.count) throw new ImportFailure('fewerRows');
}

/** FNV-1a, 32 bits: it is to notice the wrong file, not an attack. */
function hashOf(text: string, before: number): number {
    let hash = before ^ 0x811c9dc5;
    for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
    return hash >>> 0;
}

function toText(row: unknown): string {
    try {
        return JSON.stringify(row) ?? String(row);
    } catch {
        return String(row);
    }
}
