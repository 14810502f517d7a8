import { CsvError } from './csv/csvError.js';
import type { CsvFile } from './csv/inspectCsv.js';
import { type CsvRow, readCsvRows } from './csv/readCsvRows.js';
import type { ReadOptions } from './csv/readText.js';
import type { ColumnMapping, LabelledField } from './importFields.js';

/** The cells of a row by the source of their field. They are trimmed, and empty ones left out. */
export type ImportValues = Record<string, string>;

/** A row of the file as it is imported, or why it cannot be. */
export type ImportRow = { rowNumber: number; values: ImportValues } | { rowNumber: number; problem: Error };

/** The rows of a file with its columns mapped to fields, read only as fast as they are asked for. */
export async function* readImportRows(
    csv: CsvFile,
    fields: readonly LabelledField[],
    mapping: ColumnMapping,
    options?: ReadOptions,
): AsyncGenerator<ImportRow> {
    for await (const row of readCsvRows(csv, options)) yield toImportRow(row, fields, mapping);
}

export function toImportRow(row: CsvRow, fields: readonly LabelledField[], mapping: ColumnMapping): ImportRow {
    const { rowNumber, cells, problem } = row;
    if (problem) return { rowNumber, problem };
    const values: ImportValues = {};
    for (const { source, label, required } of fields) {
        const value = cells[mapping.get(source) ?? -1]?.trim();
        if (value) values[source] = value;
        else if (required) return { rowNumber, problem: new CsvError('rowValueMissing', { field: label }) };
    }
    return { rowNumber, values };
}
