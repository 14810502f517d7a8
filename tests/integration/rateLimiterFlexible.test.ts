import type { RequestHandler } from 'express';
import { createHttpClient, RateLimitErrorCode, RateLimitService, withRateLimit } from 'ra-rate-limit';
import { RateLimiterMemory, type RateLimiterRes } from 'rate-limiter-flexible';
import { expect, onTestFinished, test } from 'vitest';
import { startContactsApi } from './support/contactsApi.ts';
import { contactsProvider } from './support/contactsProvider.ts';
import { type Exchange, recordingFetch, tooEarly } from './support/recordingFetch.ts';

/** The middleware of rate-limiter-flexible's own documentation. */
function limiting(limiter: RateLimiterMemory): RequestHandler {
    return async (request, response, next) => {
        try {
            await limiter.consume(request.ip ?? '');
            next();
        } catch (refusal) {
            const { msBeforeNext } = refusal as RateLimiterRes;
            response.set('Retry-After', String(Math.ceil(msBeforeNext / 1000)));
            response.status(429).send('Too Many Requests');
        }
    };
}

async function start(limiter: RateLimiterMemory, options: { maxRetries?: number; maxDelayMs?: number } = {}) {
    const api = await startContactsApi(limiting(limiter));
    onTestFinished(() => api.close());
    const { fetch, exchanges } = recordingFetch();
    const service = new RateLimitService({ logger: false, jitterFactor: 0, ...options });
    onTestFinished(() => service.dispose());
    const provider = contactsProvider(api.url, createHttpClient({ service, fetch }));
    return { api, exchanges, service, dataProvider: withRateLimit(provider, { service }) };
}

const namedMoment = ({ answeredAt, headers }: Exchange) => answeredAt + Number(headers.get('Retry-After')) * 1000;

test('concurrent creates all arrive, each once, and none before its time', async () => {
    const { api, dataProvider, exchanges } = await start(new RateLimiterMemory({ points: 3, duration: 1 }));
    const names = ['Ada', 'Blaise', 'Carl', 'Dorothy', 'Emmy', 'Fei', 'Grace', 'Hedy', 'Ida'];

    await Promise.all(names.map(name => dataProvider.create('contacts', { data: { name } })));

    expect(api.contacts.map(({ name }) => name).sort()).toEqual(names);
    expect(api.statuses).toContain(429);
    expect(tooEarly(exchanges, namedMoment)).toEqual([]);
});

test('the plain text body of the refusal does not reach the person who saves', async () => {
    const { dataProvider } = await start(new RateLimiterMemory({ points: 1, duration: 60 }), { maxDelayMs: 100 });
    await dataProvider.create('contacts', { data: { name: 'Ada' } });

    const refused = dataProvider.create('contacts', { data: { name: 'Blaise' } });

    await expect(refused).rejects.toMatchObject({
        status: 429,
        message: 'Too many requests. Please wait 1-2 minutes before trying again.',
    });
});

test('a server that asks for more than anybody would wait for is left alone until then', async () => {
    const { api, dataProvider, service } = await start(new RateLimiterMemory({ points: 1, duration: 60 }));
    await dataProvider.create('contacts', { data: { name: 'Ada' } });

    const refused = dataProvider.create('contacts', { data: { name: 'Blaise' } });
    await expect(refused).rejects.toMatchObject({ code: RateLimitErrorCode.CIRCUIT_OPEN, attempts: 1 });
    const turnedAway = dataProvider.create('contacts', { data: { name: 'Carl' } });
    await expect(turnedAway).rejects.toMatchObject({ code: RateLimitErrorCode.CIRCUIT_OPEN, attempts: 0 });

    expect(api.statuses).toEqual([201, 429]);
    expect(service.getCircuitState()).toMatchObject({ isOpen: true, openUntil: expect.any(Number) });
    expect(service.getCircuitState().openUntil).toBeGreaterThan(Date.now() + 55_000);
});
