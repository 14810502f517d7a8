import { fetchUtils, HttpError } from 'ra-core';
import { createHttpClient, type HttpClientOptions } from 'ra-rate-limit';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createService } from '../support/createService';

const { fetchJson } = fetchUtils;
const URL_OF_CONTACTS = 'https://api.example.com/contacts';

/** What came of a request, with what can be compared. */
async function outcomeOf(request: Promise<{ status: number; headers: Headers; body: string; json: unknown }>) {
    try {
        const { headers, ...rest } = await request;
        return { ...rest, headers: [...headers] };
    } catch (error) {
        if (!(error instanceof HttpError)) throw error;
        return { isHttpError: true, message: error.message, status: error.status, body: error.body };
    }
}

const fetch = vi.fn<typeof globalThis.fetch>();
beforeEach(() => {
    fetch.mockReset();
    vi.stubGlobal('fetch', fetch);
});
afterEach(() => {
    vi.unstubAllGlobals();
});

describe('an answer is taken as fetchJson of react-admin takes it', () => {
    const answers: [string, string | null, ResponseInit][] = [
        ['a record', '{"id":1,"name":"Jane"}', { headers: { 'Content-Type': 'application/json' } }],
        ['a list with headers', '[{"id":1}]', { headers: { 'Content-Range': '0-0/1' } }],
        ['nothing', null, { status: 204, statusText: 'No Content' }],
        ['an empty text', '', { status: 200 }],
        ['a page', '<h1>It works</h1>', { headers: { 'Content-Type': 'text/html' } }],
        ['null', 'null', { status: 200 }],
        ['a number', '42', { status: 201 }],
        ['the last status that is well', '{}', { status: 299 }],
        ['a redirect that was not followed', '{}', { status: 304, statusText: 'Not Modified' }].map(
            (part, index) => (index === 1 ? null : part), // 304 has no body
        ) as [string, null, ResponseInit],
        ['a choice', '{"message":"Which?"}', { status: 300 }],
        ['a conflict with a message', '{"message":"Duplicate","details":[1]}', { status: 409, statusText: 'Conflict' }],
        ['an error without a message', '{"error":"x"}', { status: 400, statusText: 'Bad Request' }],
        ['an error with an empty message', '{"message":""}', { status: 400, statusText: 'Bad Request' }],
        ['an error with a body of null', 'null', { status: 500, statusText: 'Internal Server Error' }],
        ['an error with a text for JSON', '"oops"', { status: 500, statusText: 'Internal Server Error' }],
        ['an error with a page', '<h1>Bad Gateway</h1>', { status: 502, statusText: 'Bad Gateway' }],
        ['an error with nothing', '', { status: 503, statusText: 'Service Unavailable' }],
        ['a refusal', '{"message":"slow down"}', { status: 429, headers: { 'Retry-After': '1' } }],
    ];

    it.each(answers)('%s', async (_, body, init) => {
        fetch.mockImplementation(async () => new Response(body, init));
        const { service } = createService();

        const ours = await outcomeOf(createHttpClient({ service })(URL_OF_CONTACTS));
        const theirs = await outcomeOf(fetchJson(URL_OF_CONTACTS));

        expect(ours).toEqual(theirs);
    });

    it('also when there is none', async () => {
        const error = new TypeError('fetch failed');
        fetch.mockRejectedValue(error);
        const { service } = createService();

        await expect(createHttpClient({ service })(URL_OF_CONTACTS)).rejects.toBe(error);
        await expect(fetchJson(URL_OF_CONTACTS)).rejects.toBe(error);
    });
});

describe('a request is sent as fetchJson of react-admin sends it', () => {
    const form = new FormData();
    form.set('name', 'Jane');
    const requests: [string, (() => HttpClientOptions)?][] = [
        ['without options'],
        ['with options that say nothing', () => ({})],
        ['a POST of JSON', () => ({ method: 'POST', body: '{}' })],
        ['a POST without a body', () => ({ method: 'POST' })],
        ['a body without a method', () => ({ body: '{}' })],
        ['a GET with a body', () => ({ method: 'GET', body: '{}' })],
        ['a form', () => ({ method: 'POST', body: form })],
        [
            'a type of content of its own',
            () => ({ method: 'PATCH', body: 'id,name', headers: new Headers({ 'Content-Type': 'text/csv' }) }),
        ],
        ['headers of its own', () => ({ headers: new Headers({ Prefer: 'count=exact' }) })],
        ['headers of its own and a body', () => ({ method: 'PUT', body: '{}', headers: new Headers({ 'X-A': 'a' }) })],
        ['a user', () => ({ user: { authenticated: true, token: 'Bearer abc' } })],
        ['a user who is not authenticated', () => ({ user: { authenticated: false, token: 'Bearer abc' } })],
        ['a user of whom that is not known', () => ({ user: { token: 'Bearer abc' } })],
        ['a user without a token', () => ({ user: { authenticated: true } })],
        ['a user with an empty token', () => ({ user: { authenticated: true, token: '' } })],
        [
            'a user beside a header',
            () => ({
                headers: new Headers({ Authorization: 'Basic xyz' }),
                user: { authenticated: true, token: 'Bearer abc' },
            }),
        ],
    ];

    it.each(requests)('%s', async (_, options) => {
        fetch.mockImplementation(async () => new Response('{}'));
        const { service } = createService();

        await createHttpClient({ service })(URL_OF_CONTACTS, options?.());
        await fetchJson(URL_OF_CONTACTS, options?.());

        const [ours, theirs] = fetch.mock.calls.map(([input, { headers, ...init } = {}]) => ({
            input,
            headers: [...new Headers(headers)],
            init: { ...init, user: undefined }, // theirs passes it on to fetch, which knows of no user
        }));
        expect(ours).toEqual(theirs);
    });

    it('with every other option of fetch', async () => {
        fetch.mockImplementation(async () => new Response('{}'));
        const { service } = createService();
        const { signal } = new AbortController();

        await createHttpClient({ service })(URL_OF_CONTACTS, { signal, cache: 'no-store', credentials: 'include' });

        expect(fetch.mock.calls[0]?.[1]).toMatchObject({ cache: 'no-store', credentials: 'include' });
        expect(fetch.mock.calls[0]?.[1]?.signal).toBe(signal);
    });
});

describe('beyond that', () => {
    it('headers may be a plain object, which theirs cannot read, and are not changed', async () => {
        fetch.mockImplementation(async () => new Response('{}'));
        const { service } = createService();
        const headers = { Prefer: 'count=exact' };
        const own = new Headers();

        const httpClient = createHttpClient({ service });
        const user = { authenticated: true, token: 'Bearer abc' };
        await httpClient(URL_OF_CONTACTS, { headers, method: 'POST', body: '{}', user });
        await httpClient(URL_OF_CONTACTS, { headers: own, user });

        expect([...new Headers(fetch.mock.calls[0]?.[1]?.headers)]).toEqual([
            ['authorization', 'Bearer abc'],
            ['content-type', 'application/json'],
            ['prefer', 'count=exact'],
        ]);
        expect(headers).toEqual({ Prefer: 'count=exact' });
        expect([...own]).toEqual([]);
    });

    it('the user’s token is not passed on to fetch but in its header', async () => {
        fetch.mockImplementation(async () => new Response('{}'));
        const { service } = createService();

        await createHttpClient({ service })(URL_OF_CONTACTS, { user: { authenticated: true, token: 'Bearer abc' } });

        expect(fetch.mock.calls[0]?.[1]).not.toHaveProperty('user');
    });

    it('the service hears of each response', async () => {
        fetch.mockImplementation(async () => new Response('{}', { status: 429, headers: { 'Retry-After': '3' } }));
        const { service } = createService();

        await expect(createHttpClient({ service })(URL_OF_CONTACTS)).rejects.toBeInstanceOf(HttpError);

        expect(service.getSnapshot().pausedUntil).toBe(service.now() + 3000);
    });

    it.each([
        [createService().service, '[object RateLimitService]'],
        [undefined, 'undefined'],
    ])('the service itself, or nothing, for options is refused: %o', (options, got) => {
        expect(() => createHttpClient(options as never)).toThrow(
            new TypeError(`ra-rate-limit: options must be an object such as { service }, got ${got}`),
        );
    });

    it('the answer of a stub may have a status alone', async () => {
        const answer = { status: 200, headers: new Headers(), text: async () => '{"id":1}' } as Response;
        const { service } = createService();

        const client = createHttpClient({ service, fetch: async () => answer });

        await expect(client(URL_OF_CONTACTS)).resolves.toMatchObject({ json: { id: 1 } });
    });

    it('an opaque answer, whose status is 0, is an error', async () => {
        const answer = { status: 0, headers: new Headers(), text: async () => '' } as Response;
        const { service } = createService();

        const client = createHttpClient({ service, fetch: async () => answer });

        await expect(client(URL_OF_CONTACTS)).rejects.toMatchObject({ status: 0 });
    });

    it('the fetch may be one’s own, and the URL an object', async () => {
        const own = vi.fn<typeof globalThis.fetch>(async () => new Response('{"id":1}'));
        const { service } = createService();
        const url = new URL(URL_OF_CONTACTS);

        const { json } = await createHttpClient({ service, fetch: own })(url);

        expect(json).toEqual({ id: 1 });
        expect(own.mock.calls[0]?.[0]).toBe(url);
        expect(fetch).not.toHaveBeenCalled();
    });
});
