import { type RateLimitedSupabaseOptions, rateLimitedSupabase } from 'ra-rate-limit/supabase';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { type SupabaseServer, startSupabaseServer } from './support/supabaseServer.ts';

let server: SupabaseServer;

beforeAll(async () => {
    server = await startSupabaseServer();
});

afterAll(() => server.close());

function connect(rateLimit: RateLimitedSupabaseOptions['rateLimit'] = {}) {
    const supabase = rateLimitedSupabase({
        instanceUrl: server.url,
        apiKey: server.apiKey,
        client: { auth: { persistSession: false, autoRefreshToken: false } },
        rateLimit: { logger: false, jitterFactor: 0, ...rateLimit },
    });
    onTestFinished(() => supabase.rateLimit.dispose());
    return supabase;
}

type Connection = ReturnType<typeof connect>;

/** The contacts of this last name as they are in the database, in the order in which they came in. */
async function stored({ supabaseClient }: Connection, lastName: string, columns = 'first_name') {
    const query = supabaseClient.from('contacts').select(columns).eq('last_name', lastName).order('id');
    const { data } = await query.throwOnError();
    return data;
}

const named = (last_name: string, ...firstNames: string[]) => firstNames.map(first_name => ({ first_name, last_name }));

test('records with different fields are created together, and what one lacks is the default of its column', async () => {
    await server.setLimits({ rate: 100, burst: 100 });
    const connection = connect();
    const last_name = 'Different';

    const { data } = await connection.dataProvider.createMany('contacts', {
        data: [
            { first_name: 'Ada', last_name, status: 'customer', newsletter: true },
            { first_name: 'Max', last_name, email: 'max@example.com', status: undefined },
            { first_name: 'Eva', last_name, tag_ids: [1, 2], email: null },
        ],
    });

    expect(data.map(({ first_name }) => first_name)).toEqual(['Ada', 'Max', 'Eva']);
    expect(data.every(({ id }) => typeof id === 'number')).toBe(true);
    await expect(stored(connection, last_name, 'status, newsletter, email, tag_ids')).resolves.toEqual([
        { status: 'customer', newsletter: true, email: null, tag_ids: [] },
        { status: 'lead', newsletter: false, email: 'max@example.com', tag_ids: [] },
        { status: 'lead', newsletter: false, email: null, tag_ids: [1, 2] },
    ]);
    expect(server.writes.map(({ path, status }) => `${status} ${path}`)).toEqual(['201 /rest/v1/contacts']);
});

test('one bad record, and none is created', async () => {
    await server.setLimits({ rate: 100, burst: 100 });
    const connection = connect();
    const data = [...named('Nothing', 'Ada', 'Max'), { first_name: 'Eva', last_name: 'Nothing', company_id: 'x' }];

    const creating = connection.dataProvider.createMany('contacts', { data });

    await expect(creating).rejects.toMatchObject({ status: 400, body: { code: '22P02' } });
    await expect(stored(connection, 'Nothing')).resolves.toEqual([]);
    expect(server.writes).toHaveLength(1);
});

test('with onConflict, records that are in already are left alone and the others created', async () => {
    await server.setLimits({ rate: 100, burst: 100 });
    const connection = connect();
    const meta = { onConflict: 'import_key' };
    const rows = named('Twice', 'Ada', 'Max', 'Eva').map(row => ({ ...row, import_key: crypto.randomUUID() }));
    await connection.dataProvider.createMany('contacts', { data: rows.slice(0, 2), meta });

    const again = rows.map(row => ({ ...row, first_name: `${row.first_name}, again` }));
    const { data } = await connection.dataProvider.createMany('contacts', { data: again, meta });

    expect(data.map(({ first_name }) => first_name)).toEqual(['Eva, again']);
    await expect(stored(connection, 'Twice')).resolves.toEqual([
        { first_name: 'Ada' },
        { first_name: 'Max' },
        { first_name: 'Eva, again' },
    ]);
});

test('without onConflict, a record that is in already is an error', async () => {
    await server.setLimits({ rate: 100, burst: 100 });
    const { dataProvider } = connect();
    const row = { first_name: 'Ada', last_name: 'Once', import_key: crypto.randomUUID() };
    await dataProvider.createMany('contacts', { data: [row] });

    await expect(dataProvider.createMany('contacts', { data: [row] })).rejects.toMatchObject({
        status: 409,
        body: { code: '23505' },
    });
});

test('a thousand records take one token', async () => {
    await server.setLimits({ rate: 0.001, burst: 2 });
    const connection = connect({ maxRetries: 0 });
    const data = Array.from({ length: 1000 }, (_, index) => ({ first_name: `No. ${index}`, last_name: 'Thousand' }));

    const created = await connection.dataProvider.createMany('contacts', { data });
    await connection.dataProvider.createMany('contacts', { data: named('Last token', 'Ada') });
    const refused = connection.dataProvider.createMany('contacts', { data: named('One too many', 'Max') });

    await expect(refused).rejects.toMatchObject({ name: 'RateLimitError' });
    expect(server.writes.map(({ status }) => status)).toEqual([201, 201, 429]);
    expect(created.data).toHaveLength(1000);
    await expect(stored(connection, 'Thousand')).resolves.toHaveLength(1000);
    await expect(stored(connection, 'One too many')).resolves.toEqual([]);
});

test('many at once under a tight limit: each record is in the database exactly once', async () => {
    await server.setLimits({ rate: 4, burst: 2 });
    const connection = connect();
    const batches = ['A', 'B', 'C', 'D', 'E'].map(letter => named('Tight', `${letter}1`, `${letter}2`, `${letter}3`));

    await Promise.all(batches.map(data => connection.dataProvider.createMany('contacts', { data })));

    const names = (await stored(connection, 'Tight')).map(row => (row as unknown as { first_name: string }).first_name);
    expect(names.sort()).toEqual(batches.flat().map(({ first_name }) => first_name));
    expect(server.writes.map(({ status }) => status)).toContain(429);
});
