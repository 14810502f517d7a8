import Papa, { type ParseError, type ParseResult } from 'papaparse';
import { CsvError } from './csvError.js';
import { restoreFormula } from './formulae.js';
import { type CsvEncoding, type ReadOptions, readText } from './readText.js';
import { namedSeparator } from './separatorLine.js';

/** A longer row is an unclosed quote that swallows the rows after it, and no row of data. */
const MAX_ROW_CHARACTERS = 1_000_000;

export type CsvDelimiter = ',' | ';' | '\t' | '|';

/** How a file is written. */
export interface CsvFormat {
    encoding: CsvEncoding;
    delimiter: CsvDelimiter;
    /** What ends a row. `\n` stands for `\r\n` and `\r\r\n` as well, a file may mix them. */
    newline: '\n' | '\r';
}

/** A row as it stands in the file. */
export interface CsvRecord {
    /**
     * As a spreadsheet numbers it: the first is 1, blank rows count, a row with line breaks in its cells is one row. A first
     * line such as `sep=;` is none.
     */
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
    let firstNumber = 1;
    for await (const { text, isLast } of readText(file, format.encoding, options)) {
        const input = rest + text;
        // Papa leaves out the last row, which may go on in the next chunk, and tells where it begins.
        const { data, errors, meta }: ParseResult<string[]> = parser.parse(input, 0, !isLast);
        if (rowsRead === 0 && isSeparatorLine(data[0], format)) firstNumber = 0;
        const rowNumber = firstNumber + rowsRead;
        throwQuoteError(errors, rowNumber, isLast ? Infinity : data.length);
        rest = input.slice(meta.cursor);
        if (rest.length > MAX_ROW_CHARACTERS) throw new CsvError('fileRowTooLong', { row: rowNumber + data.length });
        yield toRecords(data, rowNumber);
        rowsRead += data.length;
    }
}

const isSeparatorLine = (cells: string[] | undefined, { delimiter }: CsvFormat) =>
    cells !== undefined && namedSeparator(cells.join(delimiter)) !== undefined;

/** @param end the row that is left to the next chunk, whose quotes may only seem wrong */
function throwQuoteError(errors: ParseError[], firstNumber: number, end: number) {
    const error = errors.find(({ row = 0 }) => row < end);
    if (!error) return;
    const code = error.code === 'MissingQuotes' ? 'fileQuoteOpen' : 'fileQuoteMisplaced';
    throw new CsvError(code, { row: firstNumber + (error.row ?? 0) });
}

function toRecords(data: string[][], firstNumber: number): CsvRecord[] {
    const records: CsvRecord[] = [];
    data.forEach((cells, index) => {
        const rowNumber = firstNumber + index;
        if (rowNumber === 0 || cells.every(isBlank)) return;
        cells.push((cells.pop() as string).replace(/(?<!\r)\r+$/, ''));
        records.push({ rowNumber, cells: cells.map(restoreFormula) });
    });
    return records;
}

export const isBlank = (cell: string) => cell.trim() === '';
