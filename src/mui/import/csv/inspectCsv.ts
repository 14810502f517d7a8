import Papa from 'papaparse';
import { CsvError } from './csvError.js';
import { type CsvRow, toCsvRow } from './readCsvRows.js';
import { type CsvDelimiter, type CsvFormat, type CsvRecord, readRecords } from './readRecords.js';
import { type CsvEncoding, type ReadOptions, readBytes } from './readText.js';

const MAX_COLUMNS = 1_000;
const PREVIEW_ROWS = 5;
const HEAD_BYTES = 64 * 1024;
const DELIMITERS: CsvDelimiter[] = [',', ';', '\t', '|'];

/** A CSV file of which is known how it is written and what it holds. */
export interface CsvFile extends CsvFormat {
    file: File;
    /** It is not in UTF-8, and in which encoding it is nobody said. */
    isEncodingGuessed: boolean;
    /** The cells of the header. May be empty, and may occur twice. */
    columns: string[];
    /** How many rows hold something, without the header. */
    rows: number;
    firstRows: CsvRow[];
}

export interface InspectOptions extends ReadOptions {
    /** @default the one of the byte order mark, else UTF-8 where the bytes are that, else Windows-1252 */
    encoding?: CsvEncoding | undefined;
    /** @default the one with which the first rows have most equally many cells */
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
    const marked = markedEncoding(head);
    const encoding = options.encoding ?? marked ?? 'utf-8';
    try {
        return { ...(await inspect(file, head, encoding, options)), isEncodingGuessed: false };
    } catch (error) {
        const isGuessed = !options.encoding && !marked;
        if (!isGuessed || !(error instanceof CsvError && error.code === 'fileEncoding')) throw error;
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
    const signature = toHex(head, 4);
    // The beginning of a zip archive, which .xlsx and .ods are, and of an .xls.
    if (signature === '504b0304' || signature === 'd0cf11e0') throw new CsvError('fileIsWorkbook');
}

function markedEncoding(head: ArrayBuffer): CsvEncoding | undefined {
    if (toHex(head, 3) === 'efbbbf') return 'utf-8';
    if (toHex(head, 2) === 'fffe') return 'utf-16le';
    if (toHex(head, 2) === 'feff') return 'utf-16be';
    return undefined;
}

const toHex = (bytes: ArrayBuffer, length: number) =>
    [...new Uint8Array(bytes.slice(0, length))].map(byte => byte.toString(16).padStart(2, '0')).join('');

function guessFormat(head: string, encoding: CsvEncoding, delimiter: CsvDelimiter | undefined): CsvFormat {
    // A stray control character happens. One in a hundred is a picture or the like.
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    const controlCharacters = head.match(/[\0-\x08\x0e-\x1f]/g)?.length ?? 0;
    if (controlCharacters > head.length / 100) throw new CsvError('fileIsBinary');

    const { meta } = Papa.parse(head, { preview: 10, skipEmptyLines: 'greedy', delimitersToGuess: DELIMITERS });
    return {
        encoding,
        delimiter: delimiter ?? (meta.delimiter as CsvDelimiter),
        newline: meta.linebreak === '\r' ? '\r' : '\n',
    };
}
