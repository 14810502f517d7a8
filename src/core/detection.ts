import { defaultMessages } from './errors.js';
import { causesOf, read, toText } from './safely.js';

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
 *     isRateLimitError: error =>
 *         isRateLimitError(error) || (error instanceof Error && 'status' in error && error.status === 503),
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
    try {
        // Every result is asked: a property named in place is found much faster than through `read`.
        const { status, error } = result as { status?: unknown; error?: unknown };
        const isLimit = status !== undefined && isLimitStatus(status);
        if (error) {
            if (isLimit) return !isDealtWith(error);
            return isBrokenPostgrestRaise(result) || isRefusal(errorInResult(result));
        }
        return isLimit && typeof read(read(result, 'headers'), 'get') === 'function';
    } catch {
        return false;
    }
}

export const isLimitStatus = (status: unknown): boolean => /^4(?:29|20)$/.test(toText(status));

/**
 * The error of a result of supabase-js without a status and without data, as Storage and Functions have it. Auth has an
 * object without any data in it, and marks its error.
 */
function errorInResult(result: unknown): unknown {
    const error = read(result, 'error');
    const hasData = read(result, 'data') !== null && read(error, '__isAuthError') !== true;
    return hasData || read(result, 'status') !== undefined ? undefined : error;
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
    if (isOwnError(error) || isDealtWith(read(error, 'error'))) return false;
    if (isBrokenPostgrestRaise(error)) return true;
    const statuses = [error, read(error, 'response'), read(error, 'context')]
        .flatMap(part => [toText(read(part, 'status')), toText(read(part, 'statusCode'))])
        .filter(status => /^[1-5]\d\d$/.test(status));
    if (statuses.length > 0) return statuses.some(isLimitStatus);
    const isPostgrest = read(error, 'name') === 'PostgrestError' || read(error, 'details') !== undefined;
    const code = toText(read(error, 'code'));
    return (
        AUTH_CODE.test(code) ||
        (isPostgrest && isLimitStatus(code.replace(/^PT/, ''))) ||
        saysRateLimit(error) ||
        undefined
    );
}

/** A `RateLimitError`, by name and code: a second copy of this package (ESM beside CJS) has a class of its own. */
export const isOwnError = (error: unknown): boolean =>
    read(error, 'name') === 'RateLimitError' && toText(read(error, 'code')) in defaultMessages;

/** A service has given up on it, also where somebody has made that the cause of an error, or resolved with it. */
const isDealtWith = (error: unknown): boolean => causesOf(error).some(isOwnError);

/** https://supabase.com/docs/guides/auth/debugging/error-codes */
const AUTH_CODE = /^over_(?:request|email_send|sms_send)_rate_limit$/;

/**
 * A limiter that raises `PGRST` without the `code` or `headers` that PostgREST requires is answered with 500 PGRST121,
 * which quotes what it could not parse.
 */
function isBrokenPostgrestRaise(error: unknown): boolean {
    return [error, read(error, 'body'), read(error, 'error')].some(
        part =>
            read(part, 'code') === 'PGRST121' && /rate limit|too many requests/i.test(toText(read(part, 'details'))),
    );
}

/** A message that states it, outside of quoted values: those are data, such as a name or a key. */
const saysRateLimit = (error: unknown): boolean =>
    SAYS_RATE_LIMIT.test(toText(read(error, 'message')).replace(QUOTED, ' '));

/** A quote that is not closed runs to the end. */
const QUOTED = /[“„«][^“”»]*(?:[“”»]|$)|"[^"]*(?:"|$)|`[^`]*(?:`|$)|\B'[^']*(?:'\B|$)|=\([^)]*(?:\)|$)/g;
const SAYS_RATE_LIMIT =
    /\bHTTP(?:\/[\d.]+)?[ /:]+(?:error!? )?(?:status:? )?429\b|\bstatus code:? 429\b|\btoo many requests\b|\brate limit (?:exceeded|reached)\b/i;
