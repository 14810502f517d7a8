import fc from 'fast-check';
import { HttpError } from 'ra-core';
import { describe, expect, it } from 'vitest';
import { waitTimeFromHeaders, waitTimeOf } from '../../src/core/waitTime';
import { httpDateFormats, NOON, toHttpDate } from '../fixtures/moments';

const DAY_S = 86_400;
const HEADERS = [
    'retry-after',
    'date',
    'ratelimit',
    'ratelimit-reset',
    'ratelimit-remaining',
    'x-ratelimit-reset',
    'x-ratelimit-remaining',
    'retry-after-ms',
];
const BODY_KEYS = ['retry_after', 'retryAfter', 'retry_after_ms', 'retryAfterMs', 'details', 'hint'];

/** Not a real `Headers`, which refuses most noise. */
const headersOf = (values: Record<string, string>) =>
    ({ get: (name: string) => values[name.toLowerCase()] ?? null }) as unknown as Headers;
const moments = (from: string, to: string) =>
    fc.integer({ min: Date.parse(from) / 1000, max: Date.parse(to) / 1000 }).map(seconds => seconds * 1000);
const clocks = moments('1975-01-01T00:00:00Z', '2180-01-01T00:00:00Z');
/** Where a year of two digits can be told. */
const clocksOfTwoDigits = moments('1975-01-01T00:00:00Z', '2049-12-30T00:00:00Z');
const waitsInS = fc.integer({ min: 1, max: DAY_S });

/** Noise, and noise that resembles what is looked for. */
const headerValues = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.double().map(String),
    fc.bigInt().map(String),
    fc.stringMatching(/^[-+.,;:="rt0-9 a-zA-Z]{0,40}$/),
    clocks.map(toHttpDate),
    clocks.map(httpDateFormats.asctime),
    fc.tuple(clocks.map(toHttpDate), fc.nat(28), fc.string({ maxLength: 1 })).map(([date, index, noise]) => {
        return date.slice(0, index) + noise + date.slice(index + 1);
    }),
);

const expectSane = (waitMs: number | undefined) => {
    if (waitMs === undefined) return;
    expect(waitMs).toBeGreaterThan(0);
    expect(waitMs).toBeLessThanOrEqual(DAY_S * 1000);
};

describe('whatever a server sends', () => {
    it('the wait is unknown, or more than nothing and at most a day', () => {
        const anyHeaders = fc.dictionary(fc.constantFrom(...HEADERS), headerValues);

        fc.assert(
            fc.property(anyHeaders, clocks, (headers, now) => expectSane(waitTimeFromHeaders(headersOf(headers), now))),
            { numRuns: 2_000 },
        );
    });

    it('the same holds for any value as an error, a body, headers or a cause', () => {
        const anyValue = fc.oneof(
            fc.anything({ withNullPrototype: true, withBigInt: true, withMap: true, withSparseArray: true }),
            fc.dictionary(fc.constantFrom(...BODY_KEYS), fc.oneof(fc.anything(), fc.double(), fc.json())),
        );
        const places = fc.record({ error: anyValue, body: anyValue, headers: anyValue, cause: anyValue });

        fc.assert(
            fc.property(anyValue, places, clocks, (value, { error, body, headers, cause }, now) => {
                expectSane(waitTimeOf(value, now));
                expectSane(waitTimeOf({ error, body, headers, cause }, now));
                expectSane(waitTimeOf({ response: { headers, data: body }, context: { headers }, cause }, now));
            }),
            { numRuns: 1_000 },
        );
    });
});

describe('Retry-After', () => {
    it('of n seconds is n × 1000 ms, at any time', () => {
        fc.assert(
            fc.property(waitsInS, clocks, (seconds, now) => {
                expect(waitTimeFromHeaders(headersOf({ 'retry-after': String(seconds) }), now)).toBe(seconds * 1000);
            }),
        );
    });

    it('of any longer number of seconds is a day', () => {
        fc.assert(
            fc.property(fc.bigInt({ min: BigInt(DAY_S), max: 10n ** 40n }), seconds => {
                expect(waitTimeFromHeaders(headersOf({ 'retry-after': String(seconds) }), NOON)).toBe(DAY_S * 1000);
            }),
        );
    });

    it('of a moment is the same wait in all three forms of a date', () => {
        fc.assert(
            fc.property(clocksOfTwoDigits, waitsInS, (now, seconds) => {
                const waits = Object.values(httpDateFormats).map(format =>
                    waitTimeFromHeaders(headersOf({ 'retry-after': format(now + seconds * 1000) }), now),
                );

                expect(waits).toEqual([seconds * 1000, seconds * 1000, seconds * 1000]);
            }),
            // The turn of the century, where a two-digit year starts again, is too rare to be found by chance.
            { examples: [[Date.UTC(1999, 11, 31, 23), DAY_S]] },
        );
    });

    it('of a moment before the answer asks for nothing', () => {
        fc.assert(
            fc.property(clocks, fc.nat(10 * 365 * DAY_S), (now, seconds) => {
                const headers = headersOf({ 'retry-after': toHttpDate(now - seconds * 1000) });

                expect(waitTimeFromHeaders(headers, now)).toBeUndefined();
            }),
        );
    });
});

describe('a moment, measured from the Date of the answer,', () => {
    it('does not depend on the client’s clock', () => {
        const forms = fc.constantFrom<(moment: number) => Record<string, string>>(
            moment => ({ 'retry-after': toHttpDate(moment) }),
            moment => ({ 'retry-after': httpDateFormats['RFC 850'](moment) }),
            moment => ({ 'retry-after': httpDateFormats.asctime(moment) }),
            moment => ({ 'ratelimit-reset': String(moment / 1000) }),
            moment => ({ 'x-ratelimit-reset': String(moment / 1000) }),
            moment => ({ 'x-ratelimit-reset': String(moment) }),
        );
        const serverClocks = moments('2002-01-01T00:00:00Z', '2049-12-30T00:00:00Z');

        fc.assert(
            fc.property(serverClocks, waitsInS, forms, clocks, (serverNow, seconds, form, now) => {
                const headers = headersOf({ ...form(serverNow + seconds * 1000), date: toHttpDate(serverNow) });

                expect(waitTimeFromHeaders(headers, now)).toBe(seconds * 1000);
            }),
        );
    });
});

describe('RateLimit', () => {
    /** A String of RFC 9651: printable ASCII, quotes and backslashes escaped. */
    const names = fc
        .oneof(fc.string({ unit: 'binary-ascii' }), fc.constantFrom('a,b', ';r=0;t=9', 'limit=1', '\\', '"', '; r=0'))
        .map(text => `"${text.replace(/[^ -~]/g, '').replace(/["\\]/g, '\\$&')}"`);
    const items = fc.array(fc.record({ name: names, r: fc.nat(3), t: fc.nat(DAY_S) }), { minLength: 1, maxLength: 4 });
    const separators = fc.constantFrom(';', '; ');

    it('asks for the longest t of the items with nothing remaining', () => {
        fc.assert(
            fc.property(items, separators, (policies, separator) => {
                const value = policies.map(({ name, r, t }) => [name, `r=${r}`, `t=${t}`].join(separator)).join(', ');
                const longest = Math.max(0, ...policies.filter(({ r }) => r === 0).map(({ t }) => t));

                const waitMs = waitTimeFromHeaders(headersOf({ ratelimit: value }), NOON);

                expect(waitMs).toBe(longest === 0 ? undefined : longest * 1000);
            }),
            { numRuns: 500 },
        );
    });

    it('of draft 7 says the same in any order of its keys', () => {
        const keys = fc.shuffledSubarray(['limit=100', 'remaining=0', 'reset='], { minLength: 3 });

        fc.assert(
            fc.property(keys, waitsInS, fc.constantFrom(', ', ','), (parts, seconds, comma) => {
                const value = parts.join(comma).replace('reset=', `reset=${seconds}`);

                expect(waitTimeFromHeaders(headersOf({ ratelimit: value }), NOON)).toBe(seconds * 1000);
            }),
        );
    });
});

describe('a body', () => {
    it('says the same as a number and as text, as JSON and inside of PostgREST’s details', () => {
        fc.assert(
            fc.property(waitsInS, fc.constantFrom('retry_after', 'retryAfter'), (seconds, key) => {
                const bodies = [{ [key]: seconds }, { [key]: String(seconds) }].flatMap(body => [
                    body,
                    JSON.stringify(body),
                    { code: '429', message: 'Slow down', details: JSON.stringify(body), hint: null },
                    { code: '429', message: 'Slow down', details: null, hint: JSON.stringify(body) },
                ]);

                const waits = bodies.map(body => waitTimeOf(new HttpError('Slow down', 429, body), NOON));

                expect(new Set(waits)).toEqual(new Set([seconds * 1000]));
            }),
        );
    });
});
