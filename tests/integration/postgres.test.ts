import type { SupabaseClient } from '@supabase/supabase-js';
import type { DataProvider } from 'ra-core';
import { RateLimitService, runBulk, withRateLimit } from 'ra-rate-limit';
import { rateLimitedSupabase } from 'ra-rate-limit/supabase';
import { supabaseDataProvider } from 'ra-supabase-core';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { contactRows } from '../../demo/src/contacts/import/contactRows.ts';
import { DEFAULT_CHOICES } from '../../demo/src/contacts/import/contactSchema.ts';
import type { CrmDataProvider } from '../../demo/src/dataProvider.ts';
import { contactsCsv } from '../demo/contactsCsv.ts';
import { englishText } from '../demo/englishText.ts';
import { findPostgres, type PostgresServer, startPostgresServer } from './support/postgresServer.ts';
import { explainSkipped } from './support/program.ts';
import { type SupabaseServer, startSupabaseServer } from './support/supabaseServer.ts';

const postgres = findPostgres();
explainSkipped('the tests with a PostgreSQL server', postgres, 'postgresql');

const CONNECTIONS = 50;

describe.skipIf(!postgres)('the demo on a PostgreSQL server, with many connections', () => {
    let database: PostgresServer;
    let server: SupabaseServer;
    let supabaseClient: SupabaseClient;
    let crm: CrmDataProvider;

    beforeAll(async () => {
        database = await startPostgresServer(postgres as string);
        server = await startSupabaseServer(() => database.connect(CONNECTIONS));
        vi.stubEnv('VITE_SUPABASE_URL', server.url);
        vi.stubEnv('VITE_SUPABASE_ANON_KEY', server.apiKey);
        ({ supabaseClient } = await import('../../demo/src/supabase.ts'));
        ({ crmDataProvider: crm } = await import('../../demo/src/dataProvider.ts'));
    });

    beforeEach(() => server.setLimits({ rate: 10_000, burst: 100_000 }));

    afterAll(async () => {
        try {
            await server?.close();
        } finally {
            await database?.close();
        }
    });

    async function namesLike(table: string, pattern: string): Promise<string[]> {
        const { data } = await supabaseClient.from(table).select('name').ilike('name', pattern).throwOnError();
        return data.map(({ name }) => name);
    }

    const times = <Result>(count: number, run: (index: number) => Promise<Result>): Promise<Result[]> =>
        Promise.all(Array.from({ length: count }, (_, index) => run(index)));

    test('fifty clients that do not wait get in just as many writes as there are tokens', async () => {
        const rate = 20;
        await server.setLimits({ rate, burst: 1000 });
        // Not full, so that no moment of the test is one in which it could not fill.
        const [start] = await database.query<{ at: number }>(
            'update rate_limit.bucket set tokens = 10, counted_at = clock_timestamp() returning extract(epoch from counted_at)::float8 as at',
        );
        const deadline = Date.now() + 2500;

        await times(CONNECTIONS, async client => {
            for (let number = 0; Date.now() < deadline; number++) {
                await supabaseClient.from('companies').insert({ name: `Client ${client}-${number}` });
            }
        });

        const [end] = await database.query<{ at: number; tokens: number; connections: number }>(
            `select
                extract(epoch from clock_timestamp())::float8 as at,
                rate_limit.tokens_now(bucket, settings) as tokens,
                (select count(*) from pg_stat_activity where backend_type = 'client backend') as connections
            from rate_limit.bucket, rate_limit.settings`,
        );
        const { at, tokens, connections } = end as NonNullable<typeof end>;
        const tokensSoFar = 10 + rate * (at - (start?.at ?? 0));
        const accepted = server.writes.filter(({ status }) => status === 201).length;
        const refused = server.writes.filter(({ status }) => status === 429);
        expect(accepted + refused.length).toBe(server.writes.length);
        expect(refused.length).toBeGreaterThan(0);
        expect(accepted + tokens).toBeLessThan(tokensSoFar + 0.01);
        // Counting a token takes a moment, in which the bucket does not fill.
        expect(accepted + tokens).toBeGreaterThan(tokensSoFar - 2);
        await expect(namesLike('companies', 'Client %')).resolves.toHaveLength(accepted);
        expect(connections).toBeGreaterThan(CONNECTIONS / 2);
    });

    /** The data provider of one person, wired in one line: the service sees the bodies of refusals, and no headers. */
    function wrappedProvider(): DataProvider {
        const service = new RateLimitService({ logger: false });
        onTestFinished(() => service.dispose());
        const { url: instanceUrl, apiKey } = server;
        return withRateLimit(supabaseDataProvider({ instanceUrl, apiKey, supabaseClient }), { service });
    }

    /** The same with the sensor. */
    function observedProvider(): DataProvider {
        const { dataProvider, rateLimit } = rateLimitedSupabase({
            instanceUrl: server.url,
            apiKey: server.apiKey,
            client: { auth: { persistSession: false, autoRefreshToken: false } },
            rateLimit: { logger: false },
        });
        onTestFinished(() => rateLimit.dispose());
        return dataProvider;
    }

    test.each([
        [8, 'with the sensor', observedProvider],
        // Told to wait for milliseconds, they do so three times at most, within two seconds.
        [4, 'with one line around the provider', wrappedProvider],
    ])('%i people who save at the same moment, %s: each save is in, once', async (people, wiring, createProvider) => {
        await server.setLimits({ rate: 10, burst: people });

        await times(people, async person => {
            const dataProvider = createProvider();
            const { data: company } = await dataProvider.create('companies', {
                data: { name: `Saved ${wiring} by ${person}` },
            });
            for (const city of ['Bergen', 'Lagos', 'Jena']) {
                await dataProvider.update('companies', { id: company.id, data: { city }, previousData: company });
            }
        });

        const saved = supabaseClient
            .from('companies')
            .select('name, city')
            .like('name', `Saved ${wiring} by %`)
            .order('name');
        const { data } = await saved.throwOnError();
        expect(data).toEqual(
            Array.from({ length: people }, (_, person) => ({ name: `Saved ${wiring} by ${person}`, city: 'Jena' })),
        );
        const statuses = server.writes.map(({ status }) => status);
        expect(statuses.filter(status => status < 300)).toHaveLength(4 * people);
        expect(statuses).toContain(429);
    });

    test('what many people write to the same records at the same moment does not deadlock', async () => {
        const { data: opportunities } = await supabaseClient.from('opportunities').select('*').limit(2).throwOnError();
        const line = (product_id: number, quantity: number) => ({ product_id, quantity, unit_price: 10 });

        await times(200, async number => {
            const opportunity = opportunities[number % 2];
            const { id } = opportunity;
            switch (number % 5) {
                case 0:
                    return supabaseClient.from('opportunities').update({ stage: 'won' }).eq('id', id).throwOnError();
                case 1:
                    return crm.create('contacts', { data: { first_name: 'Deadlock', last_name: String(number) } });
                case 2:
                    return crm.getOrCreateCompany('Deadlock');
                default: {
                    const data = { ...opportunity, lines: [line(1, number), line(2, 1)] };
                    return crm.update('opportunities', { id, data, previousData: opportunity });
                }
            }
        });

        expect(server.writes.map(({ status }) => status).filter(status => status >= 300)).toEqual([]);
        for (const { id } of opportunities) {
            const { data } = await crm.getOne('opportunities', { id });
            expect(data.lines).toHaveLength(2);
            expect(Number(data.amount)).toBe(10 * (data.lines[0].quantity + data.lines[1].quantity));
        }
    });

    test.each([
        ['company', 'companies', (name: string) => crm.getOrCreateCompany(name)],
        ['tag', 'tags', (name: string) => crm.getOrCreateTag(name)],
        ['segment', 'segments', async (name: string) => (await crm.create('segments', { data: { name } })).data],
    ])('a %s that fifty people name for the first time is created once', async (_, table, getOrCreate) => {
        // The lock of the bucket would let them in one by one.
        await database.query('update rate_limit.settings set enabled = false');

        const found = await times(CONNECTIONS, number => getOrCreate(number % 2 ? 'First named' : 'FIRST named'));

        expect(new Set(found.map(({ id }) => id)).size).toBe(1);
        await expect(namesLike(table, 'first named')).resolves.toHaveLength(1);
    });

    test('one file imported in two tabs at the same moment: its contacts, companies and tags are in, once', async () => {
        await server.setLimits({ rate: 40, burst: 20 });
        const { rows, badRows, goodEmails, companies, tags } = contactsCsv();

        const importFile = () => {
            const service = new RateLimitService({ logger: false });
            onTestFinished(() => service.dispose());
            const dataProvider = withRateLimit(crm, { service });
            const { transform } = contactRows(dataProvider, DEFAULT_CHOICES, englishText);
            return runBulk(
                rows.entries(),
                (data: object[]) => dataProvider.createMany('contacts', { data, meta: { onConflict: 'import_key' } }),
                {
                    service,
                    batchSize: 50,
                    idempotent: true,
                    prepare: async ([index, row], { signal }) => ({
                        ...(await transform(row, { signal })),
                        import_key: `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
                    }),
                },
            );
        };
        const results = await Promise.all([importFile(), importFile()]);

        for (const { succeeded, errors } of results) {
            expect(succeeded).toBe(goodEmails.length);
            expect(errors.map(({ index }) => index + 2).sort((a, b) => a - b)).toEqual(
                badRows.map(({ rowNumber }) => rowNumber),
            );
        }
        const imported = supabaseClient
            .from('contacts')
            .select('email')
            .not('import_key', 'is', null)
            .order('import_key');
        const { data } = await imported.throwOnError();
        expect(data.map(({ email }) => email)).toEqual(goodEmails);
        for (const name of companies) await expect(namesLike('companies', name)).resolves.toHaveLength(1);
        for (const name of tags) await expect(namesLike('tags', name)).resolves.toHaveLength(1);
        expect(server.writes.map(({ status }) => status)).toContain(429);
    });
});
