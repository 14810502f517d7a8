import Papa, { type ParseError, type ParseResult } from 'papaparse';
import { CsvError } from './csvError.js';
import { restoreFormula } from './formulae.js';
import { type CsvEncoding, type ReadOptions, readText } from './readText.js';

/** A longer row is an unclosed quote that swallows the rows after it, and no row of data. */
const MAX_ROW_CHARACTERS = 1_000_000;

export type CsvDelimiter = ',' | ';' | '\t' | '|';

/** How a file is written. */
export interface CsvFormat {
    encoding: CsvEncoding;
    delimiter: CsvDelimiter;
    /** What ends a row. `\n` stands for `\r\n` as well, a file may mix them. */
    newline: '\n' | '\r';
}

/** A row as it stands in the file. */
export interface CsvRecord {
    /** As a spreadsheet numbers it: the first is 1, blank rows count, a row with line breaks in its cells is one row. */
    rowNumber: number;
    cells: string[];
}

/**
 * The rows of a file that hold something, header included, chunk by chunk.
 *
 * @throws {CsvError} when it cannot be told where rows begin and end
 */
export async function* readRecords(file: Blob, format: CsvFormat, options?: ReadOptions): AsyncGenerator<CsvRecord[]> {
    const parser = new Papa.Parser({ delimiter: format.delimiter, newline: format.newline });
    let rest = '';
    let rowsRead = 0;
    for await (const { text, isLast } of readText(file, format.encoding, options)) {
        const input = rest + text;
        // Papa leaves out the last row, which may go on in the next chunk, and tells where it begins.
        const { data, errors, meta }: ParseResult<string[]> = parser.parse(input, 0, !isLast);
        throwQuoteError(errors, rowsRead, isLast ? Infinity : data.length);
        rest = input.slice(meta.cursor);
        if (rest.length > MAX_ROW_CHARACTERS) throw new CsvError('fileRowTooLong', { row: rowsRead + data.length + 1 });
        yield toRecords(data, rowsRead);
        rowsRead += data.length;
    }
}

/** @param end the row that is left to the next chunk, whose quotes may only seem wrong */
function throwQuoteError(errors: ParseError[], rowsRead: number, end: number) {
    const error = errors.find(({ row = 0 }) => row < end);
    if (!error) return;
    const code = error.code === 'MissingQuotes' ? 'fileQuoteOpen' : 'fileQuoteMisplaced';
    throw new CsvError(code, { row: rowsRead + (error.row ?? 0) + 1 });
}

function toRecords(data: string[][], rowsRead: number): CsvRecord[] {
    const records: CsvRecord[] = [];
    data.forEach((cells, index) => {
        if (cells.every(isBlank)) return;
        cells.push((cells.pop() as string).replace(/\r$/, ''));
        records.push({ rowNumber: rowsRead + index + 1, cells: cells.map(restoreFormula) });
    });
    return records;
}

export const isBlank = (cell: string) => cell.trim() === '';
