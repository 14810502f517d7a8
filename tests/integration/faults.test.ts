import { getEventListeners } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { createClient } from '@supabase/supabase-js';
import { MutationObserver, onlineManager, QueryClient } from '@tanstack/react-query';
import { type BulkOptions, type BulkResult, runBulk } from 'ra-rate-limit';
import { rateLimitedSupabase } from 'ra-rate-limit/supabase';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { countingClock } from '../support/countingClock.ts';
import { type Fault, type FaultProxy, type GatewayAnswer, startFaultProxy } from './support/faultProxy.ts';
import { type SupabaseServer, startSupabaseServer } from './support/supabaseServer.ts';

let server: SupabaseServer;
let proxy: FaultProxy;
const unhandled: unknown[] = [];
const record = (reason: unknown) => void unhandled.push(reason);

beforeAll(async () => {
    process.on('unhandledRejection', record);
    server = await startSupabaseServer();
    proxy = await startFaultProxy(server.url);
});

beforeEach(async () => {
    proxy.plan(() => 'none');
    await server.setLimits({ rate: 10_000, burst: 10_000 });
});

afterEach(async () => {
    await new Promise(resolve => setImmediate(resolve));
    expect(unhandled.splice(0)).toEqual([]);
});

afterAll(async () => {
    process.off('unhandledRejection', record);
    await proxy.close();
    await server.close();
});

const AUTH = { persistSession: false, autoRefreshToken: false };

/** The full wiring through the proxy. In the end, nothing of it may be left. */
function connect({ timeoutMs, ...rateLimit }: { timeoutMs?: number; maxRetries?: number } = {}) {
    const { clock, timers } = countingClock();
    const impatientFetch: typeof fetch = (input, init) =>
        fetch(input, timeoutMs === undefined ? init : { ...init, signal: AbortSignal.timeout(timeoutMs) });
    const supabase = rateLimitedSupabase({
        instanceUrl: proxy.url,
        apiKey: server.apiKey,
        client: { auth: AUTH, global: { fetch: impatientFetch } },
        rateLimit: { logger: false, clock, ...rateLimit },
    });
    onTestFinished(() => {
        expect(timers.size).toBe(0);
        supabase.rateLimit.dispose();
        expect(supabase.rateLimit.getStats().waiting).toBe(0);
    });
    return supabase;
}

type Connection = ReturnType<typeof connect>;

let lastRun = 0;

/** Rows that can be told from those of every other test. */
function rowsOf(count: number) {
    const last_name = `Run ${++lastRun}`;
    const rows = Array.from({ length: count }, (_, index) => ({
        first_name: `Row ${String(index).padStart(4, '0')}`,
        last_name,
        import_key: crypto.randomUUID(),
    }));
    /** What is in the database, past the proxy: a row that came in twice is there twice. */
    const stored = async () => {
        const { data } = await createClient(server.url, server.apiKey, { auth: AUTH })
            .from('contacts')
            .select('first_name')
            .eq('last_name', last_name)
            .order('first_name')
            .throwOnError();
        return data.map(({ first_name }) => first_name as string);
    };
    return { rows, names: rows.map(({ first_name }) => first_name), stored };
}

type Row = ReturnType<typeof rowsOf>['rows'][number];

/** An import that is safe to repeat: each row has a key. */
const importWithKeys = ({ dataProvider, rateLimit }: Connection, rows: Row[], options: BulkOptions<Row> = {}) =>
    watched(signal =>
        runBulk(rows, data => dataProvider.createMany('contacts', { data, meta: { onConflict: 'import_key' } }), {
            service: rateLimit,
            concurrency: 4,
            ...options,
            signal,
            batchSize: 10,
            idempotent: true,
        }),
    );

/** An import that is not: a row that is sent twice is in twice. */
const importWithoutKeys = ({ dataProvider, rateLimit }: Connection, rows: Row[]) =>
    watched(signal =>
        runBulk(rows, ({ import_key: _, ...data }) => dataProvider.create('contacts', { data }), {
            service: rateLimit,
            concurrency: 10,
            signal,
        }),
    );

/** Leaves no listener at the signal that would cancel it. */
async function watched(run: (signal: AbortSignal) => Promise<BulkResult<Row>>): Promise<BulkResult<Row>> {
    const { signal } = new AbortController();
    const result = await run(signal);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
    return result;
}

const allIn = (count: number) => ({ status: 'done', total: count, succeeded: count, failed: 0, unknown: 0 });

const isWrite = ({ method }: { method?: string | undefined }) => method === 'POST';

/** Something happens to the first writes, or some of them. */
const onWrites = (faults: Record<number, Fault>) =>
    proxy.plan((request, count) => (isWrite(request) && faults[count]) || 'none');

describe('the API dies during an import and comes back', () => {
    const dieFor = (ms: number, atRequest: number) =>
        proxy.plan((_, count) => {
            if (count !== atRequest) return 'none';
            setImmediate(async () => {
                await proxy.die();
                await delay(ms);
                await proxy.revive();
            });
            return 'lostAnswer';
        });

    test('with keys: each row is in once, and nobody needs to look', async () => {
        const { rows, names, stored } = rowsOf(400);
        dieFor(800, 8);

        const result = await importWithKeys(connect(), rows);

        expect(result).toMatchObject(allIn(400));
        expect(result.retries).toBeGreaterThan(0);
        await expect(stored()).resolves.toEqual(names);
    });

    test('without keys: rows whose answer was lost are told as unknown and not sent again, all others are in once', async () => {
        const { rows, names, stored } = rowsOf(100);
        dieFor(800, 40);

        const result = await importWithoutKeys(connect(), rows);

        const unknown = result.errors.filter(({ outcome }) => outcome === 'unknown').map(({ item }) => item.first_name);
        expect(result.failed).toBe(0);
        expect(unknown).toHaveLength(result.unknown);
        expect(result.unknown).toBeGreaterThan(0);
        expect(result.unknown).toBeLessThan(20);
        expect(result.succeeded + result.unknown).toBe(100);
        const inDatabase = await stored();
        expect(new Set(inDatabase).size).toBe(inDatabase.length);
        expect(names.filter(name => !inDatabase.includes(name) && !unknown.includes(name))).toEqual([]);
    });

    test('while saves are under way: who saves is told at once, and can save again when it is back', async () => {
        const { dataProvider, rateLimit } = connect();
        const { rows, stored } = rowsOf(1);
        await proxy.die();

        const saving = dataProvider.create('contacts', { data: rows[0] as Row });

        await expect(saving).rejects.toThrow('fetch failed');
        expect(rateLimit.getStats()).toMatchObject({ failed: 1, retries: 0 });
        await proxy.revive();
        await dataProvider.create('contacts', { data: rows[0] as Row });
        await expect(stored()).resolves.toHaveLength(1);
    });
});

describe('answers', () => {
    /** Only for those that never come: a busy machine takes its time with the others. */
    const patienceFor = (fault: Fault) => (fault === 'never' ? { timeoutMs: 1000 } : {});

    const faults: [name: string, fault: Fault][] = [
        ['whose connection is cut first', 'lostAnswer'],
        ['that are cut in the middle', 'truncated'],
        ['that never come', 'never'],
    ];

    test.each(faults)('%s: an import with keys sends those rows again, and each is in once', async (_, fault) => {
        const { rows, names, stored } = rowsOf(60);
        onWrites({ 2: fault });

        const result = await importWithKeys(connect(patienceFor(fault)), rows);

        expect(result).toMatchObject(allIn(60));
        expect(result.retries).toBeGreaterThan(0);
        await expect(stored()).resolves.toEqual(names);
    });

    test.each(faults)('%s: an import without keys tells of that row, and does not send it again', async (_, fault) => {
        const { rows, names, stored } = rowsOf(25);
        onWrites({ 10: fault });

        const result = await importWithoutKeys(connect(patienceFor(fault)), rows);

        expect(result).toMatchObject({ succeeded: 24, unknown: 1, failed: 0 });
        // The server did what it was told: it only could not say so.
        await expect(stored()).resolves.toEqual(names);
    });

    test.each(faults)('%s: a save rejects with what fetch says, and is not repeated', async (_, fault) => {
        const { dataProvider, rateLimit } = connect(patienceFor(fault));
        const { rows, names, stored } = rowsOf(1);
        onWrites({ 1: fault });

        const saving = dataProvider.create('contacts', { data: rows[0] as Row });

        await expect(saving).rejects.toSatisfy(error => /^(TypeError|TimeoutError)$/.test((error as Error).name));
        expect(proxy.requests.filter(isWrite)).toHaveLength(1);
        expect(rateLimit.getStats()).toMatchObject({ calls: 1, retries: 0, rateLimited: 0, waiting: 0 });
        await expect(stored()).resolves.toEqual(names);
    });

    test('that are late: an import waits for each of them', async () => {
        const { rows, names, stored } = rowsOf(40);
        proxy.plan((_, count) => ({ lateByMs: count % 3 === 0 ? 600 : 20 }));

        const result = await importWithoutKeys(connect(), rows);

        expect(result).toMatchObject({ ...allIn(40), retries: 0 });
        await expect(stored()).resolves.toEqual(names);
    });

    test('later than a save may take: it ends with its own reason, and the late answer harms nobody', async () => {
        const { dataProvider, rateLimit } = connect({ timeoutMs: 800 });
        const { rows, stored } = rowsOf(2);
        onWrites({ 1: { lateByMs: 1500 } });

        await expect(dataProvider.create('contacts', { data: rows[0] as Row })).rejects.toMatchObject({
            name: 'TimeoutError',
        });
        await dataProvider.create('contacts', { data: rows[1] as Row });
        await delay(800);

        expect(rateLimit.getStats()).toMatchObject({ succeeded: 1, waiting: 0 });
        await expect(stored()).resolves.toHaveLength(2);
    });

    test.each(['text/plain', 'text/html', 'application/octet-stream', 'nonsense'])(
        'of content type %s are read as what they are',
        async contentType => {
            const { rows, names, stored } = rowsOf(20);
            proxy.plan(() => ({ contentType }));
            const connection = connect();

            const result = await importWithKeys(connection, rows);

            expect(result).toMatchObject({ ...allIn(20), retries: 0 });
            await expect(stored()).resolves.toEqual(names);
        },
    );

    test('of a portal that says 200 and has not passed the rows on are no success', async () => {
        const { rows, names, stored } = rowsOf(20);
        const portal = { status: 200, headers: { 'content-type': 'text/html' }, body: '<h1>Welcome to our Wi-Fi</h1>' };
        onWrites({ 1: portal, 2: portal });

        const result = await importWithKeys(connect(), rows);

        expect(result).toMatchObject(allIn(20));
        await expect(stored()).resolves.toEqual(names);
    });
});

describe.each<[string, GatewayAnswer]>([
    [
        'nginx',
        {
            status: 429,
            headers: { 'content-type': 'text/html' },
            body: '<html>\r\n<head><title>429 Too Many Requests</title></head>\r\n<body>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n',
        },
    ],
    [
        'Cloudflare, error 1015',
        {
            status: 429,
            headers: {
                'content-type': 'text/html; charset=UTF-8',
                'retry-after': '1',
                'cf-ray': '8f00000000000000-FRA',
            },
            body: '<!DOCTYPE html><html><head><title>Access denied | example.com used Cloudflare</title></head><body>Error 1015 You are being rate limited</body></html>',
        },
    ],
    [
        'a gateway that calls its page JSON',
        { status: 429, headers: { 'content-type': 'application/json' }, body: '<html>' },
    ],
    ['a gateway that says nothing at all', { status: 429, body: '' }],
])('the 429 of %s', (_, page) => {
    test('makes a save wait, and it is in once', async () => {
        const { dataProvider, rateLimit } = connect();
        const { rows, names, stored } = rowsOf(1);
        onWrites({ 1: page });

        await dataProvider.create('contacts', { data: rows[0] as Row });

        expect(rateLimit.getStats()).toMatchObject({ succeeded: 1, retries: 1, rateLimited: 1 });
        await expect(stored()).resolves.toEqual(names);
    });

    test('makes an import wait, and each row is in once', async () => {
        const { rows, names, stored } = rowsOf(25);
        onWrites({ 4: page });

        const result = await importWithoutKeys(connect(), rows);

        expect(result).toMatchObject({ ...allIn(25), rateLimited: 1 });
        await expect(stored()).resolves.toEqual(names);
    });
});

describe('a token that expires midway', () => {
    test('and is refreshed costs no row', async () => {
        const connection = connect();
        const { auth } = connection.supabaseClient;
        const { error } = await auth.signUp({ email: `ada-${lastRun}@example.com`, password: 'correct horse battery' });
        expect(error).toBeNull();
        const laterSecond = delay(1100); // a token that is made in the same second is the same
        const tokenOf = async () => `Bearer ${(await auth.getSession()).data.session?.access_token}`;
        const expired = await tokenOf();
        const { rows, names, stored } = rowsOf(60);
        let refreshing: Promise<unknown> | undefined;
        proxy.plan((request, count) => {
            if (!isWrite(request) || count < 25 || request.headers.authorization !== expired) return 'none';
            // As an app does that hears of a 401.
            refreshing ??= laterSecond.then(() => auth.refreshSession());
            return {
                status: 401,
                headers: { 'content-type': 'application/json' },
                body: JSON.stringify({ code: 'PGRST303', message: 'JWT expired', details: null, hint: null }),
            };
        });

        const result = await importWithoutKeys(connection, rows);

        await refreshing;
        expect(await tokenOf()).not.toBe(expired);
        expect(result).toMatchObject(allIn(60));
        expect(result.retries).toBeGreaterThan(0);
        await expect(stored()).resolves.toEqual(names);
    });
});

describe('the network, as react-admin’s mutations see it,', () => {
    function startMutations({ dataProvider }: Connection) {
        const queryClient = new QueryClient();
        queryClient.mount();
        const save = new MutationObserver(queryClient, {
            mutationFn: (data: Row) => dataProvider.create('contacts', { data }),
        });
        onTestFinished(() => {
            onlineManager.setOnline(true);
            queryClient.unmount();
            queryClient.clear();
        });
        return save;
    }

    test('is gone when a save begins: it is sent when the network returns, once', async () => {
        const save = startMutations(connect());
        const { rows, names, stored } = rowsOf(1);
        onlineManager.setOnline(false);

        const saving = save.mutate(rows[0] as Row);
        await delay(100);
        expect(save.getCurrentResult().isPaused).toBe(true);
        expect(proxy.requests.filter(isWrite)).toEqual([]);
        onlineManager.setOnline(true);

        await saving;
        await expect(stored()).resolves.toEqual(names);
    });

    test('drops while a refused save waits, and is back in time: it is in once', async () => {
        const save = startMutations(connect());
        const { rows, names, stored } = rowsOf(1);
        onWrites({ 1: { status: 429, headers: { 'retry-after': '1' }, body: '' } });

        const saving = save.mutate(rows[0] as Row);
        await delay(200);
        onlineManager.setOnline(false);
        await proxy.die();
        await delay(300);
        await proxy.revive();
        onlineManager.setOnline(true);

        await saving;
        await expect(stored()).resolves.toEqual(names);
    });

    test('drops while a refused save waits, and is not back in time: who saves is told, and nothing is in', async () => {
        const connection = connect();
        const save = startMutations(connection);
        const { rows, stored } = rowsOf(1);
        onWrites({ 1: { status: 429, body: '' } });

        const saving = save.mutate(rows[0] as Row);
        await delay(30);
        await proxy.die();

        await expect(saving).rejects.toThrow('fetch failed');
        await proxy.revive();
        await delay(300);
        expect(proxy.requests.filter(isWrite)).toHaveLength(1);
        await expect(stored()).resolves.toEqual([]);
    });
});
