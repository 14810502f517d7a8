import { expect, test } from 'vitest';
import { inspectCsv } from '../../../../src/mui/import/csv/inspectCsv.js';
import { csvFile, readAll, readCells, toLatin1, toUtf16 } from '../support/csvFiles.js';

const SMALL = 'name,email\nÉlie,elie@example.com\n';
const CELLS = [
    ['name', 'email'],
    ['Élie', 'elie@example.com'],
];

test('tells how a file is written, its columns, how many rows it has, and its first five', async () => {
    const lines = Array.from({ length: 1_000 }, (_, index) => `Ann ${index};ann${index}@example.com`);
    const file = csvFile(`name;email\n${lines.join('\n')}\n`);

    const csv = await inspectCsv(file);

    expect(csv).toMatchObject({
        file,
        encoding: 'utf-8',
        delimiter: ';',
        newline: '\n',
        columns: ['name', 'email'],
        rows: 1_000,
    });
    expect(csv.firstRows).toHaveLength(5);
    expect(csv.firstRows[0]).toEqual({ rowNumber: 2, cells: ['Ann 0', 'ann0@example.com'] });
});

test.each([
    ['UTF-8', 'utf-8', SMALL],
    ['UTF-8 with a byte order mark', 'utf-8', `\uFEFF${SMALL}`],
    ['UTF-16, little endian', 'utf-16le', toUtf16(`\uFEFF${SMALL}`)],
    ['UTF-16, big endian', 'utf-16be', toUtf16(`\uFEFF${SMALL}`, { bigEndian: true })],
    ['UTF-16, little endian, without a byte order mark', 'utf-16le', toUtf16(SMALL)],
    ['UTF-16, big endian, without a byte order mark', 'utf-16be', toUtf16(SMALL, { bigEndian: true })],
    ['Windows-1252', 'windows-1252', toLatin1(SMALL)],
])('recognises %s', async (_, encoding, bytes) => {
    const file = csvFile(bytes);

    expect(await inspectCsv(file)).toMatchObject({ encoding, isEncodingGuessed: encoding === 'windows-1252' });
    expect(await readCells(file)).toEqual(CELLS);
});

test.each([
    ['utf-16le', false],
    ['utf-16be', true],
])('recognises %s without a byte order mark by its line ends and commas alone', async (encoding, bigEndian) => {
    const text = `姓名,城市\n张一,成都市\n${'李雷,北京市朝阳区\n'.repeat(50)}`;

    expect(await inspectCsv(csvFile(toUtf16(text, { bigEndian })))).toMatchObject({
        encoding,
        columns: ['姓名', '城市'],
        rows: 51,
    });
});

test('leaves out the mark of UTF-8 in a file that is broken further down', async () => {
    const file = csvFile('\uFEFFname\n', toLatin1('Élie\n'));

    expect(await inspectCsv(file, { encoding: 'windows-1252' })).toMatchObject({ columns: ['name'] });
});

test('finds the first byte that is not UTF-8 however late it comes', async () => {
    const file = csvFile('name\n', 'Ann\n'.repeat(100_000), toLatin1('Élie\n'));

    expect(await inspectCsv(file)).toMatchObject({ encoding: 'windows-1252', rows: 100_001 });
});

test('reads with the encoding it is told', async () => {
    const csv = await inspectCsv(csvFile(SMALL), { encoding: 'windows-1252' });

    expect(csv).toMatchObject({ encoding: 'windows-1252', isEncodingGuessed: false });
    expect(csv.firstRows[0]?.cells[0]).toBe('Ã‰lie');
});

test('says so when the encoding it is told is not the one of the file', async () => {
    await expect(inspectCsv(csvFile(toLatin1(SMALL)), { encoding: 'utf-8' })).rejects.toThrow(
        'The file is not written in UTF-8. Choose another encoding.',
    );
});

test.each([
    ['commas', ','],
    ['semicolons', ';'],
    ['tabs', '\t'],
    ['bars', '|'],
])('recognises %s between cells', async (_, delimiter) => {
    const file = csvFile(`name${delimiter}note\nAnn${delimiter}"a, b; c"\nBob${delimiter}none\n`);

    expect(await inspectCsv(file)).toMatchObject({ delimiter, columns: ['name', 'note'] });
});

test('reads with the delimiter it is told', async () => {
    const csv = await inspectCsv(csvFile('a;b,c\n1;2,3\n'), { delimiter: ',' });

    expect(csv.columns).toEqual(['a;b', 'c']);
});

test.each([
    ['\n', ';'],
    ['\r\n', '\t'],
    ['\r', '|'],
])('a first line "sep=" names the delimiter, and is no row: %j', async (newline, delimiter) => {
    const lines = [`sep=${delimiter}`, `last, first${delimiter}note`, '', `Doe, J${delimiter}a, b`, ''];
    const file = csvFile(lines.join(newline));

    for (const chunkBytes of [2, 7, undefined]) {
        const csv = await inspectCsv(file, { chunkBytes });
        expect(csv).toMatchObject({ delimiter, columns: ['last, first', 'note'], rows: 1 });
        expect(await readAll(csv, { chunkBytes })).toEqual([{ rowNumber: 3, cells: ['Doe, J', 'a, b'] }]);
    }
});

test('a first line "sep=" is no row either where the person knows better or no such delimiter is known', async () => {
    expect(await readCells(csvFile('sep=;\na;b,c\n1;2,3\n'), { delimiter: ',' })).toEqual([
        ['a;b', 'c'],
        ['1;2', '3'],
    ]);
    expect(await readCells(csvFile('"sep=^"\na,b\n1,2\n'))).toEqual([
        ['a', 'b'],
        ['1', '2'],
    ]);
});

test('errors below a first line "sep=" have the number of the row in a spreadsheet', async () => {
    await expect(inspectCsv(csvFile('sep=,\na,b\n1,2\n"3"x,4\n'))).rejects.toThrow('Row 3 has a quote');
});

test('takes a file of one column as it is', async () => {
    expect(await readCells(csvFile('email\nann@example.com\n'))).toEqual([['email'], ['ann@example.com']]);
});

test.each([
    ['LF', '\n'],
    ['CRLF', '\r\n'],
    ['CR', '\r'],
])('reads rows that end in %s, the last one with and without', async (_, newline) => {
    const text = ['name,email', 'Élie,elie@example.com'].join(newline);

    expect(await readCells(csvFile(text))).toEqual(CELLS);
    expect(await readCells(csvFile(text, newline))).toEqual(CELLS);
});

test('reads a file that mixes line endings', async () => {
    expect(await readCells(csvFile('a,b\r\n1,2\n"3","4"\r\n5,6\r\n'))).toEqual([
        ['a', 'b'],
        ['1', '2'],
        ['3', '4'],
        ['5', '6'],
    ]);
});

test('keeps delimiters, doubled quotes and line breaks within quotes', async () => {
    expect(await readCells(csvFile('name,note\r\n"O""Neil, Ann","first\r\nsecond"\r\n'))).toEqual([
        ['name', 'note'],
        ['O"Neil, Ann', 'first\r\nsecond'],
    ]);
});

test('numbers rows as a spreadsheet does: blank ones count, line breaks in cells do not', async () => {
    const csv = await inspectCsv(csvFile('name,note\n\nAnn,"1\n2"\n,\n  \nBob,\n'));

    expect(csv.rows).toBe(2);
    expect((await readAll(csv)).map(row => [row.rowNumber, row.cells[0]])).toEqual([
        [3, 'Ann'],
        [6, 'Bob'],
    ]);
});

test('a file that was converted twice, of which lines end in "\\r\\r\\n", has no blank rows between', async () => {
    const csv = await inspectCsv(csvFile('name,note\r\r\nAnn,1\r\r\n"Bob","2"\r\r\n\r\r\nCarl,3\r\r\n'));

    expect(csv.columns).toEqual(['name', 'note']);
    expect(await readAll(csv)).toEqual([
        { rowNumber: 2, cells: ['Ann', '1'] },
        { rowNumber: 3, cells: ['Bob', '2'] },
        { rowNumber: 5, cells: ['Carl', '3'] },
    ]);
});

test('keeps columns that have no name or the same name, and trims names', async () => {
    const csv = await inspectCsv(csvFile(' email ,,email\na,b,c\n'));

    expect(csv.columns).toEqual(['email', '', 'email']);
});

test('a header that names parts of JavaScript objects is nothing special', async () => {
    const file = csvFile('__proto__,constructor,toString\n1,2,3\n');

    expect(await readCells(file)).toEqual([
        ['__proto__', 'constructor', 'toString'],
        ['1', '2', '3'],
    ]);
    expect({}).not.toHaveProperty('1');
});

test('a row with more cells than the header is told apart, blank ones at its end aside', async () => {
    const csv = await inspectCsv(csvFile('a,b\n1,2,3\n1,2,,\n1\n'));

    expect((await readAll(csv)).map(row => row.problem?.message)).toEqual([
        'The row has more cells (3) than the header (2). Is a cell with a delimiter not quoted?',
        undefined,
        undefined,
    ]);
});

test.each([
    ['an empty file', 'The file is empty.', ''],
    ['a byte order mark alone', 'The file is empty.', '\uFEFF'],
    ['blank lines alone', 'The file is empty.', '\n \n,,\n'],
    ['a header alone', 'The file has a header and no rows.', 'name,email\n\n'],
    [
        '10,000 columns',
        'The file has 10000 columns, 1000 at most can be imported.',
        `${'a,'.repeat(9_999)}a\n${'1,'.repeat(9_999)}1\n`,
    ],
    ['an open quote', 'A quote that opens in row 3 is never closed.', 'a,b\n1,2\n"3,4\n5,6\n'],
    [
        'an open quote in a large file',
        'Row 3 is longer than a million characters. Is a closing quote missing?',
        `a,b\n1,2\n"3,4\n${'5,6\n'.repeat(400_000)}`,
    ],
    [
        'a cell of two million characters',
        'Row 2 is longer than a million characters. Is a closing quote missing?',
        `a,b\n1,${'x'.repeat(2_000_000)}\n`,
    ],
    [
        'a quote in the wrong place',
        'Row 3 has a quote in the wrong place. Quotes within a quoted cell must be doubled.',
        'a,b\n1,2\n"3"x,4\n',
    ],
    [
        'an Excel workbook',
        'This is an Excel workbook or an archive, not a CSV file. Open it, save it as CSV, and choose that file.',
        toLatin1('PK\x03\x04\x14\0\x06\0'),
    ],
    [
        'an old Excel workbook',
        'This is an Excel workbook or an archive, not a CSV file. Open it, save it as CSV, and choose that file.',
        toLatin1('\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1'),
    ],
    [
        'a picture',
        'This is not a text file. Save the data as CSV, and choose that file.',
        toLatin1('\x89PNG\r\n\x1a\n\0\0\0\rIHDR'),
    ],
    [
        'compressed data',
        'This is not a text file. Save the data as CSV, and choose that file.',
        Uint8Array.from({ length: 10_000 }, (_, index) => (index * 7919) % 255 || 1),
    ],
    [
        'a small file with a NUL character',
        'This is not a text file. Save the data as CSV, and choose that file.',
        'a,b\n1,\x00\n2,3\n',
    ],
    [
        'a NUL character late in the file',
        'This is not a text file. Save the data as CSV, and choose that file.',
        `a,b\n${'1,2\n'.repeat(200_000)}3,\0`,
    ],
])('%s is rejected: %s', async (_, message, content) => {
    await expect(inspectCsv(csvFile(content))).rejects.toThrow(message);
});

test('a stray control character does not make a file binary', async () => {
    const csv = await inspectCsv(csvFile(`name\n${'Ann\n'.repeat(100)}B\x1Fob\n`));

    expect(csv.rows).toBe(101);
});

test('nor does it where the file is small', async () => {
    expect(await readCells(csvFile('a,b\n1,\x012\n'))).toEqual([
        ['a', 'b'],
        ['1', '\x012'],
    ]);
});

test.each([
    ['UTF-8', 'a,b\n1,"2"\x1A'],
    ['UTF-8 with a line end before it', 'a,b\n1,2\n\x1A'],
    ['UTF-16', toUtf16('\uFEFFa,b\n1,2\n\x1A')],
])('the Ctrl-Z at the end of a file of DOS is no row: %s', async (_, content) => {
    for (const chunkBytes of [3, undefined]) {
        expect(await readCells(csvFile(content), { chunkBytes })).toEqual([
            ['a', 'b'],
            ['1', '2'],
        ]);
    }
});

test('a file that was deleted meanwhile is told so', async () => {
    const file = csvFile(SMALL);
    const csv = await inspectCsv(file);
    file.slice = () => {
        const part = new Blob();
        part.arrayBuffer = () => Promise.reject(new DOMException('gone', 'NotReadableError'));
        return part;
    };

    await expect(readAll(csv)).rejects.toThrow('The file cannot be read.');
});

test('tells how much has been read', async () => {
    const shares: number[] = [];

    await inspectCsv(csvFile(SMALL), { chunkBytes: 10, onProgress: share => shares.push(share) });

    expect(shares).toEqual([10 / 34, 20 / 34, 30 / 34, 1]);
});

test('an abort ends the reading', async () => {
    const controller = new AbortController();
    const onProgress = () => controller.abort(new Error('stop'));

    const reading = inspectCsv(csvFile(SMALL), { chunkBytes: 10, signal: controller.signal, onProgress });

    await expect(reading).rejects.toThrow('stop');
});

test('rows are read only as they are asked for', async () => {
    const csv = await inspectCsv(csvFile(`name\n${'Ann\n'.repeat(1_000)}`));
    const shares: number[] = [];
    let rows = 0;

    for await (const _ of (await import('../../../../src/mui/import/csv/readCsvRows.js')).readCsvRows(csv, {
        chunkBytes: 40,
        onProgress: share => shares.push(share),
    })) {
        if (++rows === 5) break;
    }

    expect(Math.max(0, ...shares)).toBeLessThan(0.05);
});
