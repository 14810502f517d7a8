import Papa from 'papaparse';
import { inspectCsv } from '../../src/mui/import/csv/inspectCsv.ts';
import { contactsCsv } from '../../tests/demo/contactsCsv.ts';

const FILE_BYTES = 100_000_000;
/** What `inspectCsv` reads at a time. */
const CHUNK_BYTES = 256 * 1024;

/** Reads a file to its end, and counts the rows below its header. */
const WAYS = {
    inspectCsv: async (file: File) => (await inspectCsv(file)).rows,
    worker: (file: File) => readInWorker(file, CHUNK_BYTES),
    workerByDefault: (file: File) => readInWorker(file, Papa.LocalChunkSize),
} satisfies Record<string, (file: File) => Promise<number>>;

export type Way = keyof typeof WAYS;

/** Whether there are quotation marks, with commas and line breaks in cells. Papa Parse has a faster way for what has none. */
export type Kind = 'plain' | 'quoted';

export interface Reading {
    rows: number;
    /** How many there are. */
    rowsInFile: number;
    durationMs: number;
    longestGapMs: number;
}

declare global {
    interface Window {
        measure: (kind: Kind, way: Way) => Promise<Reading>;
    }
}

const readInWorker = (file: File, chunkSize: number) =>
    new Promise<number>((resolve, reject) => {
        let records = 0;
        Papa.parse<string[]>(file, {
            worker: true,
            chunkSize,
            skipEmptyLines: 'greedy',
            chunk: ({ data }) => {
                records += data.length;
            },
            complete: () => resolve(records - 1),
            error: reject,
        });
    });

/** The contacts of the demo again and again. */
function makeFile(kind: Kind): { file: File; rowsInFile: number } {
    const { rows } = contactsCsv();
    const text = Papa.unparse(kind === 'plain' ? rows.map(toPlain) : rows);
    const endOfHeader = text.indexOf('\r\n');
    const contacts = text.slice(endOfHeader);
    const times = Math.ceil(FILE_BYTES / new Blob([contacts]).size);
    const parts = [text.slice(0, endOfHeader), ...new Array<string>(times).fill(contacts)];
    return { file: new File(parts, 'contacts.csv', { type: 'text/csv' }), rowsInFile: rows.length * times };
}

const toPlain = (row: Record<string, string>) =>
    Object.fromEntries(Object.entries(row).map(([column, cell]) => [column, cell.replace(/[",\n]/g, '').trim()]));

/** Looks for how long the page does nothing else, by a timer that wants to run every 4 ms, as often as browsers let it. */
function watchGaps() {
    let longestGapMs = 0;
    let last = performance.now();
    const tick = () => {
        const now = performance.now();
        longestGapMs = Math.max(longestGapMs, now - last);
        last = now;
    };
    const timer = setInterval(tick, 4);
    return () => {
        clearInterval(timer);
        tick();
        return longestGapMs;
    };
}

window.measure = async (kind, way) => {
    const { file, rowsInFile } = makeFile(kind);
    await file.slice(-1).arrayBuffer(); // by then the browser has all of it
    const longestGap = watchGaps();
    const start = performance.now();
    const rows = await WAYS[way](file);
    const durationMs = performance.now() - start;
    return { rows, rowsInFile, durationMs, longestGapMs: longestGap() };
};
