import { expect, test } from 'vitest';
import { errorCsv } from '../../../../src/mui/import/csv/errorCsv.js';
import { neutralizeFormula } from '../../../../src/mui/import/csv/formulae.js';
import { inspectCsv } from '../../../../src/mui/import/csv/inspectCsv.js';
import { csvFile, readCells } from '../support/csvFiles.js';

const textOf = async (content: BlobPart, errors: [number, string][]) => {
    const messages = new Map(errors);
    const blob = await errorCsv(await inspectCsv(csvFile(content)), rowNumber => messages.get(rowNumber));
    return new TextDecoder('utf-8', { ignoreBOM: true }).decode(await blob.arrayBuffer());
};

test('has the failed rows with their columns, numbers and messages, and a byte order mark for Excel', async () => {
    const text = await textOf('name;age\nAnn;1\nBob;x\nÉlie;3\n', [
        [3, 'age: is not a number'],
        [4, 'duplicate key'],
    ]);

    expect(text).toBe(
        '\uFEFF"row","error","name","age"\r\n' +
            '"3","age: is not a number","Bob","x"\r\n' +
            '"4","duplicate key","Élie","3"\r\n',
    );
});

test('keeps the cells beyond the header', async () => {
    expect(await textOf('a,b\n1,2,3\n', [[2, 'too many']])).toContain('"2","too many","1","2","3"');
});

test('words what is wrong as the rows are read, so that a page with many of them does not freeze', async () => {
    const csv = await inspectCsv(csvFile(`name\n${'Ann\n'.repeat(20_000)}`));
    const asked: number[] = [];
    const askedByChunk: number[] = [];

    const messageOf = (rowNumber: number) => `wrong ${asked.push(rowNumber)}`;
    await errorCsv(csv, messageOf, { onProgress: () => askedByChunk.push(asked.length) });

    expect(asked).toHaveLength(20_000);
    expect(askedByChunk.length).toBeGreaterThan(1);
    expect(askedByChunk[0]).toBeLessThan(10_000);
});

test.each(['=1+1', '+33 6 12', '-5', '@SUM(A1)', '\t=1', '\r=1', '=1\nsecond line', ' =1', '＝1', "'=1"])(
    'a cell that begins like a formula gets an apostrophe: %j',
    cell => {
        expect(neutralizeFormula(cell)).toBe(`'${cell}`);
    },
);

test.each(['Ann', '1-2', 'a=b', '', "O'Neil", "'quoted'"])('other cells are left alone: %j', cell => {
    expect(neutralizeFormula(cell)).toBe(cell);
});

test('a phone number survives: the apostrophe it gets is taken away when the file is imported', async () => {
    const csv = await inspectCsv(csvFile('name,phone\nAnn,+33 6 12 34 56 78\n'));

    const written = await errorCsv(csv, () => 'name: is taken');
    const again = await errorCsv(await inspectCsv(csvFile(written)), () => 'name: is taken');

    expect(await again.text()).toContain(`"'+33 6 12 34 56 78"`);
    expect(await readCells(csvFile(again))).toEqual([
        ['row', 'error', 'name', 'phone'],
        ['2', 'name: is taken', 'Ann', '+33 6 12 34 56 78'],
    ]);
});
