import Papa from 'papaparse';
import { CsvError } from './csvError.js';
import { type CsvRow, toCsvRow } from './readCsvRows.js';
import { type CsvDelimiter, type CsvFormat, type CsvRecord, readRecords } from './readRecords.js';
import { type CsvEncoding, type ReadOptions, readBytes } from './readText.js';
import { recognizeEncoding, startsWith } from './recognizeEncoding.js';
import { namedSeparator } from './separatorLine.js';

const MAX_COLUMNS = 1_000;
const PREVIEW_ROWS = 5;
const HEAD_BYTES = 64 * 1024;
const FEW_CONTROL_CHARACTERS = 5;
const DELIMITERS: CsvDelimiter[] = [',', ';', '\t', '|'];

/** A CSV file of which is known how it is written and what it holds. */
export interface CsvFile extends CsvFormat {
    file: File;
    /** It is neither in UTF-8 nor in UTF-16, and in which encoding it is nobody said. */
    isEncodingGuessed: boolean;
    /** The cells of the header. May be empty, and may occur twice. */
    columns: string[];
    /** How many rows hold something, without the header. */
    rows: number;
    firstRows: CsvRow[];
}

export interface InspectOptions extends ReadOptions {
    /** @default the one of the byte order mark, else UTF-16 or UTF-8 where the bytes are that, else Windows-1252 */
    encoding?: CsvEncoding | undefined;
    /** @default the one that a line `sep=;` names, else the one with which the first rows have most equally many cells */
    delimiter?: CsvDelimiter | undefined;
}

/**
 * Reads a file from beginning to end, keeps its header and first rows, and counts the others. On the main thread, in
 * steps of a few milliseconds: Papa Parse's worker is not quicker, and cannot be paused.
 *
 * @throws {CsvError} when it is no CSV file, or nothing can be imported from it
 */
export async function inspectCsv(file: File, options: InspectOptions = {}): Promise<CsvFile> {
    const head = await readBytes(file, 0, HEAD_BYTES);
    rejectWorkbook(head);
    const encoding = options.encoding ?? recognizeEncoding(head);
    try {
        return { ...(await inspect(file, head, encoding ?? 'utf-8', options)), isEncodingGuessed: false };
    } catch (error) {
        if (encoding || !(error instanceof CsvError && error.code === 'fileEncoding')) throw error;
        return { ...(await inspect(file, head, 'windows-1252', options)), isEncodingGuessed: true };
    }
}

async function inspect(
    file: File,
    head: ArrayBuffer,
    encoding: CsvEncoding,
    options: InspectOptions,
): Promise<Omit<CsvFile, 'isEncodingGuessed'>> {
    const format = guessFormat(new TextDecoder(encoding).decode(head), encoding, options.delimiter);
    let header: CsvRecord | undefined;
    let rows = 0;
    const firstRows: CsvRow[] = [];
    for await (const records of readRecords(file, format, options)) {
        let next = 0;
        if (!header && records[0]) {
            header = records[0];
            next = 1;
            rejectManyColumns(header.cells.length);
        }
        rows += records.length - next;
        while (header && firstRows.length < PREVIEW_ROWS && next < records.length) {
            firstRows.push(toCsvRow(records[next++] as CsvRecord, header.cells.length));
        }
    }
    if (!header) throw new CsvError('fileEmpty');
    if (!rows) throw new CsvError('fileWithoutRows');
    return { ...format, file, columns: header.cells.map(cell => cell.trim()), rows, firstRows };
}

function rejectManyColumns(columns: number) {
    if (columns > MAX_COLUMNS) throw new CsvError('fileTooManyColumns', { columns, most: MAX_COLUMNS });
}

function rejectWorkbook(head: ArrayBuffer) {
    // The beginning of a zip archive, which .xlsx and .ods are, and of an .xls.
    if (startsWith(head, '504b0304') || startsWith(head, 'd0cf11e0')) throw new CsvError('fileIsWorkbook');
}

function guessFormat(head: string, encoding: CsvEncoding, delimiter: CsvDelimiter | undefined): CsvFormat {
    // Stray control characters happen. One in a hundred is a picture or the like.
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    const controlCharacters = head.match(/[\0-\x08\x0e-\x1f]/g)?.length ?? 0;
    if (controlCharacters > Math.max(FEW_CONTROL_CHARACTERS, head.length / 100)) throw new CsvError('fileIsBinary');

    const { meta } = Papa.parse(head, { preview: 10, skipEmptyLines: 'greedy', delimitersToGuess: DELIMITERS });
    const named = namedSeparator(head.split(/[\r\n]/, 1)[0] as string);
    return {
        encoding,
        delimiter: delimiter ?? DELIMITERS.find(one => one === named) ?? (meta.delimiter as CsvDelimiter),
        // Papa takes the "\r\r\n" of a file that was converted twice for two ends.
        newline: meta.linebreak === '\r' && !head.includes('\r\r\n') ? '\r' : '\n',
    };
}
