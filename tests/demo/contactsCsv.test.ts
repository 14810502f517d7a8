import Papa from 'papaparse';
import { expect, test } from 'vitest';
import { contactRows } from '../../demo/src/contacts/import/contactRows.ts';
import { DEFAULT_CHOICES } from '../../demo/src/contacts/import/contactSchema.ts';
import { contactsCsv } from './contactsCsv.ts';
import { englishText } from './englishText.ts';

const { text, rows, badRows, goodEmails } = contactsCsv();

test('the file has 1,000 rows, of which 40 are bad, and is the same each time', () => {
    expect(Papa.parse(text, { header: true }).data).toEqual(rows);
    expect([rows.length, badRows.length, new Set(goodEmails).size]).toEqual([1000, 40, 960]);
    expect(contactsCsv().text).toBe(text);
});

test.each([DEFAULT_CHOICES, { requireEmailOrPhone: true, companiesWithoutContacts: 'create' } as const])(
    'the browser notices just the rows that it is expected to, with %o',
    choices => {
        const nothing = async () => ({ id: 0 });
        const dataProvider = { getOrCreateCompany: nothing, getOrCreateTag: nothing };
        const { validate } = contactRows(dataProvider, choices, englishText);

        const noticed = rows.flatMap((row, index) => {
            const message = validate(row);
            return message ? [{ rowNumber: index + 2, message, noticedBy: 'browser' }] : [];
        });

        expect(noticed).toEqual(badRows.filter(({ noticedBy }) => noticedBy === 'browser'));
    },
);
