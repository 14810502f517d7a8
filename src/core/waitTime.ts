import { parseHttpDate } from './httpDate.js';
import { causesOf, read, toText } from './safely.js';

/** A pause longer than a day is not one: it is cut to this. */
const MAX_WAIT_MS = 24 * 60 * 60 * 1000;

/**
 * How long the server asked to wait, in milliseconds, more than 0 and at most 24 h. `undefined` when it named no time,
 * or none that makes sense.
 *
 * The first that is present and sane: `Retry-After` (RFC 9110 10.2.3), `RateLimit` (IETF draft-ietf-httpapi-ratelimit-headers,
 * versions 6 to 10) or `X-RateLimit-Reset` with nothing remaining, `retry-after-ms`, then `retry_after`, `retryAfter`
 * (seconds), `retry_after_ms` or `retryAfterMs` in the body, also as JSON inside PostgREST's `details` or `hint`.
 *
 * @param refusal the error, `Response` or result that says 429
 * @param now the client's clock, milliseconds since the epoch
 */
export function waitTimeOf(refusal: unknown, now: number): number | undefined {
    const links = [refusal, read(refusal, 'error')].flatMap(causesOf);
    return firstSane(links.flatMap(link => waitsOf(link, now)));
}

/** The same from the headers of a response alone. Moments are measured against its own `Date`, so a wrong client clock does no harm. */
export function waitTimeFromHeaders(headers: Headers, now: number): number | undefined {
    return firstSane(waitsInHeaders(headers, now));
}

/** The first that is a wait at all, cut to a day. What was not said is `NaN`. */
function firstSane(waits: number[]): number | undefined {
    const waitMs = waits.find(ms => ms > 0);
    return waitMs && Math.min(waitMs, MAX_WAIT_MS);
}

function waitsOf(link: unknown, now: number): number[] {
    const response = read(link, 'response');
    const sources = [link, response, read(link, 'context')];
    const bodies = [read(link, 'body'), link, read(response, 'data')];
    return [...sources.flatMap(source => waitsInHeaders(read(source, 'headers'), now)), ...bodies.flatMap(waitsInBody)];
}

/** What a limiter says of its quota: calls left, and milliseconds until there are more. `NaN` for what it does not say. */
export interface Quota {
    remaining: number;
    resetMs: number;
}

/** The tightest quota that the headers of an accepted call tell of, if any. Of those used up, the longest. */
export function quotaFromHeaders(headers: Headers, now: number): Quota | undefined {
    const perCall = ({ remaining, resetMs }: Quota) => resetMs / Math.max(remaining, 1e-9);
    const get = readerOf(headers);
    return quotasIn(get, serverTime(get, now))
        .filter(({ remaining, resetMs }) => remaining >= 0 && resetMs > 0)
        .map(({ remaining, resetMs }) => ({ remaining, resetMs: Math.min(resetMs, MAX_WAIT_MS) }))
        .sort((a, b) => perCall(b) - perCall(a))[0];
}

type Reader = (name: string) => string;

/** @param headers a `Headers`, or an object of names as in older versions of axios */
const readerOf =
    (headers: unknown): Reader =>
    name => {
        try {
            if (read(headers, 'get')) return toText((headers as Headers).get(name)).trim();
            const found = Object.entries(headers ?? {}).find(([key]) => key.toLowerCase() === name);
            return toText(found?.[1]).trim();
        } catch {
            return '';
        }
    };

function waitsInHeaders(headers: unknown, now: number): number[] {
    const get = readerOf(headers);
    const retryAfter = get('retry-after');
    const serverNow = serverTime(get, now);
    return [
        // A header that was sent twice arrives as `5, 7`.
        Math.max(...retryAfter.split(',').map(toNumber)) * 1000,
        parseHttpDate(retryAfter) - serverNow,
        ...quotasIn(get, serverNow).map(({ remaining, resetMs }) => (remaining > 0 ? Number.NaN : resetMs)),
        toNumber(get('retry-after-ms')),
    ];
}

/** Moments are measured against the response's own clock. */
const serverTime = (get: Reader, now: number): number => parseHttpDate(get('date')) || now;

/** `"burst";r=0;t=5, "day";r=12;t=3600` (draft-8 and later), `limit=9, remaining=0, reset=5` (draft-7), and headers apart. */
function quotasIn(get: Reader, serverNow: number): Quota[] {
    // A policy may be called anything. A name that is not closed runs to the end: so each character is read once.
    const value = get('ratelimit').replace(/"(?:[^"\\]|\\.?)*(?:"|$)/g, '');
    // A name may end like another.
    const numberIn = (policy: string, names: string) => policy.match(`(?:^|[;,\\s])(?:${names})=([\\d.]+)`)?.[1];
    const quota = (remaining: unknown, reset: unknown): Quota => ({
        remaining: toNumber(remaining),
        resetMs: resetMs(toNumber(reset), serverNow),
    });
    return [
        ...(value.includes('remaining=') ? [value] : value.split(','))
            .map(policy => quota(numberIn(policy, 'r|remaining'), numberIn(policy, 't|reset')))
            // Of several that are used up, the longest counts.
            .sort((a, b) => (b.resetMs || 0) - (a.resetMs || 0))
            .filter(({ remaining }) => remaining >= 0),
        ...['ratelimit', 'x-ratelimit'].map(family => quota(get(`${family}-remaining`), get(`${family}-reset`))),
    ];
}

/** Seconds in some dialects, a moment since the epoch (in seconds or milliseconds) in others: the size tells which. */
function resetMs(reset: number, serverNow: number): number {
    if (reset < 1e9) return reset * 1000;
    return (reset < 1e12 ? reset * 1000 : reset) - serverNow;
}

function waitsInBody(body: unknown): number[] {
    const hint = parsed(body);
    return [hint, parsed(read(hint, 'details')), parsed(read(hint, 'hint'))].flatMap(part => [
        toNumber(read(part, 'retry_after')) * 1000,
        toNumber(read(part, 'retryAfter')) * 1000,
        toNumber(read(part, 'retry_after_ms')),
        toNumber(read(part, 'retryAfterMs')),
    ]);
}

/** Plain decimal notation only, else `NaN`: `Number()` would also take an empty text, hexadecimal and `Infinity`. */
const toNumber = (value: unknown): number => (/^ *\d+(?:\.\d+)? *$/.test(toText(value)) ? Number(value) : Number.NaN);

/** What a text says as JSON; anything else as it is. */
function parsed(part: unknown): unknown {
    try {
        return JSON.parse(part as string); // what is no text does not parse either
    } catch {
        return part;
    }
}
