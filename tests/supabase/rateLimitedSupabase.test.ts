import { getRateLimitService, RateLimitErrorCode } from 'ra-rate-limit';
import { type RateLimitedSupabaseOptions, rateLimitedSupabase } from 'ra-rate-limit/supabase';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { VirtualClock } from '../support/virtualClock.ts';

const INSTANCE_URL = 'https://project.example';
const API_KEY = 'sb_publishable_key';

afterEach(() => {
    vi.unstubAllGlobals();
});

const refusal = (seconds: number) =>
    Response.json({ code: '429', message: 'Slow down' }, { status: 429, headers: { 'Retry-After': String(seconds) } });

const created = () => Response.json({ id: 1, name: 'Ada' }, { status: 201 });

/** The full wiring on a clock of the test and a server that gives one answer after another. */
function start(answers: Response[], options: Partial<RateLimitedSupabaseOptions> = {}) {
    const clock = new VirtualClock();
    const requests: { at: number; method: string; url: string; headers: Headers }[] = [];
    const fetch: typeof globalThis.fetch = async (input, init) => {
        const { method, url, headers } = new Request(input, init);
        requests.push({ at: clock.now(), method, url, headers });
        const answer = answers.shift();
        if (!answer) throw new Error('The server has no answer left');
        return answer;
    };
    const supabase = rateLimitedSupabase({
        instanceUrl: INSTANCE_URL,
        apiKey: API_KEY,
        ...options,
        client: { auth: { persistSession: false, autoRefreshToken: false }, ...options.client, global: { fetch } },
        rateLimit: { clock, logger: false, ...options.rateLimit },
    });
    return { ...supabase, clock, requests };
}

/** Reading a body takes real turns of the event loop: lets them pass until the call waits on the test's clock. */
const untilWaiting = (clock: VirtualClock) => vi.waitFor(() => expect(clock.pendingTimers).toBe(1), { interval: 1 });

describe('a refused create', () => {
    test('waits as long as the Retry-After header says, then succeeds', async () => {
        const { dataProvider, clock, requests } = start([refusal(4), created()]);
        const startedAt = clock.now();

        const creating = dataProvider.create('contacts', { data: { name: 'Ada' } });
        await untilWaiting(clock);
        await clock.advance(3999);
        expect(requests).toHaveLength(1);
        await clock.advance(1);

        await expect(creating).resolves.toEqual({ data: { id: 1, name: 'Ada' } });
        expect(requests.map(({ at }) => at - startedAt)).toEqual([0, 4000]);
        expect(requests.map(({ method, url }) => `${method} ${url}`)).toEqual(
            Array(2).fill(`POST ${INSTANCE_URL}/rest/v1/contacts`),
        );
    });

    test('holds back the calls of the Supabase client too, which are retried the same way', async () => {
        const { dataProvider, supabaseClient, rateLimit, clock, requests } = start([refusal(2), created(), created()]);
        const startedAt = clock.now();
        const creating = dataProvider.create('contacts', { data: { name: 'Ada' } });
        await untilWaiting(clock);

        const calling = rateLimit.executeWithRetry(() => supabaseClient.rpc('close_month'));
        expect(requests).toHaveLength(1);
        await clock.advance(5000);

        await expect(creating).resolves.toBeTruthy();
        await expect(calling).resolves.toMatchObject({ status: 201, error: null });
        expect(requests.slice(1).every(({ at }) => at >= startedAt + 2000)).toBe(true);
    });

    test('that is refused for good ends in the message for people', async () => {
        const answers = [refusal(1), refusal(1)];
        const { dataProvider, clock } = start(answers, {
            rateLimit: { maxRetries: 1, messages: { RATE_LIMIT_MAX_RETRIES_EXCEEDED: 'crm.busy' } },
        });

        const creating = dataProvider.create('contacts', { data: { name: 'Ada' } });
        creating.catch(() => {});
        await untilWaiting(clock);
        await clock.advance(1000);

        await expect(creating).rejects.toMatchObject({
            code: RateLimitErrorCode.MAX_RETRIES_EXCEEDED,
            message: 'crm.busy',
            attempts: 2,
        });
    });
});

describe('what the service hears of', () => {
    test('an RPC of the Supabase client: its refusal pauses everything', async () => {
        const { supabaseClient, rateLimit, clock } = start([refusal(6)]);

        const result = await supabaseClient.rpc('close_month');

        expect(result).toMatchObject({ status: 429, error: { message: 'Slow down' } });
        expect(rateLimit.getSnapshot().pausedUntil).toBe(clock.now() + 6000);
    });

    test('a query of the Supabase client', async () => {
        const { supabaseClient, rateLimit, clock } = start([refusal(6)]);

        await supabaseClient.from('contacts').insert({ name: 'Ada' });

        expect(rateLimit.getSnapshot().pausedUntil).toBe(clock.now() + 6000);
    });

    test('not signing in: it has a limit of its own', async () => {
        const { supabaseClient, rateLimit, requests } = start([refusal(6)]);

        const { error } = await supabaseClient.auth.signInWithPassword({ email: 'ada@example.com', password: 'x' });

        expect(error).toMatchObject({ status: 429 });
        expect(requests.map(({ url }) => url)).toEqual([expect.stringContaining('/auth/v1/')]);
        expect(rateLimit.getSnapshot().pausedUntil).toBeNull();
    });

    test('reads of the data provider, which are not retried', async () => {
        const { dataProvider, rateLimit, clock, requests } = start([refusal(6)]);

        await expect(dataProvider.getOne('contacts', { id: 1 })).rejects.toMatchObject({ status: 429 });

        expect(requests).toHaveLength(1);
        expect(rateLimit.getSnapshot().pausedUntil).toBe(clock.now() + 6000);
    });
});

describe('options', () => {
    test('those of the rate limit reach the service and the decorator', async () => {
        const { dataProvider } = start([refusal(1)], { rateLimit: { maxRetries: 0, methods: ['create'] } });

        await expect(dataProvider.create('contacts', { data: {} })).rejects.toMatchObject({
            code: RateLimitErrorCode.MAX_RETRIES_EXCEEDED,
            attempts: 1,
        });
    });

    test('the feature flag turns the decorator off', async () => {
        const { dataProvider, requests } = start([refusal(1)], { rateLimit: { enabled: false } });

        await expect(dataProvider.create('contacts', { data: {} })).rejects.toMatchObject({
            name: 'HttpError',
            message: 'Slow down',
        });
        expect(requests).toHaveLength(1);
    });

    test('those of supabaseDataProvider reach it', async () => {
        const { dataProvider, requests } = start([Response.json({ email: 'ada@example.com' })], {
            primaryKeys: new Map([['people', ['email']]]),
        });

        const { data } = await dataProvider.getOne('people', { id: 'ada@example.com' });

        expect(data.id).toBe('ada@example.com');
        expect(requests[0]?.url).toContain('email=eq.ada%40example.com');
    });

    test('those of createClient reach it', async () => {
        const { supabaseClient, requests } = start([Response.json([])], { client: { db: { schema: 'crm' } } });

        await supabaseClient.from('contacts').select();

        expect(requests[0]?.headers.get('Accept-Profile')).toBe('crm');
    });

    test('headers of createClient are sent by the client and by the data provider', async () => {
        const fetch = vi.fn(async (_input: unknown, _init?: RequestInit) => Response.json({ id: 1 }));
        const { dataProvider, supabaseClient } = rateLimitedSupabase({
            instanceUrl: INSTANCE_URL,
            apiKey: API_KEY,
            client: { global: { fetch, headers: { 'x-tenant': 'acme' } } },
        });

        await dataProvider.getOne('contacts', { id: 1 });
        await supabaseClient.rpc('close_month');

        const sent = fetch.mock.calls.map(([, init]) => new Headers(init?.headers).get('x-tenant'));
        expect(sent).toEqual(['acme', 'acme']);
    });

    test('without a fetch of its own, the global one is called', async () => {
        const fetch = vi.fn(async () => Response.json({ id: 1 }));
        vi.stubGlobal('fetch', fetch);
        const { dataProvider } = rateLimitedSupabase({ instanceUrl: INSTANCE_URL, apiKey: API_KEY });

        await dataProvider.getOne('contacts', { id: 1 });

        expect(fetch).toHaveBeenCalledOnce();
    });

    test.each([
        ['instanceUrl', { instanceUrl: '', apiKey: API_KEY }],
        ['apiKey', { instanceUrl: INSTANCE_URL, apiKey: '' }],
        ['instanceUrl', { apiKey: API_KEY } as RateLimitedSupabaseOptions],
        ['apiKey', { instanceUrl: INSTANCE_URL } as RateLimitedSupabaseOptions],
    ])('%s is missing: the error names it', (name, options) => {
        expect(() => rateLimitedSupabase(options)).toThrow(
            new TypeError(`ra-rate-limit: rateLimitedSupabase needs ${name}, got ${Object(options)[name]}`),
        );
    });

    test('a wrong option of the rate limit is named', () => {
        const options = { instanceUrl: INSTANCE_URL, apiKey: API_KEY, rateLimit: { maxRetries: -1 } };

        expect(() => rateLimitedSupabase(options)).toThrow(RangeError);
        expect(() => rateLimitedSupabase(options)).toThrow('maxRetries');
    });
});

describe('a client with an accessToken of its own, which has no sessions', () => {
    test.each([
        ['ey.token', 'Bearer ey.token'],
        [null, null],
    ])('of %s: the requests of the data provider carry %s', async (token, authorization) => {
        const { dataProvider, requests } = start([created()], { client: { accessToken: async () => token } });

        await dataProvider.create('contacts', { data: { name: 'Ada' } });

        expect(requests[0]?.headers.get('authorization')).toBe(authorization);
        expect(requests[0]?.headers.get('apikey')).toBe(API_KEY);
    });
});

test('the service that it returns is the one of the data provider', () => {
    const { dataProvider, rateLimit } = rateLimitedSupabase({ instanceUrl: INSTANCE_URL, apiKey: API_KEY });

    expect(getRateLimitService(dataProvider)).toBe(rateLimit);
});
