import { findProblem, type ValidateRow } from './importRowOptions.js';
import type { ImportRow } from './importRows.js';

/** The browser gets its turn this often, so that a page with a slow validation does not freeze. */
const SLICE_MS = 10;
const TOLD_EVERY_MS = 200;
const MOST_PROBLEMS = 100;

/** What a dry run has found so far. */
export interface CheckReport {
    checked: number;
    bad: number;
    /** The first hundred. */
    problems: readonly { rowNumber: number; error: unknown }[];
}

export interface CheckOptions {
    signal: AbortSignal;
    /** Told a few times a second. */
    onProgress: (report: CheckReport) => void;
}

/**
 * Looks at every row, and sends nothing.
 *
 * @throws {CsvError} when the file can no longer be read
 */
export async function checkRows(
    rows: AsyncIterable<ImportRow>,
    validate: ValidateRow | undefined,
    { signal, onProgress }: CheckOptions,
): Promise<CheckReport> {
    const problems: { rowNumber: number; error: unknown }[] = [];
    const counts = { checked: 0, bad: 0 };
    let sliceStart = performance.now();
    let toldAt = sliceStart;
    for await (const row of rows) {
        const error = await findProblem(row, validate);
        signal.throwIfAborted();
        counts.checked++;
        if (error !== undefined) {
            counts.bad++;
            if (problems.length < MOST_PROBLEMS) problems.push({ rowNumber: row.rowNumber, error });
        }
        const now = performance.now();
        if (now - sliceStart < SLICE_MS) continue;
        if (now - toldAt > TOLD_EVERY_MS) {
            onProgress({ ...counts, problems: [...problems] });
            toldAt = now;
        }
        await new Promise(resolve => setTimeout(resolve));
        sliceStart = performance.now();
    }
    signal.throwIfAborted();
    return { ...counts, problems };
}
