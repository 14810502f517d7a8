import { HttpError } from 'ra-core';
import { describe, expect, it } from 'vitest';
import { waitTimeFromHeaders, waitTimeOf } from '../../src/core/waitTime';
import { clients, errorOf } from '../fixtures/clients';
import { hostileValues, throwingProxy } from '../fixtures/hostileValues';
import { NOON } from '../fixtures/moments';
import { type Refusal, refusals } from '../fixtures/refusals';

const answering = (...from: Refusal['from'][]) => refusals.filter(refusal => from.includes(refusal.from));
const askedWait = ({ waitMs, bodyWaitMs }: Refusal) => waitMs ?? bodyWaitMs;
/** A client whose clock is a year off, unless the refusal needs the right one. */
const clockOf = ({ at = NOON + 365 * 86_400_000 }: Refusal) => at;

describe('the wait of an error beside which there is nothing', () => {
    const headers = new Headers({ 'Retry-After': '7' });

    it.each([
        ['context', { context: { status: 429, headers } }],
        ['response', { status: 429, response: { headers } }],
    ])('is read from its %s', (_, error) => {
        expect(waitTimeOf({ data: null, error }, NOON)).toBe(7000);
    });
});

describe('the wait that a real refusal asks for', () => {
    it.each(refusals)('is read from a Response: $name', async refusal => {
        const response = await clients.fetch(refusal);

        expect(waitTimeOf(response, clockOf(refusal))).toBe(refusal.waitMs);
    });

    it.each(refusals)('is read from the headers alone: $name', refusal => {
        expect(waitTimeFromHeaders(new Headers(refusal.headers), clockOf(refusal))).toBe(refusal.waitMs);
    });

    it.each(refusals)('is read from the body of an HttpError, which has no headers: $name', async refusal => {
        const error = await clients.fetchJson(refusal);

        expect(waitTimeOf(error, clockOf(refusal))).toBe(refusal.bodyWaitMs);
    });

    it.each(answering('gateway', 'elsewhere'))('is read from an error of axios: $name', async refusal => {
        const error = await clients.axios(refusal);

        expect(waitTimeOf(error, clockOf(refusal))).toBe(askedWait(refusal));
    });

    it.each(answering('gateway', 'elsewhere'))(
        'is read from FunctionsHttpError and its result: $name',
        async refusal => {
            const result = await clients.supabaseFunctions(refusal);

            expect(waitTimeOf(errorOf(result), clockOf(refusal))).toBe(refusal.waitMs);
            expect(waitTimeOf(result, clockOf(refusal))).toBe(refusal.waitMs);
        },
    );

    it.each(answering('gateway', 'rest'))('is read from a supabase-js result: $name', async refusal => {
        const result = await clients.supabaseInsert(refusal);

        expect(waitTimeOf(result, clockOf(refusal))).toBe(refusal.bodyWaitMs);
        expect(waitTimeOf(errorOf(result), clockOf(refusal))).toBe(refusal.bodyWaitMs);
        expect(waitTimeOf(await clients.supabaseRpc(refusal), clockOf(refusal))).toBe(refusal.bodyWaitMs);
    });

    it.each(answering('rest'))('is read from a PostgrestError: $name', async refusal => {
        const error = await clients.supabaseThrowOnError(refusal);

        expect(waitTimeOf(error, clockOf(refusal))).toBe(refusal.bodyWaitMs);
    });

    it.each(answering('auth'))('is unknown where supabase.auth drops it: $name', async refusal => {
        expect(waitTimeOf(await clients.supabaseAuth(refusal), clockOf(refusal))).toBeUndefined();
    });
});

describe('a body', () => {
    it.each([
        [{ retry_after: 5 }, 5_000],
        [{ retry_after: '5' }, 5_000],
        [{ retry_after: 1.5 }, 1_500],
        [{ retryAfter: 5 }, 5_000],
        [{ retryAfter: '2.5' }, 2_500],
        [{ retry_after_ms: 250 }, 250],
        [{ retry_after_ms: '250' }, 250],
        [{ retryAfterMs: 250 }, 250],
        [{ retry_after: 0, retry_after_ms: 250 }, 250],
        [{ retry_after: 'soon', retryAfterMs: 250 }, 250],
        [{ retry_after: 'soon', retryAfter: 5 }, 5_000],
        [{ retry_after_ms: 'soon', retryAfterMs: 250 }, 250],
        [{ details: { retry_after: 5 }, hint: null }, 5_000],
        [{ details: null, hint: { retryAfterMs: 250 } }, 250],
        [{ retry_after: 86_401 }, 86_400_000],
        [{ retry_after_ms: 1e12 }, 86_400_000],
        [{ details: '{"retry_after": 5}', hint: null }, 5_000],
        [{ details: null, hint: '{"retry_after_ms": 250}' }, 250],
        [{ details: ' \n{ "retry_after": 5 }', hint: null }, 5_000],
        [{ details: 'slow down', hint: '{"retryAfter": "5"}' }, 5_000],
        [{ details: '{"retry_after": 0}', hint: '{"retry_after": 5}' }, 5_000],
    ])('of %j asks for %i ms, wherever it is found', (body, waitMs) => {
        expect(waitTimeOf(new HttpError('Slow down', 429, body), NOON)).toBe(waitMs);
        expect(waitTimeOf(new HttpError('Slow down', 429, JSON.stringify(body)), NOON)).toBe(waitMs);
        expect(waitTimeOf(Object.assign(new Error('Slow down'), body), NOON)).toBe(waitMs);
        expect(waitTimeOf({ data: null, error: body, status: 429 }, NOON)).toBe(waitMs);
        expect(waitTimeOf({ response: { status: 429, data: body } }, NOON)).toBe(waitMs);
        expect(waitTimeOf(new Error('Not saved', { cause: { status: 429, body } }), NOON)).toBe(waitMs);
    });

    it('may be long: a hint behind somebody’s data is found all the same', () => {
        const body = { note: 'x'.repeat(100_000), retry_after: 5 };

        expect(waitTimeOf(new HttpError('Slow down', 429, { details: JSON.stringify(body) }), NOON)).toBe(5_000);
    });

    it.each([
        { retry_after: 0 },
        { retry_after: -5 },
        { retry_after: Number.NaN },
        { retry_after: Number.POSITIVE_INFINITY },
        { retry_after: '' },
        { retry_after: ' ' },
        { retry_after: '5 minutes' },
        { retry_after: '0x10' },
        { retry_after: true },
        { retry_after: [5] },
        { retry_after: { seconds: 5 } },
        { retry_after: 5n },
        { details: 'retry_after: 5', hint: '{"retry_after": ' },
        { details: '[{"retry_after": 5}]' },
        { details: '{"note": "retry_after 5"}' },
    ])('of %o asks for nothing', body => {
        expect(waitTimeOf(new HttpError('Slow down', 429, body), NOON)).toBeUndefined();
        expect(waitTimeOf({ data: null, error: body, status: 429 }, NOON)).toBeUndefined();
    });
});

describe('where several places could tell', () => {
    it('the headers win over the body', () => {
        const error = { status: 429, headers: new Headers({ 'retry-after': '3' }), body: { retry_after: 9 } };

        expect(waitTimeOf(error, NOON)).toBe(3_000);
    });

    it('the body is asked when the headers name no sane time', () => {
        const error = { status: 429, headers: new Headers({ 'retry-after': '0' }), body: { retry_after: 9 } };

        expect(waitTimeOf(error, NOON)).toBe(9_000);
    });

    it.each([
        ['the error itself', { headers: new Headers({ 'Retry-After': '3' }) }],
        ['its response', { response: { headers: new Headers({ 'Retry-After': '3' }) } }],
        ['its context', { context: new Response(null, { status: 429, headers: { 'Retry-After': '3' } }) }],
        ['a plain object', { response: { headers: { 'retry-after': '3' } } }],
        ['a plain object, in capitals', { response: { headers: { 'Retry-After': '3' } } }],
        ['a plain object, as a number', { response: { headers: { 'retry-after': 3 } } }],
        ['a cause', { cause: { cause: { response: { headers: new Headers({ 'Retry-After': '3' }) } } } }],
        ['headers whose get() is undefined for what is absent', { headers: new Map([['retry-after', '3']]) }],
    ])('headers are found on %s', (_, error) => {
        expect(waitTimeOf(error, NOON)).toBe(3_000);
    });

    it('a cause is asked when the outer error names no time', () => {
        const cause = new HttpError('Slow down', 429, { retry_after: 3 });

        expect(waitTimeOf(new HttpError('Not saved', 429, { retry_after: 'soon' }), NOON)).toBeUndefined();
        expect(waitTimeOf(Object.assign(new HttpError('Not saved', 429), { cause }), NOON)).toBe(3_000);
    });
});

describe('a hostile value', () => {
    it.each(hostileValues)('names no time and does no harm: %s', (_, value) => {
        expect(waitTimeOf(value, NOON)).toBeUndefined();
        expect(waitTimeOf({ headers: value, response: value, context: value, body: value }, NOON)).toBeUndefined();
        expect(
            waitTimeOf({ response: { headers: value, data: value }, error: value, cause: value }, NOON),
        ).toBeUndefined();
        expect(waitTimeOf({ body: { details: value, hint: value } }, NOON)).toBeUndefined();
    });

    it.each(hostileValues.filter(([, value]) => typeof value !== 'number'))(
        'names no time as the value of a header: %s',
        (_, value) => {
            expect(waitTimeOf({ headers: { get: () => value } }, NOON)).toBeUndefined();
            expect(waitTimeOf({ headers: { 'retry-after': value } }, NOON)).toBeUndefined();
        },
    );

    it('does not hide what its readable parts tell', () => {
        const refuse = () => {
            throw new Error('hostile');
        };

        expect(waitTimeOf({ headers: throwingProxy(), body: { retry_after: 3 } }, NOON)).toBe(3_000);
        expect(waitTimeOf({ headers: { get: refuse }, body: { retry_after: 3 } }, NOON)).toBe(3_000);
        expect(waitTimeOf({ response: throwingProxy(), body: { retry_after: 3 } }, NOON)).toBe(3_000);
    });

    it('may be its own cause', () => {
        const error = Object.assign(new Error('Slow down'), { cause: undefined as unknown });
        error.cause = error;

        expect(waitTimeOf(error, NOON)).toBeUndefined();
    });
});
