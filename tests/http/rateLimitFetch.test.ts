import { HttpError } from 'ra-core';
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

    it.each([
        ['service', {}, {}],
        ['service', undefined, {}],
        ['observes', createService().service, { observes: '/rest/' }],
        ['fetch', createService().service, { fetch: 'https://api.example.com' }],
    ])('refuses a wrong %s at once, not when a write has been answered', (name, service, options) => {
        const create = () => rateLimitFetch(service as never, options as never);

        expect(create).toThrow(TypeError);
        expect(create).toThrow(`ra-rate-limit: ${name} must be a`);
    });

    it('refuses an option that is not known', () => {
        const { service } = createService();

        expect(() => rateLimitFetch(service, { observe: () => true } as object)).toThrow(
            /^ra-rate-limit: observe must be a known option, got /,
        );
        expect(() => rateLimitFetch(service, null as never)).toThrow(
            new TypeError('ra-rate-limit: options must be an object, got null'),
        );
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

    it('hears what its service takes for a refusal', async () => {
        const isRateLimitError = (error: unknown) => (error as Response).status === 503;
        const { service } = createService({ isRateLimitError });
        const answer = new Response('', { status: 503, headers: { 'Retry-After': '5' } });

        await rateLimitFetch(service, { fetch: async () => answer })('/rest/v1/contacts');

        expect(service.getSnapshot().pausedUntil).toBe(service.now() + 5000);
    });

    it.each([
        [503, 5000],
        [500, null],
        [200, null],
    ])('asks about an error as well, which is what a data provider makes of it: %i', async (status, pauseMs) => {
        const isRateLimitError = (error: unknown) =>
            error instanceof Error && 'status' in error && [503, 200].includes(Number(error.status));
        const { service } = createService({ isRateLimitError });
        const answer = new Response('', { status, headers: { 'Retry-After': '5' } });

        await rateLimitFetch(service, { fetch: async () => answer })('/rest/v1/contacts');

        expect(service.getSnapshot().pausedUntil).toBe(pauseMs && service.now() + pauseMs);
    });

    it('hears a 429 also where the service knows its refusals by their body, which nobody has read yet', async () => {
        const isRateLimitError = (error: { body: { code: string } }) => error.body.code === 'slow_down';
        const { service } = createService({ isRateLimitError });

        await rateLimitFetch(service, { fetch: async () => refused() })('/rest/v1/contacts');

        expect(service.getSnapshot().pausedUntil).toBe(service.now() + 3000);
    });

    it('is not harmed by an observes that throws', async () => {
        const { service, fetch, hasHeard } = createSensor();
        const observes = (url: string) => new URL(url).pathname !== '/login';

        const answer = await rateLimitFetch(service, { fetch, observes })('/rest/v1/contacts');

        expect(answer.status).toBe(429);
        expect(hasHeard()).toBe(true);
    });

    it('knows the address in a Request of another implementation', async () => {
        const { service, fetch, hasHeard } = createSensor();
        const request = { url: 'https://api.example.com/auth/v1/token', method: 'POST' } as Request;

        await rateLimitFetch(service, { fetch })(request);

        expect(hasHeard()).toBe(false);
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

describe('what the service is told', () => {
    const headers = (values: Record<string, string>, status = 429) => new Response(null, { status, headers: values });

    it.each([429, 420])('is how long a %i asks to wait', async status => {
        const { service, fetch } = createSensor(() => headers({ 'Retry-After': '3' }, status));
        const pause = vi.spyOn(service.dispatcher, 'pause');

        await rateLimitFetch(service, { fetch })('/rest/v1/contacts');

        expect(pause.mock.calls).toEqual([[3000]]);
    });

    it('is measured by the service’s own clock when the response has no Date', async () => {
        const { service } = createService();
        const reset = String(service.now() / 1000 + 7);
        const fetch = async () => headers({ 'X-RateLimit-Reset': reset });

        await rateLimitFetch(service, { fetch })('/rest/v1/contacts');

        expect(service.getSnapshot().pausedUntil).toBe(service.now() + 7000);
    });

    it.each([
        ['a response that is no refusal', headers({ 'Retry-After': '3' }, 503)],
        ['a refusal that names no time', headers({})],
        ['a refusal that names no sane time', headers({ 'Retry-After': 'soon' })],
        ['a refusal that names no time to wait', headers({ 'Retry-After': '0' })],
    ])('is nothing about %s', async (_, response) => {
        const { service, fetch } = createSensor(() => response);
        const pause = vi.spyOn(service.dispatcher, 'pause');

        await expect(rateLimitFetch(service, { fetch })('/rest/v1/contacts')).resolves.toBe(response);

        expect(pause).not.toHaveBeenCalled();
    });

    it('is what an accepted answer tells of the quota, by the service’s own clock', async () => {
        const { service } = createService();
        const reset = String(service.now() / 1000 + 7);
        const fetch = async () => headers({ 'X-RateLimit-Remaining': '3', 'X-RateLimit-Reset': reset }, 201);
        const limit = vi.spyOn(service.dispatcher, 'limit');

        await rateLimitFetch(service, { fetch })('/rest/v1/contacts');

        expect(limit.mock.calls).toEqual([[{ remaining: 3, resetMs: 7000 }]]);
    });

    it.each([
        ['an accepted answer that tells none', headers({ 'Retry-After': '3' }, 200)],
        ['a refusal', headers({ RateLimit: '"a";r=0;t=60' })],
    ])('is no quota in %s', async (_, response) => {
        const { service, fetch } = createSensor(() => response);
        const limit = vi.spyOn(service.dispatcher, 'limit');

        await rateLimitFetch(service, { fetch })('/rest/v1/contacts');

        expect(limit).not.toHaveBeenCalled();
    });

    it('is waited for by the call itself, whose error has no headers, and by all others', async () => {
        const { service, clock } = createService();
        const start = clock.now();
        const sentAt: number[] = [];
        const fetch = rateLimitFetch(service, {
            fetch: async () => {
                sentAt.push(clock.now() - start);
                return sentAt.length === 1 ? headers({ 'Retry-After': '4' }) : new Response('saved');
            },
        });
        const save = () =>
            service.executeWithRetry(async () => {
                const response = await fetch('/rest/v1/contacts');
                if (!response.ok) throw new HttpError('Too Many Requests', response.status);
            });

        const first = save();
        await clock.advance(1000);
        await clock.resolve(Promise.all([first, save(), save()]));

        expect(sentAt).toHaveLength(4);
        expect(Math.min(...sentAt.slice(1))).toBe(4000);
        expect(new Set(sentAt).size).toBe(4); // and not all at once
    });

    it('is waited for one by one when the refused call was none of the service', async () => {
        const { service, clock } = createService();
        const start = clock.now();
        await rateLimitFetch(service, { fetch: async () => refused() })('/rest/v1/contacts');
        const sentAt: number[] = [];
        const save = async () => void sentAt.push(clock.now() - start);

        await clock.resolve(Promise.all([1, 2, 3, 4].map(() => service.executeWithRetry(save))));

        expect(Math.min(...sentAt)).toBe(3000);
        expect(new Set(sentAt).size).toBe(4);
    });

    it('opens the circuit when the time is further off than the longest delay', async () => {
        const { service, fetch } = createSensor(() => headers({ 'Retry-After': '3600' }));

        await rateLimitFetch(service, { fetch })('/rest/v1/contacts');

        expect(service.getCircuitState()).toMatchObject({ status: 'open', openUntil: service.now() + 3_600_000 });
    });
});

describe('what is observed', () => {
    it('is asked about an accepted answer as well: the service hears nothing of what is not', async () => {
        const { service, fetch } = createSensor(() => new Response('[]', { headers: { RateLimit: '"a";r=9;t=60' } }));
        const observes = vi.fn((url: string) => url === '/rest/v1/contacts');
        const limit = vi.spyOn(service.dispatcher, 'limit');
        const sensor = rateLimitFetch(service, { fetch, observes });

        await sensor('/rest/v1/companies');
        expect(limit).not.toHaveBeenCalled();
        await sensor('/rest/v1/contacts');

        expect(limit.mock.calls).toEqual([[{ remaining: 9, resetMs: 60_000 }]]);
        expect(observes.mock.calls).toEqual([['/rest/v1/companies'], ['/rest/v1/contacts']]);
    });

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
        'https://x.supabase.co/rest/v1/pages?path=eq./auth/v1/token',
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
