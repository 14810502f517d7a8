import { type CsvFile, inspectCsv } from '../../../../src/mui/import/csv/inspectCsv.js';
import { readCsvRows } from '../../../../src/mui/import/csv/readCsvRows.js';
import type { ReadOptions } from '../../../../src/mui/import/csv/readText.js';

export const csvFile = (...parts: BlobPart[]) => new File(parts, 'contacts.csv', { type: 'text/csv' });

export const toUtf16 = (text: string, { bigEndian = false } = {}) => {
    const view = new DataView(new ArrayBuffer(text.length * 2));
    for (let i = 0; i < text.length; i++) view.setUint16(i * 2, text.charCodeAt(i), !bigEndian);
    return view.buffer;
};

/** One byte a character, as Windows-1252 and Latin-1 have it. */
export const toLatin1 = (text: string) => Uint8Array.from(text, character => character.charCodeAt(0));

export async function readAll(csv: CsvFile, options?: ReadOptions) {
    const rows = [];
    for await (const row of readCsvRows(csv, options)) rows.push(row);
    return rows;
}

/** The header and the rows of a file, as they are read. */
export async function readCells(file: File, options?: Parameters<typeof inspectCsv>[1]) {
    const csv = await inspectCsv(file, options);
    const rows = await readAll(csv, options);
    return [csv.columns, ...rows.map(row => row.cells)];
}
