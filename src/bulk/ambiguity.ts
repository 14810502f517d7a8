import { causesOf, read, toText } from '../core/safely.js';

/** What a call of bulk work rejects with that the end of its run finds waiting: it was not sent, or refused. */
export class NotSent extends DOMException {
    constructor() {
        super('The run was cancelled before this was sent', 'AbortError');
    }
}

/**
 * Whether nobody knows what became of a write: there was no answer, or a gateway's that it got none. What a server
 * answers itself, and an error of the caller's own code, is an outcome.
 */
export function isAmbiguous(error: unknown): boolean {
    if (read(error, 'constructor') === NotSent || isSignedOut(error)) return false;
    const status = statusOf(error);
    if (status != null) return NO_ANSWER.test(toText(status));
    return causesOf(error).some(
        cause =>
            /^(?:AbortError|TimeoutError|FunctionsFetchError)$/.test(toText(read(cause, 'name'))) ||
            NETWORK_CODE.test(toText(read(cause, 'code'))) ||
            NETWORK_MESSAGE.test(toText(read(cause, 'message'))),
    );
}

/**
 * Whether the server did not know who asked: the session has expired, and the write was not looked at, or not even sent.
 * PostgREST also answers 401 when somebody who is not signed in may not write, which a new session does not change.
 */
export const isSignedOut = (error: unknown): boolean =>
    hasCode(error, NOT_RENEWED) || (toText(statusOf(error)) === '401' && !hasCode(error, NOT_PERMITTED));

const hasCode = (error: unknown, code: string): boolean =>
    causesOf(error).some(cause => [read(cause, 'code'), read(read(cause, 'body'), 'code')].includes(code));

/** Whether a gateway has given up on the server, which was too slow for it. */
export const isTooSlow = (error: unknown): boolean => /^(?:408|504|524)$/.test(toText(statusOf(error)));

/** Whether the server looked at the item itself, and will never take it. */
export const isOfItem = (error: unknown): boolean => /^4(?:00|13|22)$/.test(toText(statusOf(error)));

/** That of the error, of a response of axios, or of the context of an Edge Function. */
export const statusOf = (error: unknown): unknown =>
    causesOf(error)
        .flatMap(cause => [cause, read(cause, 'response'), read(cause, 'context')])
        .map(part => read(part, 'status'))
        .find(status => status != null);

/** Of `supabaseHttpClient`, which has sent nothing. */
const NOT_RENEWED = 'SESSION_NOT_RENEWED';

/** `insufficient_privilege` of PostgreSQL. */
const NOT_PERMITTED = '42501';

/** 0 is what supabase-js says of a request that failed or was aborted; 520 to 524 are Cloudflare's. */
const NO_ANSWER = /^(?:0|408|502|504|52[0-4])$/;

/** Of Node, of undici, and of axios. */
const NETWORK_CODE =
    /^(?:E(?:CONN\w+|PIPE|TIMEDOUT|NOTFOUND|AI_AGAIN|HOSTUNREACH|NETUNREACH)|UND_ERR_\w+|ERR_NETWORK|ERR_CANCELED)$/;

/** What `fetch` rejects with, by browser: Chromium, Firefox, Safari (four), Node (two). supabase-js puts the name before it. */
const NETWORK_MESSAGE =
    /^(?:TypeError: )?(?:Failed to fetch|NetworkError when attempting to fetch resource\.?|Load failed|The Internet connection appears to be offline\.?|The network connection was lost\.?|The request timed out\.?|fetch failed|terminated|network error)(?: \(.*\))?$/i;
