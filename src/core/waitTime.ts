import { parseHttpDate } from './httpDate.js';
import { causesOf, read } from './safely.js';

/** What is read of `Headers`; a plain object of lower-case names does as well (older axios). */
export type HeadersLike = { get(name: string): string | null };

/** A pause longer than a day is not one: it is cut to this. */
export const MAX_WAIT_MS = 24 * 60 * 60 * 1000;

/**
 * How long the server asked to wait, in milliseconds, more than 0 and at most 24 h. `undefined` when it named no time,
 * or none that makes sense.
 *
 * The first that is present and sane: `Retry-After` (RFC 9110 10.2.3), `RateLimit` (IETF draft-ietf-httpapi-ratelimit-headers,
 * versions 6 to 10) or `X-RateLimit-Reset` with nothing remaining, `retry-after-ms`, then `retry_after`, `retryAfter`
 * (seconds) or `retry_after_ms` in the body, also as JSON inside PostgREST's `details` or `hint`.
 *
 * @param refusal the error, `Response` or result that says 429
 * @param now the client's clock, milliseconds since the epoch
 */
export function waitTimeOf(refusal: unknown, now: number): number | undefined {
    for (const link of causesOf(refusal)) {
        const waitMs = waitTimeFromParts(link, now);
        if (waitMs !== undefined) return waitMs;
    }
    return undefined;
}

/** The same from the headers of a response alone. Moments are measured against its own `Date`, so a wrong client clock does no harm. */
export function waitTimeFromHeaders(headers: HeadersLike, now: number): number | undefined {
    const get = (name: string) => headers.get(name)?.trim();
    const serverNow = parseHttpDate(get('date') ?? '', now) ?? now;
    return firstSane([
        () => retryAfterMs(get('retry-after') ?? '', serverNow),
        () => structuredRateLimitMs(get('ratelimit') ?? ''),
        ...['ratelimit', 'x-ratelimit'].map(
            family => () =>
                Number(get(`${family}-remaining`)) > 0 ? undefined : resetMs(get(`${family}-reset`), serverNow),
        ),
        () => toNumber(get('retry-after-ms')),
    ]);
}

function waitTimeFromParts(link: unknown, now: number): number | undefined {
    const response = read(link, 'response');
    const sources = [link, response, read(link, 'context')];
    const bodies = [read(link, 'body'), link, read(link, 'error'), read(response, 'data')];
    return firstSane([
        ...sources.map(source => () => {
            const headers = toHeaders(read(source, 'headers'));
            return headers && waitTimeFromHeaders(headers, now);
        }),
        ...bodies.map(body => () => bodyMs(body)),
    ]);
}

/** The first that is a wait at all, cut to a day. Each is asked only when those before it had no answer. */
function firstSane(candidates: (() => number | undefined)[]): number | undefined {
    for (const candidate of candidates) {
        const waitMs = candidate();
        if (waitMs !== undefined && waitMs > 0 && waitMs < Number.POSITIVE_INFINITY)
            return Math.min(waitMs, MAX_WAIT_MS);
    }
    return undefined;
}

function toHeaders(headers: unknown): HeadersLike | undefined {
    if (typeof headers !== 'object' || headers === null) return undefined;
    const get = read(headers, 'get');
    return {
        get: name => {
            try {
                const value: unknown = typeof get === 'function' ? get.call(headers, name) : read(headers, name);
                return typeof value === 'string' ? value : null;
            } catch {
                return null;
            }
        },
    };
}

function retryAfterMs(value: string, serverNow: number): number | undefined {
    return secondsToMs(value) ?? (parseHttpDate(value, serverNow) ?? serverNow) - serverNow;
}

/** `"burst";r=0;t=5, "day";r=12;t=3600` (draft-8 and later) and `limit=9, remaining=0, reset=5` (draft-7) */
function structuredRateLimitMs(field: string): number {
    const value = field.replace(/"(?:[^"\\]|\\.)*"/g, ''); // a policy may be called anything
    const policies = value.includes('remaining=') ? [value] : value.split(',');
    const waits = policies
        .filter(policy => /\b(?:r|remaining)=0(?![\d.])/.test(policy))
        .map(policy => secondsToMs(/\b(?:t|reset)=(\d+)/.exec(policy)?.[1]) ?? 0);
    return Math.max(0, ...waits);
}

const secondsToMs = (value: unknown): number | undefined => {
    const seconds = toNumber(value);
    return seconds === undefined ? undefined : seconds * 1000;
};

/** Seconds in some dialects, a moment since the epoch (in seconds or milliseconds) in others: the size tells which. */
function resetMs(value: unknown, serverNow: number): number | undefined {
    const reset = toNumber(value);
    if (reset === undefined) return undefined;
    if (reset >= 1e12) return reset - serverNow;
    return reset >= 1e9 ? reset * 1000 - serverNow : reset * 1000;
}

function bodyMs(body: unknown): number | undefined {
    const hint = parseJsonObject(body) ?? body;
    return firstSane(
        [hint, parseJsonObject(read(hint, 'details')), parseJsonObject(read(hint, 'hint'))].flatMap(part => [
            () => secondsToMs(read(part, 'retry_after') ?? read(part, 'retryAfter')),
            () => toNumber(read(part, 'retry_after_ms') ?? read(part, 'retryAfterMs')),
        ]),
    );
}

/** Plain decimal notation only: `Number()` would also take an empty text, hexadecimal and `Infinity`. */
const toNumber = (value: unknown): number | undefined =>
    (typeof value === 'string' || typeof value === 'number') && /^ *\d+(?:\.\d+)? *$/.test(String(value))
        ? Number(value)
        : undefined;

function parseJsonObject(text: unknown): unknown {
    if (typeof text !== 'string' || text.length > MAX_JSON_LENGTH || !text.trimStart().startsWith('{'))
        return undefined;
    try {
        return JSON.parse(text);
    } catch {
        return undefined;
    }
}

/** A hint is short: longer texts are somebody's data, not worth the time to parse. */
const MAX_JSON_LENGTH = 10_000;
