import { expect, test } from 'vitest';
import { type CheckReport, checkRows } from '../../../src/mui/import/checkRows.js';
import type { ImportRow } from '../../../src/mui/import/importRows.js';

async function* rows(count: number): AsyncGenerator<ImportRow> {
    for (let index = 0; index < count; index++) yield { rowNumber: index + 2, values: {} };
}

/** Takes its time, as large schemas do. */
const slow = () => {
    const end = performance.now() + 1;
    while (performance.now() < end);
    return undefined;
};

const noProgress = () => {};

test('all problems are counted, and the first hundred kept', async () => {
    const { signal } = new AbortController();

    const report = await checkRows(rows(500), () => 'is wrong', { signal, onProgress: noProgress });

    expect(report).toMatchObject({ checked: 500, bad: 500 });
    expect(report.problems).toHaveLength(100);
    expect(report.problems[99]?.rowNumber).toBe(101);
});

test('gives way to the browser every few milliseconds, and tells how far it is now and then', async () => {
    const { signal } = new AbortController();
    const reports: CheckReport[] = [];
    let turns = 0;
    const timer = setInterval(() => turns++, 1);

    await checkRows(rows(450), slow, { signal, onProgress: report => reports.push(report) });

    clearInterval(timer);
    expect(turns).toBeGreaterThan(15);
    expect(reports.length).toBeGreaterThanOrEqual(1);
    expect(reports.length).toBeLessThan(10);
    expect(reports[0]?.checked).toBeLessThan(450);
});

test('an abort while the browser has its turn after the last row ends it too', async () => {
    const controller = new AbortController();
    const validate = () => {
        for (let row = 0; row < 15; row++) slow();
        setTimeout(() => controller.abort(new Error('stop')));
        return undefined;
    };

    const checking = checkRows(rows(1), validate, { signal: controller.signal, onProgress: noProgress });

    await expect(checking).rejects.toThrow('stop');
});

test('an abort ends it', async () => {
    const controller = new AbortController();
    const onProgress = () => controller.abort(new Error('stop'));

    await expect(checkRows(rows(10_000), slow, { signal: controller.signal, onProgress })).rejects.toThrow('stop');
});
