import { fnv1a } from '../../core/fnv1a.js';
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
    let hash: number | undefined;
    for await (const row of rows) {
        hash = fnv1a(jsonOf(row), hash);
        if (!checkpoint.hasEnded(index, row)) held.push({ index, rowNumber: rowNumber(row, index), row, hash });
        index++;
        if (index < reach.count) continue;
        if (index === reach.count && hash !== reach.hash) throw new ImportFailure('otherRows');
        yield* held.splice(0);
    }
    if (index < reach.count) throw new ImportFailure('fewerRows');
}

function jsonOf(row: unknown): string {
    try {
        return JSON.stringify(row, (_, value) => (typeof value === 'bigint' ? `${value}n` : value)) ?? String(row);
    } catch {
        return String(row);
    }
}
