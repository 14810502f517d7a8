import { describe, expect, test } from 'vitest';
import type { ContactRow } from '../../demo/src/contacts/import/contactFields.ts';
import {
    type ContactImportChoices,
    contactSchema,
    DEFAULT_CHOICES,
} from '../../demo/src/contacts/import/contactSchema.ts';
import { englishText } from './englishText.ts';

const NAME = { first_name: 'Ada', last_name: 'Lovelace' };

const read = (row: ContactRow, choices: Partial<ContactImportChoices> = {}) =>
    contactSchema({ ...DEFAULT_CHOICES, ...choices }, englishText).safeParse(row);

/** What the person is told, one text a problem. */
const problemsOf = (...args: Parameters<typeof read>) =>
    read(...args).error?.issues.map(({ message }) => message) ?? [];

describe('a good row', () => {
    test('is trimmed, and each value has its type', () => {
        const row = {
            first_name: ' Ada ',
            last_name: 'Lovelace\u00a0',
            email: ' ada@example.com',
            phone: '+1 555 0100',
            title: '\tMathematician',
            company: ' Analytical Engines ',
            tags: 'press; early bird,,VIP ;',
            status: 'Customer',
            newsletter: 'YES',
        };

        expect(read(row).data).toEqual({
            first_name: 'Ada',
            last_name: 'Lovelace',
            email: 'ada@example.com',
            phone: '+1 555 0100',
            title: 'Mathematician',
            company: 'Analytical Engines',
            tags: ['press', 'early bird', 'VIP'],
            status: 'customer',
            newsletter: true,
        });
    });

    test.each([
        ['empty cells', { email: '', phone: ' ', title: '', company: '', tags: '', status: '', newsletter: ' ' }],
        ['cells that the file does not have', {}],
        ['cells without a value', { email: null, tags: null, status: null, newsletter: undefined }],
    ])('%s are null, and left to the defaults of the database where it has some', (_, cells) => {
        expect(read({ ...NAME, ...cells }).data).toEqual({
            ...NAME,
            email: null,
            phone: null,
            title: null,
            company: null,
            tags: [],
            status: undefined,
            newsletter: undefined,
        });
    });

    test.each(['yes', 'Y', 'Oui', 'true', 'TRUE', '1', 'x', 'on'])('%s is a yes', newsletter => {
        expect(read({ ...NAME, newsletter }).data?.newsletter).toBe(true);
    });

    test.each(['no', 'N', 'non', 'false', 'False', '0', 'off', '-'])('%s is a no', newsletter => {
        expect(read({ ...NAME, newsletter }).data?.newsletter).toBe(false);
    });

    test.each(['ada@example.com', "o'neil+crm@mail.example.co.uk", 'müller@bücher.example'])(
        '%s is an e-mail address',
        email => {
            expect(problemsOf({ ...NAME, email })).toEqual([]);
        },
    );

    test('texts may be as long as the limit', () => {
        expect(problemsOf({ first_name: 'x'.repeat(100), last_name: 'y'.repeat(100), title: 'z'.repeat(200) })).toEqual(
            [],
        );
    });
});

describe('a bad row says what is wrong with it', () => {
    test.each(['foo', 'foo@', 'foo@bar', '@example.com', 'two words@example.com', 'a@b@example.com'])(
        'e-mail %s',
        email => {
            expect(problemsOf({ ...NAME, email })).toEqual([`E-mail: "${email}" is not an e-mail address`]);
        },
    );

    test('an e-mail address of nothing but dots is seen through at once', () => {
        expect(problemsOf({ ...NAME, email: `a@${'.'.repeat(200_000)}@` })).toHaveLength(2);
    });

    test('long cells are quoted in part', () => {
        const [problem] = problemsOf({ ...NAME, email: 'x'.repeat(100) });

        expect(problem).toBe(`E-mail: "${'x'.repeat(60)}…" is not an e-mail address`);
    });

    test.each([
        ['First name', 'first_name', 100],
        ['Last name', 'last_name', 100],
        ['Phone', 'phone', 50],
        ['Title', 'title', 200],
        ['Company', 'company', 200],
    ])('%s: too long', (label, field, limit) => {
        const problems = problemsOf({ ...NAME, [field]: 'x'.repeat(limit + 1) });

        expect(problems).toEqual([`${label}: ${limit + 1} characters are too many, ${limit} are allowed`]);
    });

    test('an e-mail address that is too long', () => {
        const email = `${'x'.repeat(250)}@example.com`;

        expect(problemsOf({ ...NAME, email })).toEqual(['E-mail: 262 characters are too many, 254 are allowed']);
    });

    test.each([
        ['Status: "VIP" is none of lead, customer, partner, inactive', { status: 'VIP' }],
        ['Newsletter: "maybe" is neither yes nor no', { newsletter: 'maybe' }],
        ['Tags: more than 20', { tags: Array(21).fill('tag').join() }],
        ['Tags: one has more than 50 characters', { tags: `press, ${'x'.repeat(51)}` }],
        ['First name: missing', { first_name: ' ' }],
        ['Last name: missing', { last_name: undefined }],
    ])('%s', (problem, cells) => {
        expect(problemsOf({ ...NAME, ...cells })).toEqual([problem]);
    });

    test('all of it at once', () => {
        const row = { first_name: 'Ada', email: 'foo', status: 'VIP', newsletter: 'maybe' };

        expect(problemsOf(row, { requireEmailOrPhone: true })).toEqual([
            'E-mail: "foo" is not an e-mail address',
            'Status: "VIP" is none of lead, customer, partner, inactive',
            'Newsletter: "maybe" is neither yes nor no',
            'Last name: missing',
        ]);
    });

    test('an empty row has no name', () => {
        expect(problemsOf({ title: '' })).toEqual(['First name: missing', 'Last name: missing']);
    });
});

describe('choices', () => {
    const LEFT_OUT = 'Left out: neither an e-mail address nor a phone number';

    test('contacts without an e-mail address and a phone number are imported, unless one is required', () => {
        expect(problemsOf(NAME)).toEqual([]);
        expect(problemsOf(NAME, { requireEmailOrPhone: true })).toEqual([LEFT_OUT]);
    });

    test.each([{ email: 'ada@example.com' }, { phone: '+1 555 0100' }])('%o is enough where one is required', cells => {
        expect(problemsOf({ ...NAME, ...cells }, { requireEmailOrPhone: true })).toEqual([]);
    });

    test('companies without contacts are left out, unless they are to be created', () => {
        const row = { company: 'Analytical Engines', title: 'ignored' };

        expect(problemsOf(row)).toEqual(['Left out: it names a company but no contact']);
        expect(problemsOf(row, { companiesWithoutContacts: 'create', requireEmailOrPhone: true })).toEqual([]);
    });

    test('a company and half a name is a contact whose name is incomplete', () => {
        const row = { company: 'Analytical Engines', last_name: 'Lovelace' };

        expect(problemsOf(row, { companiesWithoutContacts: 'create' })).toEqual(['First name: missing']);
    });
});
