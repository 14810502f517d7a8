import { RateLimitService, rateLimitFetch } from 'ra-rate-limit';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createService } from '../support/createService';
import { rejectionOf } from '../support/scriptedCalls';

const refused = () => new Response('slow down', { status: 429, headers: { 'Retry-After': '3' } });

/** A sensor on a `fetch` that gives the answer, and whether the service has heard of a refusal. */
function createSensor(answer: () => Response | Promise<Response> = refused) {
    const { service } = createService();
    const fetch = vi.fn<typeof globalThis.fetch>(async () => answer());
    const hasHeard = () => service.getSnapshot().pausedUntil !== null;
    return { service, fetch, hasHeard };
}

afterEach(() => {
    vi.unstubAllGlobals();
});

describe('rateLimitFetch', () => {
    it('passes the request and the response on as they are', async () => {
        const response = new Response('{}');
        const { service, fetch } = createSensor(() => response);
        const init = { method: 'POST', body: '{}', headers: { Prefer: 'return=representation' } };

        const answer = await rateLimitFetch(service, { fetch })('https://api.example.com/rest/v1/contacts', init);

        expect(answer).toBe(response);
        expect(fetch.mock.calls).toEqual([['https://api.example.com/rest/v1/contacts', init]]);
        expect(fetch.mock.calls[0]?.[1]).toBe(init);
    });

    it('leaves the body of a refusal to be read', async () => {
        const { service, fetch } = createSensor();

        const answer = await rateLimitFetch(service, { fetch })('/rest/v1/contacts');

        await expect(answer.text()).resolves.toBe('slow down');
    });

    it('tells the service of a refusal, and never retries by itself', async () => {
        const { service, fetch, hasHeard } = createSensor();

        const answer = await rateLimitFetch(service, { fetch })('/rest/v1/contacts');

        expect(answer.status).toBe(429);
        expect(hasHeard()).toBe(true);
        expect(fetch).toHaveBeenCalledTimes(1);
    });

    it('lets a network error through', async () => {
        const error = new TypeError('fetch failed');
        const { service, fetch, hasHeard } = createSensor(() => Promise.reject(error));

        await expect(rejectionOf(rateLimitFetch(service, { fetch })('/rest/v1/contacts'))).resolves.toBe(error);
        expect(hasHeard()).toBe(false);
    });

    it('calls the global fetch of the moment when it is given none', async () => {
        const service = new RateLimitService({ logger: false });
        const fetchNow = rateLimitFetch(service);
        const fetch = vi.fn(async () => new Response('later'));
        vi.stubGlobal('fetch', fetch);

        const answer = await fetchNow('https://api.example.com/', { method: 'HEAD' });

        await expect(answer.text()).resolves.toBe('later');
        expect(fetch).toHaveBeenCalledWith('https://api.example.com/', { method: 'HEAD' });
    });

    it('calls a fetch without this, as browsers want it', async () => {
        let self: unknown;
        const { service } = createService();
        async function fetch(this: unknown) {
            self = this;
            return new Response();
        }

        await rateLimitFetch(service, { fetch })('/');

        expect(self).toBeUndefined();
    });
});

describe('what is observed', () => {
    it.each([
        ['a text', (url: string) => url],
        ['a URL', (url: string) => new URL(url)],
        ['a Request', (url: string) => new Request(url)],
    ])('is any request but signing in: %s', async (_, toInput) => {
        const [rest, auth] = [createSensor(), createSensor()];

        await rateLimitFetch(rest.service, { fetch: rest.fetch })(toInput('https://x.supabase.co/rest/v1/contacts'));
        await rateLimitFetch(auth.service, { fetch: auth.fetch })(toInput('https://x.supabase.co/auth/v1/token'));

        expect(rest.hasHeard()).toBe(true);
        expect(auth.hasHeard()).toBe(false);
    });

    it.each([
        'https://x.supabase.co/storage/v1/object/avatars/1.png',
        'https://x.supabase.co/functions/v1/import',
        'https://api.example.com/contacts',
    ])('is %s', async url => {
        const { service, fetch, hasHeard } = createSensor();

        await rateLimitFetch(service, { fetch })(url);

        expect(hasHeard()).toBe(true);
    });

    it('may be chosen by URL', async () => {
        const { service, fetch, hasHeard } = createSensor();
        const observes = vi.fn((url: string) => url.startsWith('https://one.'));
        const sensor = rateLimitFetch(service, { fetch, observes });

        await sensor(new Request('https://other.example.com/rest'));
        expect(hasHeard()).toBe(false);
        await sensor('https://one.example.com/auth/v1/token');

        expect(hasHeard()).toBe(true);
        expect(observes.mock.calls).toEqual([
            ['https://other.example.com/rest'],
            ['https://one.example.com/auth/v1/token'],
        ]);
    });
});
