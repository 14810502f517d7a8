import { HttpError } from 'ra-core';
import { describe, expect, it } from 'vitest';
import { isRateLimitError, isRateLimitResult } from '../../src/core/detection';
import { RateLimitError, RateLimitErrorCode } from '../../src/core/errors';
import { hostileValues } from '../fixtures/hostileValues';

/** What supabase-js's Auth resolves with. */
const authError = Object.assign(new Error('Request rate limit reached'), {
    __isAuthError: true,
    status: 429,
    code: 'over_request_rate_limit',
});
const http429 = new HttpError('Too Many Requests', 429);

describe('a resolved value', () => {
    it.each([
        ['an error beside the status', { data: null, error: { message: 'Slow down' }, status: 429 }],
        ['an error beside the status as a text', { data: null, error: { message: 'Slow down' }, status: '420' }],
        ['an error that is a text', { error: 'Slow down', status: 429 }],
        ['no data and an error that is a rate limit itself', { data: null, error: http429 }],
        ['no data and an error that came as JSON', { data: null, error: { message: 'Slow down', status: 429 } }],
        ['an error of Auth, beside which there is no user', { data: { user: null }, error: authError }],
        ['a Response', new Response(null, { status: 429 })],
        ['the Response of another fetch', { status: 429, ok: false, headers: new Headers() }],
    ])('is a rate limit with %s', (_, result) => {
        expect(isRateLimitResult(result)).toBe(true);
        expect(isRateLimitError(result)).toBe(true);
    });

    it.each([
        ['a record whose status is a column', { data: { id: 1, status: 429 } }],
        ['a list of records', { data: [{ id: 1, status: 429, error: 'x' }], total: 1 }],
        ['a bare record', { id: 1, status: 429, statusCode: 429, message: 'Too Many Requests' }],
        ['data beside a status, without an error', { data: { id: 1 }, status: 429 }],
        ['a result whose error is null', { data: { id: 1 }, error: null, status: 429 }],
        ['a result whose error is empty', { data: { id: 1 }, error: '', status: 429 }],
        ['a result without data whose error is a text', { data: null, error: 'HTTP 429 Too Many Requests' }],
        ['a record about an error', { id: 1, error: { message: 'Too Many Requests', status: 429 } }],
        ['a result whose data is not null', { data: undefined, error: http429 }],
        ['data that came in spite of an error', { data: { id: 1 }, error: http429 }],
        ['a result with another error', { data: null, error: { message: 'Too Many Requests' }, status: 400 }],
        ['an error of another kind', { data: null, error: new Error('duplicate key "4290"') }],
        ['an error that is returned', http429],
        ['a record that resembles a Response', { status: 429, ok: false, headers: { get: 'nothing' } }],
        ['a record whose headers are a column', { status: 429, headers: 'Name, City' }],
        ['a Response of another status', new Response('Too Many Requests', { status: 503 })],
        ['a contact named Rate Limit', { data: { id: 1, name: 'Rate Limit', note: 'HTTP 429 Too Many Requests' } }],
        ['a text', 'HTTP 429 Too Many Requests'],
        ['a number', 429],
        ['nothing', undefined],
    ])('is data: %s', (_, result) => {
        expect(isRateLimitResult(result)).toBe(false);
    });

    it.each([
        ['a record whose status is a column', { data: { id: 1, status: 429 } }],
        ['a list of records', { data: [{ id: 1, status: 429, error: 'x' }], total: 1 }],
        ['a contact named Rate Limit', { data: { id: 1, name: 'Rate Limit', note: 'HTTP 429 Too Many Requests' } }],
    ])('is data for the public isRateLimitError as well: %s', (_, result) => {
        expect(isRateLimitError(result)).toBe(false);
    });
});

describe('our own RateLimitError', () => {
    const own = new RateLimitError({
        code: RateLimitErrorCode.CIRCUIT_OPEN,
        message: 'Too many requests. Please wait 1-2 minutes before trying again.',
        retryAfterMs: 60_000,
        attempts: 4,
        cause: http429,
    });

    it('is not a rate limit: an inner wrapper has dealt with it', () => {
        expect(isRateLimitError(own)).toBe(false);
        expect(isRateLimitError(new Error('Not saved', { cause: own }))).toBe(false);
        for (const error of [own, new Error('Not saved', { cause: own })]) {
            expect(isRateLimitError({ data: null, error, status: 429 })).toBe(false);
            expect(isRateLimitResult({ data: null, error, status: 429 })).toBe(false);
        }
        expect(isRateLimitResult({ data: null, error: own })).toBe(false);
    });

    it('is not one either when it comes from a second copy of this package', () => {
        const fromOtherCopy = Object.assign(new HttpError(own.message, 429, own.body), {
            name: 'RateLimitError',
            code: 'RATE_LIMIT_MAX_RETRIES_EXCEEDED',
        });

        expect(isRateLimitError(fromOtherCopy)).toBe(false);
    });

    it('is not mistaken for a stranger’s class of the same name', () => {
        class RateLimitError extends Error {
            override name = 'RateLimitError';
            status = 429;
            code = 'rate_limit_exceeded';
        }

        expect(isRateLimitError(new RateLimitError('Rate limit reached for requests'))).toBe(true);
    });
});

describe('a chain of causes', () => {
    it('is followed to its end', () => {
        const error = new Error('outer', { cause: new Error('middle', { cause: http429 }) });

        expect(isRateLimitError(error)).toBe(true);
    });

    it('may be a circle', () => {
        const first = new Error('first');
        first.cause = new Error('second', { cause: first });

        expect(isRateLimitError(first)).toBe(false);
    });

    it('may have no end', () => {
        const endless = (): object => ({
            get cause() {
                return endless();
            },
        });

        expect(isRateLimitError(endless())).toBe(false);
    });
});

describe('a value that is no error, or a hostile one,', () => {
    it.each(hostileValues)('is no rate limit and does no harm: %s', (_, value) => {
        expect(isRateLimitError(value)).toBe(false);
        expect(isRateLimitResult(value)).toBe(false);
    });

    it.each(hostileValues)('does no harm as the error of a result, nor as a cause: %s', (_, value) => {
        expect(isRateLimitError({ data: null, error: value })).toBe(false);
        expect(isRateLimitResult({ data: null, error: value })).toBe(false);
        expect(isRateLimitError({ message: 'Not saved', cause: value })).toBe(false);
    });

    it('does not hide what its readable parts tell', () => {
        const error = Object.defineProperty(new HttpError('Slow down', 429), 'message', {
            get: () => {
                throw new Error('hostile');
            },
        });

        expect(isRateLimitError(error)).toBe(true);
    });

    it('is left as it was when frozen', () => {
        expect(isRateLimitError(Object.freeze(new HttpError('Slow down', 429)))).toBe(true);
        expect(isRateLimitResult(Object.freeze({ data: null, error: Object.freeze({}), status: 429 }))).toBe(true);
    });
});
