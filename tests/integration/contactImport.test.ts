import type { SupabaseClient } from '@supabase/supabase-js';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { contactRows } from '../../demo/src/contacts/import/contactRows.ts';
import { DEFAULT_CHOICES } from '../../demo/src/contacts/import/contactSchema.ts';
import { rowMessage } from '../../demo/src/contacts/import/rowMessage.ts';
import type { CrmDataProvider } from '../../demo/src/dataProvider.ts';
import { contactsCsv } from '../demo/contactsCsv.ts';
import { englishText } from '../demo/englishText.ts';
import { type SupabaseServer, startSupabaseServer } from './support/supabaseServer.ts';

let server: SupabaseServer;
let supabaseClient: SupabaseClient;
/** The data provider of the demo, as it is. */
let dataProvider: CrmDataProvider;

beforeAll(async () => {
    server = await startSupabaseServer();
    vi.stubEnv('VITE_SUPABASE_URL', server.url);
    vi.stubEnv('VITE_SUPABASE_ANON_KEY', server.apiKey);
    ({ supabaseClient } = await import('../../demo/src/supabase.ts'));
    ({ crmDataProvider: dataProvider } = await import('../../demo/src/dataProvider.ts'));
});

beforeEach(() => server.setLimits({ rate: 1000, burst: 10_000 }));

afterAll(() => server.close());

/** The names in a table that are this one, in whatever case. */
async function namesLike(table: string, name: string): Promise<string[]> {
    const { data } = await supabaseClient.from(table).select('name').ilike('name', name).throwOnError();
    return data.map(row => row.name);
}

describe.each([
    ['getOrCreateCompany', 'companies', 'Lumen Optics', 2, 'A company needs a name'],
    ['getOrCreateTag', 'tags', 'Decision maker', 1, 'A tag needs a name'],
] as const)('%s', (method, table, existing, existingId, complaint) => {
    test('finds what is there, in whatever case and between spaces', async () => {
        await expect(dataProvider[method](` ${existing.toUpperCase()} `)).resolves.toMatchObject({
            id: existingId,
            name: existing,
        });

        await expect(namesLike(table, existing)).resolves.toEqual([existing]);
    });

    test('creates what is not there, once for all who ask at the same moment', async () => {
        const found = await Promise.all(
            ['Brand new', 'brand NEW', ' Brand new'].map(name => dataProvider[method](name)),
        );

        expect(new Set(found.map(({ id }) => id)).size).toBe(1);
        await expect(namesLike(table, 'brand new')).resolves.toHaveLength(1);
    });

    test.each(['', '   '])('refuses the name %j', async name => {
        await expect(dataProvider[method](name)).rejects.toMatchObject({ status: 400, message: complaint });
    });

    test('takes a token, found or created', async () => {
        await server.setLimits({ rate: 0.001, burst: 2 });

        await dataProvider[method](existing);
        await dataProvider[method]('Never seen');

        await expect(dataProvider[method](existing)).rejects.toMatchObject({ status: 429 });
    });
});

test('new tags have different colors, and a name always the same one', async () => {
    const createTag = (name: string) => dataProvider.getOrCreateTag(name);
    const names = ['hot', 'cold', 'warm', 'icy', 'mild'];
    const tags = await Promise.all(names.map(createTag));
    await supabaseClient.from('tags').delete().eq('name', 'hot').throwOnError();

    const again = await createTag('HOT');

    expect(new Set(tags.map(({ color }) => color)).size).toBeGreaterThan(1);
    expect(tags[0]?.color).toMatch(/^#[0-9a-f]{6}$/);
    expect(again.color).toBe(tags[0]?.color);
});

test('of two companies with one name, the older is found', async () => {
    const { data } = await supabaseClient
        .from('companies')
        .insert([{ name: 'Twice' }, { name: 'Twice' }])
        .select('id')
        .throwOnError();

    await expect(dataProvider.getOrCreateCompany('twice')).resolves.toMatchObject({ id: data[0]?.id });
});

test('the file of 1,000 contacts: the database takes the 960 good rows, and refuses just those expected of it', async () => {
    const { rows, badRows, goodEmails, companies, tags } = contactsCsv();
    const { validate, transform } = contactRows(dataProvider, DEFAULT_CHOICES, englishText);
    const refused: object[] = [];
    const good: object[] = [];

    for (const [index, row] of rows.entries()) {
        const isExpected = badRows.some(bad => bad.rowNumber === index + 2);
        try {
            const problem = validate(row);
            if (problem) throw new Error(problem);
            const contact = await transform(row, {});
            if (!contact) throw new Error('The row has a contact');
            if (isExpected) await dataProvider.createMany('contacts', { data: [contact] });
            else good.push(contact);
        } catch (error) {
            const noticedBy = 'status' in Object(error) ? 'database' : 'browser';
            refused.push({
                rowNumber: index + 2,
                message: rowMessage({ error, outcome: 'failed' }, englishText),
                noticedBy,
            });
        }
    }
    await dataProvider.createMany('contacts', { data: good });

    expect(refused).toEqual(badRows);
    const { data } = await supabaseClient
        .from('contacts')
        .select('email')
        .like('email', 'contact.%@example.com')
        .order('id')
        .throwOnError();
    expect(data.map(({ email }) => email)).toEqual(goodEmails);
    for (const name of companies) await expect(namesLike('companies', name)).resolves.toHaveLength(1);
    for (const name of tags) await expect(namesLike('tags', name)).resolves.toHaveLength(1);
    expect(server.writes.filter(({ path }) => path.includes('/rpc/'))).toHaveLength(companies.length + tags.length);
});
