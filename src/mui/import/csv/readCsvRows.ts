import { CsvError } from './csvError.js';
import type { CsvFile } from './inspectCsv.js';
import { type CsvRecord, isBlank, readRecords } from './readRecords.js';
import type { ReadOptions } from './readText.js';

/** A row of data. */
export interface CsvRow extends CsvRecord {
    /** Why it cannot be imported as it stands. */
    problem?: CsvError;
}

/**
 * The rows of a file below its header, read only as fast as they are asked for.
 *
 * @throws {CsvError} when the file can no longer be read
 */
export async function* readCsvRows(
    csv: Pick<CsvFile, 'file' | 'columns' | 'encoding' | 'delimiter' | 'newline'>,
    options?: ReadOptions,
): AsyncGenerator<CsvRow> {
    let isHeader = true;
    for await (const records of readRecords(csv.file, csv, options)) {
        for (const record of records) {
            if (!isHeader) yield toCsvRow(record, csv.columns.length);
            isHeader = false;
        }
    }
}

export function toCsvRow(record: CsvRecord, columns: number): CsvRow {
    const { cells } = record;
    if (cells.length <= columns || cells.slice(columns).every(isBlank)) return record;
    return { ...record, problem: new CsvError('rowTooManyCells', { cells: cells.length, columns }) };
}
