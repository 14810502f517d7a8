import fc from 'fast-check';
import Papa from 'papaparse';
import { expect, test } from 'vitest';
import { errorCsv } from '../../../../src/mui/import/csv/errorCsv.js';
import { neutralizeFormula, restoreFormula } from '../../../../src/mui/import/csv/formulae.js';
import { inspectCsv } from '../../../../src/mui/import/csv/inspectCsv.js';
import type { CsvDelimiter } from '../../../../src/mui/import/csv/readRecords.js';
import { csvFile, readAll, readCells, toUtf16 } from '../support/csvFiles.js';

/** Cells of what is awkward in a CSV file, the first never blank and never a line break at the end. */
const cell = fc
    .array(fc.constantFrom('a', 'é', '漢', '😀', '"', '""', ',', ';', '\t', '|', '\n', '\r\n', ' ', "'", '=', '+', '7'))
    .map(parts => `${parts.join('')}.`);
const header = fc.uniqueArray(fc.stringMatching(/^[a-z]{1,8}$/), { minLength: 2, maxLength: 5 });
const table = header.chain(columns =>
    fc.tuple(
        fc.constant(columns),
        fc.array(fc.array(cell, { minLength: columns.length, maxLength: columns.length }), {
            minLength: 1,
            maxLength: 20,
        }),
    ),
);
const chunkBytes = fc.integer({ min: 2, max: 60 });
const encode = {
    'utf-8': (text: string) => text,
    'utf-16le': (text: string) => toUtf16(`\uFEFF${text}`),
    'utf-16be without a mark': (text: string) => toUtf16(text, { bigEndian: true }),
};

test('what is written is read, wherever the chunks of the file end', async () => {
    const delimiter = fc.constantFrom<CsvDelimiter>(',', ';', '\t', '|');
    const newline = fc.constantFrom('\n', '\r\n');
    const encoding = fc.constantFrom<keyof typeof encode>('utf-8', 'utf-16le');

    await fc.assert(
        fc.asyncProperty(
            table,
            delimiter,
            newline,
            encoding,
            chunkBytes,
            fc.boolean(),
            async ([columns, rows], delimiter, newline, encoding, chunkBytes, quotes) => {
                const cells = [columns, ...rows.map(row => row.map(neutralizeFormula))];
                const text = Papa.unparse(cells, { delimiter, newline, quotes });
                const file = csvFile(encode[encoding](text));

                expect(await readCells(file, { delimiter, chunkBytes })).toEqual([columns, ...rows]);
            },
        ),
    );
});

test('the file of failed rows holds them as they were, numbered, and nothing that a spreadsheet executes', async () => {
    await fc.assert(
        fc.asyncProperty(
            table,
            fc.infiniteStream(fc.boolean()),
            chunkBytes,
            async ([columns, rows], fails, chunkBytes) => {
                const cells = [columns, ...rows.map(row => row.map(neutralizeFormula))];
                const csv = await inspectCsv(csvFile(Papa.unparse(cells)), { delimiter: ',' });
                const failed = (await readAll(csv)).filter(() => fails.next().value);
                fc.pre(failed.length > 0);

                const numbers = new Set(failed.map(row => row.rowNumber));
                const messageOf = (rowNumber: number) => (numbers.has(rowNumber) ? '=error' : undefined);
                const blob = await errorCsv(csv, messageOf, { chunkBytes });

                const raw = Papa.parse<string[]>(await blob.text(), { delimiter: ',' }).data.flat();
                expect(raw.filter(text => /^\s*[=+\-@]|^[\t\r]/.test(text))).toEqual([]);
                const written = await readCells(csvFile(blob), { delimiter: ',' });
                expect(written).toEqual([
                    ['row', 'error', ...columns],
                    ...failed.map(row => [String(row.rowNumber), '=error', ...row.cells]),
                ]);
            },
        ),
    );
});

test('any cell is itself again after it was neutralised', () => {
    fc.assert(
        fc.property(
            fc.oneof(
                fc.string(),
                cell,
                cell.map(text => `=${text}`),
            ),
            text => {
                expect(restoreFormula(neutralizeFormula(text))).toBe(text);
            },
        ),
    );
});
