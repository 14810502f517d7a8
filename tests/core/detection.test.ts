import { HttpError } from 'ra-core';
import { describe, expect, it } from 'vitest';
import { isRateLimitError, isRateLimitResult } from '../../src/core/detection';
import { clients, errorOf } from '../fixtures/clients';
import { type Refusal, refusals } from '../fixtures/refusals';

const answering = (...from: Refusal['from'][]) => refusals.filter(refusal => from.includes(refusal.from));
const except = (...names: string[]) => {
    const found = refusals.filter(({ name }) => names.includes(name));
    if (found.length < names.length) throw new Error(`No such refusal among ${names}`);
    return ({ name, isRateLimit }: Refusal) => !names.includes(name) && isRateLimit;
};

/** Its answer is empty: where the status is lost, nothing is left. */
const HAPROXY_EMPTY = 'HAProxy deny_status 429 hdr Retry-After';

describe('a server’s refusal is recognised', () => {
    it.each(refusals)('as the Response itself: $name', async refusal => {
        const response = await clients.fetch(refusal);

        // A Response does not let its body be read in passing, so PGRST121 shows as any other 500.
        expect(isRateLimitError(response)).toBe(refusal.isRateLimit && refusal.status !== 500);
        expect(isRateLimitResult(response)).toBe(refusal.isRateLimit && refusal.status !== 500);
    });

    it.each(refusals)('as the HttpError of react-admin’s fetchJson: $name', async refusal => {
        const error = await clients.fetchJson(refusal);

        expect(error).toBeInstanceOf(HttpError);
        expect(isRateLimitError(error)).toBe(refusal.isRateLimit);
    });

    it.each(refusals)('as the cause of another error: $name', async refusal => {
        const error = new Error('The contact was not saved', { cause: await clients.fetchJson(refusal) });

        expect(isRateLimitError(error)).toBe(refusal.isRateLimit);
    });

    it.each(answering('gateway', 'elsewhere'))('as the error of axios: $name', async refusal => {
        const error = await clients.axios(refusal);

        expect(isRateLimitError(error)).toBe(refusal.isRateLimit);
    });

    it.each(answering('gateway', 'rest'))('as the resolved result of a supabase-js insert: $name', async refusal => {
        const result = await clients.supabaseInsert(refusal);

        expect(isRateLimitError(result)).toBe(refusal.isRateLimit);
        expect(isRateLimitResult(result)).toBe(refusal.isRateLimit);
    });

    it.each(answering('gateway', 'rest'))('as the resolved result of supabase.rpc(): $name', async refusal => {
        const result = await clients.supabaseRpc(refusal);

        expect(isRateLimitError(result)).toBe(refusal.isRateLimit);
        expect(isRateLimitResult(result)).toBe(refusal.isRateLimit);
    });

    // PostgrestError has no status: an answer that does not say what it is cannot be told from any other.
    const isToldByPostgrestError = except(
        'Cloudflare 1015, JSON',
        'Cloudflare 1015, page',
        'API Gateway, quota',
        HAPROXY_EMPTY,
    );
    it.each(answering('gateway', 'rest'))('as the PostgrestError of .throwOnError(): $name', async refusal => {
        const error = await clients.supabaseThrowOnError(refusal);

        expect(error).toHaveProperty('name', 'PostgrestError');
        expect(isRateLimitError(error)).toBe(isToldByPostgrestError(refusal));
    });

    // The same without the class: what `if (error) throw error` throws is the body as it came.
    const isToldByPlainError = except('Cloudflare 1015, page', 'API Gateway, quota', HAPROXY_EMPTY);
    it.each(answering('gateway', 'rest'))('as the error of a result, thrown by hand: $name', async refusal => {
        const error = errorOf(await clients.supabaseInsert(refusal));

        expect(isRateLimitError(error)).toBe(isToldByPlainError(refusal));
    });

    // Of an answer that is not JSON, auth-js keeps neither status nor text.
    const isToldByAuthError = except(
        'Cloudflare 1015, page',
        'nginx limit_req_status 429',
        'HAProxy deny_status 429',
        HAPROXY_EMPTY,
    );
    it.each(answering('gateway', 'auth'))('as the error of supabase.auth: $name', async refusal => {
        const error = await clients.supabaseAuth(refusal);

        expect(error).toHaveProperty('__isAuthError', true);
        expect(isRateLimitError(error)).toBe(isToldByAuthError(refusal));
    });

    it.each(answering('gateway', 'storage'))('as StorageApiError, alone and in a result: $name', async refusal => {
        const result = await clients.supabaseStorage(refusal);

        expect(errorOf(result)).toHaveProperty('name', 'StorageApiError');
        expect(isRateLimitError(errorOf(result))).toBe(refusal.isRateLimit);
        expect(isRateLimitError(result)).toBe(refusal.isRateLimit);
        expect(isRateLimitResult(result)).toBe(refusal.isRateLimit);
    });

    it.each(answering('gateway', 'elsewhere'))('as FunctionsHttpError, alone and in a result: $name', async refusal => {
        const result = await clients.supabaseFunctions(refusal);

        expect(errorOf(result)).toHaveProperty('name', 'FunctionsHttpError');
        expect(isRateLimitError(errorOf(result))).toBe(refusal.isRateLimit);
        expect(isRateLimitError(result)).toBe(refusal.isRateLimit);
        expect(isRateLimitResult(result)).toBe(refusal.isRateLimit);
    });

    it('as the StorageApiError of a Storage that answers 400 and names the real status in the body', async () => {
        const result = await clients.supabaseStorage({ ...refusalOf('Supabase Storage'), status: 400 });

        expect(errorOf(result)).toMatchObject({ status: 400, statusCode: '429' });
        expect(isRateLimitError(errorOf(result))).toBe(true);
    });

    it("as the PostgrestError of a limiter's `raise sqlstate 'PT429'`, of which only the code is left", () => {
        const error = Object.assign(new Error('Slow down'), { name: 'PostgrestError', code: 'PT429', details: null });

        expect(isRateLimitError(error)).toBe(true);
        expect(isRateLimitError({ ...error, code: 'PT402' })).toBe(false);
    });

    it('as a PostgrestError of code 429 that has nothing but a message', async () => {
        const limiter = {
            ...refusalOf('@supabase/lite with a bucket in SQL'),
            body: '{"code":"429","message":"Wait"}',
        };

        expect(isRateLimitError(await clients.supabaseThrowOnError(limiter))).toBe(true);
    });
});

describe('a status', () => {
    it.each([429, '429', 420, '420'])('of %j is a rate limit, under either name', status => {
        expect(isRateLimitError({ status })).toBe(true);
        expect(isRateLimitError({ statusCode: status })).toBe(true);
        expect(isRateLimitError({ response: { status } })).toBe(true);
        expect(isRateLimitError({ context: { status } })).toBe(true);
    });

    it.each([400, '400', 401, 402, 403, 409, 500, '500', 503, 540])(
        'of %j decides, whatever message and code say',
        status => {
            const claims = { message: 'HTTP 429: Too Many Requests', code: 'over_request_rate_limit' };

            expect(isRateLimitError(new HttpError('Too Many Requests', status))).toBe(false);
            expect(isRateLimitError({ ...claims, status })).toBe(false);
            expect(isRateLimitError({ ...claims, statusCode: status })).toBe(false);
            expect(isRateLimitError({ ...claims, response: { status } })).toBe(false);
            expect(isRateLimitError({ ...claims, status, cause: { status: 429 } })).toBe(false);
        },
    );

    it.each([4290, 1429, 42, 429.5, -429, '4290', '0x1ad', 'Too Many Requests', true, null, [429], 429n])(
        'of %s is none',
        status => {
            expect(isRateLimitError({ status })).toBe(false);
            expect(isRateLimitResult({ data: null, error: { message: 'Refused' }, status })).toBe(false);
        },
    );

    it.each(['error', '', 0, 1503, '50000', null])('of %j is not one of HTTP: the message is read', status => {
        expect(isRateLimitError(Object.assign(new Error('Too Many Requests'), { status }))).toBe(true);
    });

    it('of 0, where the network failed, is none', () => {
        expect(isRateLimitError({ error: { message: 'TypeError: Failed to fetch' }, data: null, status: 0 })).toBe(
            false,
        );
    });

    it('500 with PGRST121 is a rate limit only when the details say so', () => {
        const body = {
            code: 'PGRST121',
            details: 'Invalid JSON value for MESSAGE: \'{"message" : "No registered API key"}\'',
        };

        expect(isRateLimitError(new HttpError('Could not parse JSON', 500, body))).toBe(false);
        expect(
            isRateLimitError(new HttpError('Rate limit exceeded', 500, { code: 'PGRST102', details: 'rate limit' })),
        ).toBe(false);
    });
});

describe('an error without a status', () => {
    it.each([
        'HTTP 429',
        'HTTP error 429',
        'HTTP error! status: 429',
        'HTTP/1.1 429',
        'Request failed with status code 429',
        'Too Many Requests',
        '429 Too Many Requests',
        'ThrottlerException: Too Many Requests',
        'too many requests, please try again later.',
        'Rate limit exceeded, try again after a while',
        'Request rate limit reached',
        'API rate limit exceeded for 203.0.113.7.',
        'Save of "Ada" failed: HTTP 429',
        'Save of “Ada” failed: HTTP 429',
        'Speichern von „Ada“ fehlgeschlagen: HTTP 429',
        'Échec de « Ada » : HTTP 429',
    ])('is a rate limit when its message says so: %s', message => {
        expect(isRateLimitError(new Error(message))).toBe(true);
        expect(isRateLimitError(new Error('Not saved', { cause: new TypeError(message) }))).toBe(true);
    });

    it.each([
        'duplicate key value violates unique constraint "4290"',
        'duplicate key value violates unique constraint "429"',
        'invalid input syntax for type integer: "Too Many Requests"',
        "invalid value 'Too Many Requests'",
        'Unknown column `rate limit exceeded`',
        'Key (name)=(Rate limit exceeded) already exists.',
        'Invalid value “Too Many Requests”',
        'Ungültiger Wert „Too Many Requests“',
        'Valeur refusée : « Too Many Requests »',
        'Contact Rate Limit not found',
        'Rate Limit',
        'The rate limit is 429 requests a minute',
        '429',
        'Record 429 was not found',
        'HTTP 4290',
        'HTTP 500',
        'status code 42900',
        'Failed to fetch',
        '',
    ])('is none when the words are data, or others: %s', message => {
        expect(isRateLimitError(new Error(message))).toBe(false);
    });

    it('is none when a long quoted value contains the words', () => {
        const note = `${'Meeting notes. '.repeat(20)} HTTP 429: Too Many Requests ${'More notes. '.repeat(70)}`;

        expect(isRateLimitError(new Error(`value too long for type character varying(255): "${note}"`))).toBe(false);
    });

    it.each(['over_request_rate_limit', 'over_email_send_rate_limit', 'over_sms_send_rate_limit'])(
        'is a rate limit by its code: %s',
        code => expect(isRateLimitError(Object.assign(new Error('Refused'), { code }))).toBe(true),
    );

    it.each(['over_quota', '23505', 'PGRST116', 'ECONNRESET', 'ERR_BAD_REQUEST'])('is none by its code: %s', code => {
        expect(isRateLimitError({ code, message: 'Refused', details: 'rate limit', hint: null })).toBe(false);
    });

    it('with the code 429 is one of PostgREST, or none: a code of others is no status', () => {
        expect(isRateLimitError({ code: '429', message: 'Refused', details: null, hint: null })).toBe(true);
        expect(isRateLimitError(Object.assign(new Error('Refused'), { code: '429' }))).toBe(false);
    });

    it('is none when the call was aborted or never got an answer', () => {
        expect(isRateLimitError(new DOMException('This operation was aborted', 'AbortError'))).toBe(false);
        expect(isRateLimitError(new TypeError('Failed to fetch'))).toBe(false);
        expect(isRateLimitError(new TypeError('fetch failed', { cause: { code: 'ECONNREFUSED' } }))).toBe(false);
    });
});

const refusalOf = (name: string): Refusal => {
    const refusal = refusals.find(each => each.name === name);
    if (!refusal) throw new Error(`No refusal named ${name}`);
    return refusal;
};
