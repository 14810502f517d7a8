import { RateLimitErrorCode } from './errors.js';
import { causesOf, isA, read } from './safely.js';

/**
 * Tells whether a server refused a call because of a rate limit. It knows the errors of react-admin, `fetch`,
 * supabase-js (Postgrest, Auth, Storage, Functions) and axios, their `cause` chains, and supabase-js results.
 *
 * Where a value carries a status, the status decides: 429 (RFC 6585 4) or 420, which Supabase's documented limiter
 * answers. The message is only read where there is none. A `RateLimitError` is never one: it has been dealt with.
 *
 * @example
 * withRateLimit(dataProvider, {
 *     // nginx answers 503 unless told otherwise
 *     isRateLimitError: error => isRateLimitError(error) || error?.status === 503,
 * });
 */
export function isRateLimitError(errorOrResult: unknown): boolean {
    return isRefusal(errorOrResult) || isRefusal(errorInResult(errorOrResult));
}

/**
 * The stricter question for what a call resolved with, where a `status` may well be a column of a record: only a
 * `Response`, an `error` beside the status, or a supabase-js result without data whose error is a rate limit.
 */
export function isRateLimitResult(result: unknown): boolean {
    const { status, error } = statusAndError(result);
    if (!error) return isLimitStatus(status) && isA(result, Response);
    return isLimitStatus(status) || isBrokenPostgrestRaise(result) || isRefusal(errorInResult(result));
}

/** Not through `read`: every result is asked, and a property named in place is found in half the time. */
function statusAndError(result: unknown): { status?: unknown; error?: unknown } {
    try {
        const { status, error } = (result ?? {}) as Record<string, unknown>;
        return { status, error };
    } catch {
        return {};
    }
}

export const isLimitStatus = (status: unknown): boolean =>
    status === 429 || status === 420 || status === '429' || status === '420';

/** What the functions, auth and storage of supabase-js resolve with has no status beside the error. */
function errorInResult(result: unknown): unknown {
    const error = read(result, 'error');
    const isBare = read(result, 'status') === undefined && read(result, 'data') == null;
    return isBare && isA(error, Error) ? error : undefined;
}

function isRefusal(error: unknown): boolean {
    for (const link of causesOf(error)) {
        const verdict = judge(link);
        if (verdict !== undefined) return verdict;
    }
    return false;
}

/** Yes, no, or (`undefined`) nothing that would tell: then the cause is asked. */
function judge(error: unknown): boolean | undefined {
    if (isOwnError(error)) return false;
    if (isBrokenPostgrestRaise(error)) return true;
    const statuses = [
        read(error, 'status'),
        read(error, 'statusCode'),
        read(read(error, 'response'), 'status'),
        read(read(error, 'context'), 'status'),
    ].filter(isHttpStatus);
    if (statuses.length > 0) return statuses.some(isLimitStatus);

    const code = toCode(read(error, 'code'));
    const isPostgrest = read(error, 'name') === 'PostgrestError' || read(error, 'details') !== undefined;
    const message = toText(read(error, 'message'));
    return AUTH_CODE.test(code) || (isPostgrest && isLimitStatus(code)) || saysRateLimit(message) || undefined;
}

/** By name and code: a second copy of this package (ESM beside CJS) has a class of its own. */
function isOwnError(error: unknown): boolean {
    const code = read(error, 'code');
    return read(error, 'name') === 'RateLimitError' && Object.values<unknown>(RateLimitErrorCode).includes(code);
}

/** https://supabase.com/docs/guides/auth/debugging/error-codes */
const AUTH_CODE = /^over_(?:request|email_send|sms_send)_rate_limit$/;

const isHttpStatus = (status: unknown): boolean => /^[1-5]\d\d$/.test(toCode(status));

const toCode = (value: unknown): string =>
    typeof value === 'number' || typeof value === 'string' ? String(value) : '';

const toText = (value: unknown): string => (typeof value === 'string' ? value : '');

/**
 * A limiter that raises `PGRST` without the `code` or `headers` that PostgREST requires is answered with 500 PGRST121,
 * which quotes what it could not parse.
 */
function isBrokenPostgrestRaise(error: unknown): boolean {
    return [error, read(error, 'body'), read(error, 'error')].some(
        part =>
            read(part, 'code') === 'PGRST121' &&
            /rate limit|too many requests/i.test(`${toText(read(part, 'details'))} ${toText(read(part, 'message'))}`),
    );
}

/** A message that states it, outside of quoted values: those are data, such as a name or a key. */
function saysRateLimit(message: string): boolean {
    const spoken = message.slice(0, MAX_MESSAGE_LENGTH).replace(QUOTED, ' ');
    return SAYS_RATE_LIMIT.test(spoken);
}

const MAX_MESSAGE_LENGTH = 1000;
/** A quote that is not closed, or was cut off, runs to the end. */
const QUOTED = /"[^"]*(?:"|$)|`[^`]*(?:`|$)|\B'[^']*(?:'\B|$)|=\([^)]*(?:\)|$)/g;
const SAYS_RATE_LIMIT =
    /\bHTTP[ /:]+(?:error )?429\b|\bstatus code:? 429\b|\btoo many requests\b|\brate limit (?:exceeded|reached)\b/i;
