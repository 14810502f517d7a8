import { type Options, rateLimit } from 'express-rate-limit';
import { createHttpClient, RateLimitService, withRateLimit } from 'ra-rate-limit';
import { describe, type TestContext, test } from 'vitest';
import { type Contact, startContactsApi } from './support/contactsApi.ts';
import { contactsProvider } from './support/contactsProvider.ts';
import { type Exchange, recordingFetch, tooEarly } from './support/recordingFetch.ts';

interface Dialect {
    name: string;
    headers: Partial<Options>;
    /** How long the server asks to wait, read from its headers in the plainest way. */
    askedMs(headers: Headers): number;
}

const seconds = (text: string | null | undefined) => Number(text) * 1000;

const DIALECTS: Dialect[] = [
    {
        name: 'draft-6',
        headers: { standardHeaders: 'draft-6', legacyHeaders: false },
        askedMs: headers => seconds(headers.get('RateLimit-Reset')),
    },
    {
        name: 'draft-7',
        headers: { standardHeaders: 'draft-7', legacyHeaders: false },
        askedMs: headers => seconds(headers.get('RateLimit')?.split('reset=')[1]),
    },
    {
        name: 'draft-8',
        headers: { standardHeaders: 'draft-8', legacyHeaders: false },
        askedMs: headers => seconds(headers.get('RateLimit')?.split('t=')[1]),
    },
    {
        name: 'the legacy headers',
        headers: { standardHeaders: false, legacyHeaders: true },
        // A moment of the server's clock, which is what its Date says.
        askedMs: headers => seconds(headers.get('X-RateLimit-Reset')) - Date.parse(headers.get('Date') ?? ''),
    },
];

/** Answers 429 without Retry-After, as many gateways do: what is left are the headers of the dialect. */
const withoutRetryAfter: Partial<Options> = {
    handler: (_, response) => {
        response.removeHeader('Retry-After');
        response.status(429).json({ message: 'Too many requests' });
    },
};

async function start(limit: Partial<Options>, onTestFinished: TestContext['onTestFinished']) {
    const api = await startContactsApi(rateLimit({ windowMs: 1000, limit: 4, ...limit }));
    onTestFinished(() => api.close());
    const { fetch, exchanges } = recordingFetch();
    const service = new RateLimitService({ logger: false, jitterFactor: 0 });
    onTestFinished(() => service.dispose());
    const provider = contactsProvider(api.url, createHttpClient({ service, fetch }));
    return { api, exchanges, service, provider, dataProvider: withRateLimit(provider, { service }) };
}

const names = (contacts: readonly Contact[]) => contacts.map(({ name }) => name).sort();

const numbered = (count: number) => Array.from({ length: count }, (_, index) => `Contact ${index + 10}`);

describe.concurrent.each(DIALECTS)('a server that speaks $name', ({ headers, askedMs }) => {
    test('takes each of many concurrent creates once, none before its time', async ({ expect, onTestFinished }) => {
        const { api, dataProvider, exchanges } = await start(headers, onTestFinished);

        const created = await Promise.all(
            numbered(12).map(name => dataProvider.create('contacts', { data: { name } })),
        );

        expect(names(api.contacts)).toEqual(numbered(12));
        expect(names(created.map(({ data }) => data))).toEqual(numbered(12));
        expect(api.statuses).toContain(429);
        // Where there is a Retry-After, it goes before the headers of the dialect.
        const namedMoment = (refusal: Exchange) => refusal.answeredAt + seconds(refusal.headers.get('Retry-After'));
        expect(tooEarly(exchanges, namedMoment)).toEqual([]);
    });

    test('takes every save of a person who saves again and again', async ({ expect, onTestFinished }) => {
        const { api, dataProvider } = await start(headers, onTestFinished);
        const { data } = await dataProvider.create('contacts', { data: { name: 'Contact' } });

        for (const name of numbered(6)) {
            const saved = await dataProvider.update('contacts', { id: data.id, data: { name } });
            expect(saved.data.name).toBe(name);
        }

        expect(api.contacts).toEqual([{ id: data.id, name: 'Contact 15' }]);
        expect(api.statuses.filter(status => status === 200)).toHaveLength(6);
        expect(api.statuses).toContain(429);
    });

    test('is waited for as long as these headers say when there is no Retry-After', async ({
        expect,
        onTestFinished,
    }) => {
        const limit = { ...headers, ...withoutRetryAfter, limit: 1 };
        const { dataProvider, exchanges, service } = await start(limit, onTestFinished);
        const pauses: number[] = [];
        service.on('pause', ({ until }) => pauses.push(until));
        await dataProvider.create('contacts', { data: { name: 'First' } });

        await dataProvider.create('contacts', { data: { name: 'Second' } });

        const [accepted, refused, retried] = exchanges as [Exchange, Exchange, Exchange];
        const namedMoment = refused.answeredAt + askedMs(refused.headers);
        expect([accepted.status, refused.status, retried.status]).toEqual([201, 429, 201]);
        expect(refused.headers.has('Retry-After')).toBe(false);
        expect(namedMoment).toBeGreaterThan(refused.answeredAt);
        expect(pauses).toEqual([expect.closeTo(namedMoment, -2)]);
        expect(retried.sentAt).toBeGreaterThanOrEqual(namedMoment);
        expect(retried.sentAt).toBeLessThan(namedMoment + 500);
    });

    test('loses rows of a data provider that is not wrapped', async ({ expect, onTestFinished }) => {
        const { api, provider } = await start(headers, onTestFinished);

        const outcomes = await Promise.allSettled(
            numbered(12).map(name => provider.create('contacts', { data: { name } })),
        );

        expect(outcomes.filter(({ status }) => status === 'rejected')).toHaveLength(8);
        expect(api.contacts).toHaveLength(4);
    });
});
