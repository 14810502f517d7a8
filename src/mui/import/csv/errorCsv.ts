import Papa from 'papaparse';
import { neutralizeFormula } from './formulae.js';
import type { CsvFile } from './inspectCsv.js';
import { readCsvRows } from './readCsvRows.js';
import type { ReadOptions } from './readText.js';

/** Less than is read at a time elsewhere: each row is worded and written as well. */
const CHUNK_BYTES = 32 * 1024;

const OWN_COLUMNS = ['row', 'error'];

/**
 * The rows of a file that could not be imported, as a CSV file that opens in a spreadsheet and can be imported again: all
 * their columns, and before them the number of the row and what is wrong with it.
 *
 * @param messageOf what is wrong with the row of a number, nothing where the row is left out. Asked as rows are read
 */
export async function errorCsv(
    csv: CsvFile,
    messageOf: (rowNumber: number) => string | undefined,
    options?: ReadOptions,
): Promise<Blob> {
    // Of a file that was made here already, its two columns are written anew.
    const skipped = OWN_COLUMNS.every((name, index) => csv.columns[index] === name) ? OWN_COLUMNS.length : 0;
    const parts = [Papa.BYTE_ORDER_MARK, toLine([...OWN_COLUMNS, ...csv.columns.slice(skipped)])];
    for await (const { rowNumber, cells } of readCsvRows(csv, { chunkBytes: CHUNK_BYTES, ...options })) {
        const message = messageOf(rowNumber);
        if (message !== undefined) parts.push(toLine([String(rowNumber), message, ...cells.slice(skipped)]));
    }
    return new Blob(parts, { type: 'text/csv;charset=utf-8' });
}

// All is quoted: a cell such as "a;=b" is two where the spreadsheet separates by semicolons.
const toLine = (cells: string[]) => `${Papa.unparse([cells.map(neutralizeFormula)], { quotes: true })}\r\n`;
