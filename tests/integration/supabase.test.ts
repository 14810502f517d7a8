import { createClient, type SupabaseClient } from '@supabase/supabase-js';
import {
    getRateLimitService,
    RateLimitErrorCode,
    type RateLimitOptions,
    RateLimitService,
    rateLimitFetch,
    withRateLimit,
} from 'ra-rate-limit';
import { supabaseHttpClient } from 'ra-rate-limit/supabase';
import { supabaseDataProvider } from 'ra-supabase-core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { type SupabaseServer, startSupabaseServer } from './support/supabaseServer.ts';

let server: SupabaseServer;

beforeAll(async () => {
    server = await startSupabaseServer();
});

afterAll(() => server.close());

const QUIET: RateLimitOptions = { logger: false, jitterFactor: 0 };
const AUTH = { persistSession: false, autoRefreshToken: false };

/** One line around the provider of ra-supabase: the service sees what that throws, and no headers. */
function plainWiring(options: RateLimitOptions = {}) {
    const supabaseClient = createClient(server.url, server.apiKey, { auth: AUTH });
    const dataProvider = withRateLimit(
        supabaseDataProvider({ instanceUrl: server.url, apiKey: server.apiKey, supabaseClient }),
        { ...QUIET, ...options },
    );
    const rateLimit = getRateLimitService(dataProvider) as RateLimitService;
    onTestFinished(() => rateLimit.dispose());
    return { dataProvider, supabaseClient, rateLimit };
}

/** With the sensor in both clients: the service sees each response. */
function fullWiring(options: RateLimitOptions = {}) {
    const rateLimit = new RateLimitService({ ...QUIET, ...options });
    onTestFinished(() => rateLimit.dispose());
    const fetch = rateLimitFetch(rateLimit);
    const { url: instanceUrl, apiKey } = server;
    const supabaseClient = createClient(instanceUrl, apiKey, { auth: AUTH, global: { fetch } });
    const httpClient = supabaseHttpClient({ apiKey, supabaseClient, fetch });
    const supabase = supabaseDataProvider({ instanceUrl, apiKey, supabaseClient, httpClient });
    const provider = {
        ...supabase,
        // Resolves with its error, as supabase-js does.
        getOrCreateSegment: (name: string) => supabaseClient.rpc('get_or_create_segment', { name }),
    };
    return { dataProvider: withRateLimit(provider, { service: rateLimit }), supabaseClient, rateLimit };
}

/** The names in the database that start like this, sorted: one that was stored twice is there twice. */
async function storedNames(supabaseClient: SupabaseClient, start: string): Promise<string[]> {
    const { data } = await supabaseClient.from('companies').select('name').like('name', `${start}%`).throwOnError();
    return data.map(({ name }) => name).sort();
}

const numbered = (start: string, count: number) =>
    Array.from({ length: count }, (_, index) => `${start} ${index + 10}`);

const LIST = { pagination: { page: 1, perPage: 1 }, sort: { field: 'id', order: 'ASC' }, filter: {} } as const;

const statuses = () => server.writes.map(({ status }) => status);

describe.each([
    ['the one-line integration', plainWiring],
    ['the full wiring', fullWiring],
])('%s', (wiring, wire) => {
    test('each save under a tight limit succeeds', async () => {
        await server.setLimits({ rate: 2, burst: 1 });
        const { dataProvider } = wire();
        const { data: company } = await dataProvider.create('companies', { data: { name: `Saves by ${wiring}` } });

        for (const city of ['Bergen', 'Lagos', 'Jena']) {
            const params = { id: company.id, data: { city }, previousData: company };
            const { data } = await dataProvider.update('companies', params);
            expect(data.city).toBe(city);
        }

        const { data } = await dataProvider.getOne('companies', { id: company.id });
        expect(data.city).toBe('Jena');
        expect(statuses().filter(status => status < 300)).toHaveLength(4);
        expect(statuses()).toContain(429);
    });

    test('a burst of concurrent creates: each row is in the database exactly once', async () => {
        await server.setLimits({ rate: 8, burst: 4 });
        const { dataProvider, supabaseClient } = wire();
        const names = numbered(`Burst by ${wiring}`, 20);

        const created = await Promise.all(names.map(name => dataProvider.create('companies', { data: { name } })));

        expect(created.map(({ data }) => data.name)).toEqual(names);
        await expect(storedNames(supabaseClient, `Burst by ${wiring}`)).resolves.toEqual(names);
        expect(statuses()).toContain(429);
    });

    test('an error of the record itself is neither retried nor changed', async () => {
        await server.setLimits({ rate: 100, burst: 100 });
        const { dataProvider } = wire();
        const [existing] = (await dataProvider.getList('tags', LIST)).data;

        const saving = dataProvider.create('tags', { data: { name: existing.name } });

        await expect(saving).rejects.toMatchObject({ name: 'HttpError', status: 409, body: { code: '23505' } });
        expect(server.writes).toHaveLength(1);
    });
});

test('without the integration, the same burst loses rows', async () => {
    await server.setLimits({ rate: 8, burst: 4 });
    const { url: instanceUrl, apiKey } = server;
    const supabaseClient = createClient(instanceUrl, apiKey, { auth: AUTH });
    const bare = supabaseDataProvider({ instanceUrl, apiKey, supabaseClient });

    const outcomes = await Promise.allSettled(
        numbered('Lost', 20).map(name => bare.create('companies', { data: { name } })),
    );

    const refused = outcomes.filter(({ status }) => status === 'rejected');
    expect(refused.length).toBeGreaterThan(0);
    await expect(storedNames(supabaseClient, 'Lost')).resolves.toHaveLength(20 - refused.length);
});

describe('how long a refused call waits', () => {
    test('the one-line integration takes the milliseconds from the body, as the headers do not reach it', async () => {
        await server.setLimits({ rate: 4, burst: 1 });
        const { dataProvider, rateLimit } = plainWiring();
        const delays: number[] = [];
        rateLimit.on('retry', ({ delayMs }) => delays.push(delayMs));
        await dataProvider.create('companies', { data: { name: 'Takes the token' } });

        await dataProvider.create('companies', { data: { name: 'Waits for the next' } });

        const refused = server.writes.find(({ status }) => status === 429);
        expect(refused?.retryAfter).toBe('1');
        expect(delays).toEqual([JSON.parse(refused?.refusal?.details ?? '').retry_after_ms]);
        expect(delays[0]).toBeLessThanOrEqual(250);
    });

    test('the full wiring takes the seconds from the Retry-After header', async () => {
        await server.setLimits({ rate: 4, burst: 1 });
        const { dataProvider, rateLimit } = fullWiring();
        const delays: number[] = [];
        rateLimit.on('retry', ({ delayMs }) => delays.push(delayMs));
        await dataProvider.create('companies', { data: { name: 'Takes the token' } });

        await dataProvider.create('companies', { data: { name: 'Waits for the next' } });

        const [, refused, retried] = server.writes;
        expect(statuses()).toEqual([201, 429, 201]);
        expect(refused?.retryAfter).toBe('1');
        expect(delays).toEqual([expect.closeTo(1000, -2)]);
        expect(retried?.receivedAt).toBeGreaterThanOrEqual((refused?.receivedAt ?? 0) + 1000);
    });
});

test('an RPC that resolves with a 429 is called again until it has done its work', async () => {
    await server.setLimits({ rate: 2, burst: 1 });
    const { dataProvider } = fullWiring();
    await dataProvider.create('companies', { data: { name: 'Takes the token' } });

    const result = await dataProvider.getOrCreateSegment('Early adopters');

    expect(result).toMatchObject({ error: null, status: 200, data: { name: 'Early adopters' } });
    const calls = server.writes.filter(({ path }) => path.endsWith('/rpc/get_or_create_segment'));
    expect(calls.map(({ status }) => status)).toEqual([429, 200]);
});

describe('a server that refuses every write', () => {
    test('a save ends in the first message once its retries are used up, and nothing is stored', async () => {
        await server.setLimits({ rate: 1, burst: 1, overloaded: true });
        const { dataProvider, supabaseClient } = plainWiring({ maxRetries: 1 });

        const saving = dataProvider.create('companies', { data: { name: 'Never stored' } });

        await expect(saving).rejects.toMatchObject({
            code: RateLimitErrorCode.MAX_RETRIES_EXCEEDED,
            message: 'The system is temporarily overloaded. Please try again in a few moments.',
            attempts: 2,
            resource: 'companies',
            operation: 'create',
        });
        expect(statuses()).toEqual([429, 429]);
        await expect(storedNames(supabaseClient, 'Never stored')).resolves.toEqual([]);
    });

    /** Five saves one after another, each refused: the last opens the circuit. */
    async function openCircuit({ dataProvider }: ReturnType<typeof plainWiring>) {
        await server.setLimits({ rate: 100, burst: 100, overloaded: true });
        const codes: unknown[] = [];
        for (const name of numbered('Refused', 5)) {
            const saving = dataProvider.create('companies', { data: { name } });
            codes.push(await saving.catch(error => error.code));
        }
        return codes;
    }

    const untilHalfOpen = (rateLimit: RateLimitService) =>
        vi.waitFor(() => expect(rateLimit.getCircuitState().status).toBe('half-open'));

    // The backoff instead of the second that the server asks for, so that five failures take no time.
    const impatient = { maxRetries: 0, respectRetryAfter: false };

    test('five failures open the circuit, and then no request reaches the server', async () => {
        const wired = plainWiring(impatient);
        const { MAX_RETRIES_EXCEEDED, CIRCUIT_OPEN } = RateLimitErrorCode;
        const codes = await openCircuit(wired);
        expect(codes).toEqual([...Array(4).fill(MAX_RETRIES_EXCEEDED), CIRCUIT_OPEN]);
        server.writes.length = 0;

        const saving = wired.dataProvider.create('companies', { data: { name: 'Turned away' } });

        await expect(saving).rejects.toMatchObject({
            code: CIRCUIT_OPEN,
            message: 'Too many requests. Please wait 1-2 minutes before trying again.',
            attempts: 0,
        });
        expect(server.writes).toEqual([]);
    });

    test('after resetCircuit() saves succeed again', async () => {
        const wired = plainWiring(impatient);
        await openCircuit(wired);
        await server.setLimits({ rate: 100, burst: 100 });

        wired.rateLimit.resetCircuit();
        await wired.dataProvider.create('companies', { data: { name: 'After the reset' } });

        await expect(storedNames(wired.supabaseClient, 'After the reset')).resolves.toEqual(['After the reset']);
        expect(wired.rateLimit.getCircuitState()).toMatchObject({ status: 'closed', consecutiveFailures: 0 });
    });

    test('when the open period is over, one probe goes first and the others follow its success', async () => {
        const wired = plainWiring({ ...impatient, circuitResetMs: 300 });
        const { dataProvider, rateLimit, supabaseClient } = wired;
        await openCircuit(wired);
        await server.setLimits({ rate: 100, burst: 100 });
        await untilHalfOpen(rateLimit);
        const closedAfter: number[] = [];
        rateLimit.on('close', () => closedAfter.push(server.writes.length));
        const names = numbered('Recovered', 4);

        await Promise.all(names.map(name => dataProvider.create('companies', { data: { name } })));

        expect(closedAfter).toEqual([1]);
        expect(statuses()).toEqual([201, 201, 201, 201]);
        await expect(storedNames(supabaseClient, 'Recovered')).resolves.toEqual(names);
    });

    test('a probe that is refused keeps the circuit open, and the other calls from the server', async () => {
        const wired = plainWiring({ ...impatient, circuitResetMs: 300 });
        const { dataProvider, rateLimit } = wired;
        await openCircuit(wired);
        await untilHalfOpen(rateLimit);
        server.writes.length = 0;

        const outcomes = await Promise.allSettled(
            numbered('Probe', 4).map(name => dataProvider.create('companies', { data: { name } })),
        );

        expect(outcomes.map(({ status }) => status)).toEqual(Array(4).fill('rejected'));
        expect(statuses()).toEqual([429]);
        expect(rateLimit.getCircuitState().isOpen).toBe(true);
    });
});
