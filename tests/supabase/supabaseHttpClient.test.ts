import { AuthRetryableFetchError, createClient, type Session, type SupabaseClient } from '@supabase/supabase-js';
import type { HttpError } from 'ra-core';
import { type HttpClientOptions, RateLimitService, rateLimitFetch, runBulk } from 'ra-rate-limit';
import { supabaseHttpClient } from 'ra-rate-limit/supabase';
import { supabaseHttpClient as theirHttpClient } from 'ra-supabase-core';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { createService } from '../support/createService';
import { rejectionOf } from '../support/scriptedCalls';

const URL = 'https://project.example/rest/v1/contacts?id=eq.1';
const API_KEY = 'sb_publishable_key';

afterEach(() => {
    vi.unstubAllGlobals();
});

/** A client that nobody, or the owner of `token`, is signed in to. */
function clientOf({ token, headers = {} }: { token?: string; headers?: Record<string, string> } = {}): SupabaseClient {
    const supabaseClient = createClient('https://project.example', API_KEY, {
        auth: { persistSession: false, autoRefreshToken: false },
        global: { headers },
    });
    const session = token === undefined ? null : ({ access_token: token } as Session);
    vi.spyOn(supabaseClient.auth, 'getSession').mockResolvedValue({ data: { session }, error: null } as Awaited<
        ReturnType<SupabaseClient['auth']['getSession']>
    >);
    return supabaseClient;
}

const withoutBoundary = (text: string) => text.replaceAll(/----formdata-undici-\d+/g, 'boundary');

/** A `fetch` that answers the same each time, and the requests that it got, as a server would read them. */
function serverThat(answers: () => Response) {
    const requests: object[] = [];
    const fetch = async (input: string | URL | Request, init?: RequestInit) => {
        const request = new Request(input, init);
        requests.push({
            url: request.url,
            method: request.method,
            // The boundary between the parts of a form is chosen at random.
            headers: Object.fromEntries([...request.headers].map(([name, value]) => [name, withoutBoundary(value)])),
            body: withoutBoundary(await request.text()),
            credentials: request.credentials,
        });
        return answers();
    };
    return { fetch, requests };
}

/** What a call came to, with errors as plain data, so that two can be compared. */
async function outcomeOf(call: Promise<{ status: number; headers: Headers; body: string; json: unknown }>) {
    try {
        const { headers, ...answer } = await call;
        return { ...answer, headers: Object.fromEntries(headers) };
    } catch (error) {
        // Not instanceof: in Node, ra-supabase loads the CommonJS build of ra-core, whose HttpError is another class.
        const { name, message, status, body } = error as HttpError;
        return { name, message, status, body };
    }
}

type Request_ = [name: string, options: () => HttpClientOptions, client?: Parameters<typeof clientOf>[0]];

const REQUESTS: Request_[] = [
    ['a read', () => ({})],
    ['a read with headers', () => ({ headers: new Headers({ Accept: 'application/vnd.pgrst.object+json' }) })],
    ['a read of a person who is signed in', () => ({}), { token: 'ey.token' }],
    ['a read with an Authorization of its own', () => ({ headers: new Headers({ Authorization: 'Bearer own' }) })],
    [
        'a create',
        () => ({
            method: 'POST',
            body: '{"name":"Ada"}',
            headers: new Headers({ Prefer: 'return=representation', 'Content-Type': 'application/json' }),
        }),
        { token: 'ey.token' },
    ],
    ['a create without a content type', () => ({ method: 'POST', body: '{"name":"Ada"}' })],
    [
        'an upload',
        () => {
            const body = new FormData();
            body.set('photo', new Blob(['pixels']), 'ada.png');
            return { method: 'POST', body };
        },
    ],
    ['a delete', () => ({ method: 'DELETE' }), { token: 'ey.token' }],
    ['a read by POST with GET spelled out', () => ({ method: 'GET', headers: new Headers({ Range: '0-9' }) })],
    ['headers of the Supabase client', () => ({}), { headers: { 'x-tenant': 'acme', 'X-Client-Info': 'crm/1' } }],
    [
        'headers of the Supabase client that the request also has',
        () => ({ headers: new Headers({ 'x-tenant': 'request', apikey: 'request' }) }),
        { headers: { 'x-tenant': 'client' } },
    ],
    ['a request with credentials', () => ({ credentials: 'include' })],
];

const ANSWERS: [name: string, answer: () => Response][] = [
    ['records', () => Response.json([{ id: 1 }], { headers: { 'content-range': '0-0/1' } })],
    ['a created record', () => Response.json([{ id: 1 }], { status: 201 })],
    ['nothing', () => new Response(null, { status: 204 })],
    ['text that is not JSON', () => new Response('OK', { status: 200 })],
    ['a PostgREST error', () => Response.json({ code: '23505', message: 'duplicate key "4290"' }, { status: 409 })],
    ['an error without a message', () => Response.json({ code: 'x' }, { status: 400, statusText: 'Bad Request' })],
    ['the page of a gateway', () => new Response('<h1>502</h1>', { status: 502, statusText: 'Bad Gateway' })],
    ['a 429', () => Response.json({ message: 'Slow down' }, { status: 429, headers: { 'Retry-After': '3' } })],
    ['null', () => Response.json(null, { status: 500, statusText: 'Internal Server Error' })],
    ['not modified', () => new Response(null, { status: 304, statusText: 'Not Modified' })],
];

describe('beside the HTTP client of ra-supabase', () => {
    test.each(REQUESTS)('%s: the server gets the same request', async (_, options, client) => {
        const { fetch, requests } = serverThat(() => Response.json([]));
        vi.stubGlobal('fetch', fetch);
        const supabaseClient = clientOf(client);

        await theirHttpClient({ apiKey: API_KEY, supabaseClient })(URL, options());
        await supabaseHttpClient({ apiKey: API_KEY, supabaseClient })(URL, options());

        const [theirs, ours] = requests;
        expect(ours).toEqual(theirs);
    });

    test.each(ANSWERS)('%s: the caller gets the same answer', async (_, answer) => {
        vi.stubGlobal('fetch', serverThat(answer).fetch);
        const supabaseClient = clientOf();

        const theirs = await outcomeOf(theirHttpClient({ apiKey: API_KEY, supabaseClient })(URL, {}));
        const ours = await outcomeOf(supabaseHttpClient({ apiKey: API_KEY, supabaseClient })(URL, {}));

        expect(ours).toEqual(theirs);
    });

    test('a network error is passed on as it is', async () => {
        const failure = new TypeError('fetch failed');
        vi.stubGlobal('fetch', () => Promise.reject(failure));
        const supabaseClient = clientOf();

        await expect(theirHttpClient({ apiKey: API_KEY, supabaseClient })(URL, {})).rejects.toBe(failure);
        await expect(supabaseHttpClient({ apiKey: API_KEY, supabaseClient })(URL)).rejects.toBe(failure);
    });
});

test('the request carries the API key, and the token of who is signed in', async () => {
    const { fetch, requests } = serverThat(() => Response.json([]));

    await supabaseHttpClient({ apiKey: API_KEY, supabaseClient: clientOf({ token: 'ey.token' }), fetch })(URL);

    expect(requests).toMatchObject([{ headers: { apikey: API_KEY, authorization: 'Bearer ey.token' } }]);
});

test('the signal ends the request', async () => {
    const { signal } = new AbortController();
    const fetch = vi.fn(async () => Response.json([]));

    await supabaseHttpClient({ apiKey: API_KEY, supabaseClient: clientOf(), fetch })(URL, { signal });

    expect(fetch).toHaveBeenCalledExactlyOnceWith(URL, expect.objectContaining({ signal }));
});

test('it leaves the options of the caller as they were', async () => {
    const { fetch } = serverThat(() => Response.json([]));
    const options: HttpClientOptions = { headers: new Headers({ Prefer: 'count=exact' }) };

    await supabaseHttpClient({ apiKey: API_KEY, supabaseClient: clientOf({ token: 'ey.token' }), fetch })(URL, options);

    expect(options).toEqual({ headers: new Headers({ Prefer: 'count=exact' }) });
});

test('a client without headers of its own, such as the stand-in of a test, will do', async () => {
    const { fetch, requests } = serverThat(() => Response.json([]));
    const standIn = { auth: { getSession: async () => ({ data: { session: null } }) } };
    const supabaseClient = standIn as unknown as SupabaseClient;

    await supabaseHttpClient({ apiKey: API_KEY, supabaseClient, fetch })(URL);

    expect(requests).toMatchObject([{ headers: { apikey: API_KEY } }]);
});

test('headers may be a plain object', async () => {
    const { fetch, requests } = serverThat(() => Response.json([]));

    await supabaseHttpClient({ apiKey: API_KEY, supabaseClient: clientOf(), fetch })(URL, {
        headers: { Prefer: 'count=exact' },
    });

    expect(requests).toMatchObject([{ headers: { prefer: 'count=exact', apikey: API_KEY } }]);
});

test('a fetch of its own is called instead of the global one', async () => {
    const globalFetch = vi.fn(async () => Response.json([]));
    vi.stubGlobal('fetch', globalFetch);
    const { fetch, requests } = serverThat(() => Response.json([]));

    await supabaseHttpClient({ apiKey: API_KEY, supabaseClient: clientOf(), fetch })(URL);

    expect(requests).toHaveLength(1);
    expect(globalFetch).not.toHaveBeenCalled();
});

test('with rateLimitFetch, the service hears of the Retry-After that react-admin would drop', async () => {
    const service = new RateLimitService({ logger: false });
    const { fetch } = serverThat(() => new Response(null, { status: 429, headers: { 'Retry-After': '7' } }));
    const client = supabaseHttpClient({
        apiKey: API_KEY,
        supabaseClient: clientOf(),
        fetch: rateLimitFetch(service, { fetch }),
    });
    const before = Date.now();

    await expect(client(URL)).rejects.toMatchObject({ status: 429 });

    expect(service.getSnapshot().pausedUntil).toBeGreaterThanOrEqual(before + 7000);
});

describe('a session that has expired and cannot be renewed', () => {
    const notRenewed = { data: { session: null }, error: new AuthRetryableFetchError('Failed to fetch', 0) };

    test('sends nothing, which would be in the name of nobody', async () => {
        const supabaseClient = clientOf();
        vi.spyOn(supabaseClient.auth, 'getSession').mockResolvedValue(notRenewed);
        const { fetch, requests } = serverThat(() => Response.json({}));
        const httpClient = supabaseHttpClient({ apiKey: API_KEY, supabaseClient, fetch });

        const error = await rejectionOf(httpClient(URL, { method: 'PATCH', body: '{}' }));

        expect(error).toBeInstanceOf(TypeError);
        expect(error).toMatchObject({ message: 'Failed to fetch', code: 'SESSION_NOT_RENEWED' });
        expect(requests).toEqual([]);
    });

    test('costs no row of an import', async () => {
        const { service, clock } = createService();
        const supabaseClient = clientOf({ token: 'token' });
        const { fetch, requests } = serverThat(() => Response.json({}));
        const httpClient = supabaseHttpClient({ apiKey: API_KEY, supabaseClient, fetch });
        const save = (row: number) => httpClient(URL, { method: 'PATCH', body: `${row}` });
        const rows = Array.from({ length: 40 }, (_, row) => row);
        const getSession = vi.spyOn(supabaseClient.auth, 'getSession');
        for (let call = 0; call < 10; call++)
            getSession.mockImplementationOnce(clientOf({ token: 'token' }).auth.getSession);
        for (let call = 0; call < 5; call++) getSession.mockResolvedValueOnce(notRenewed);

        const result = await clock.resolve(runBulk(rows, save, { service, concurrency: 1 }));

        expect(result).toMatchObject({ succeeded: 40, failed: 0, unknown: 0 });
        expect(requests).toEqual(
            rows.map(() =>
                expect.objectContaining({ headers: expect.objectContaining({ authorization: 'Bearer token' }) }),
            ),
        );
    });
});
