import { causesOf, read, toText } from '../core/safely.js';

/**
 * Whether nobody knows what became of a write: there was no answer, or a gateway's that it got none. What a server
 * answers itself, and an error of the caller's own code, is an outcome.
 */
export function isAmbiguous(error: unknown): boolean {
    const link = causesOf(error).find(cause => read(cause, 'status') !== undefined) ?? error;
    const status = read(link, 'status') ?? read(read(link, 'response'), 'status');
    if (status) return status === 408 || status === 502 || status === 504;
    return causesOf(error).some(
        cause =>
            /^(?:AbortError|TimeoutError|FunctionsFetchError)$/.test(toText(read(cause, 'name'))) ||
            NETWORK_CODE.test(toText(read(cause, 'code'))) ||
            NETWORK_MESSAGE.test(toText(read(cause, 'message'))),
    );
}

/** Of Node, of undici, and of axios. */
const NETWORK_CODE =
    /^(?:E(?:CONN\w+|PIPE|TIMEDOUT|NOTFOUND|AI_AGAIN|HOSTUNREACH|NETUNREACH)|UND_ERR_\w+|ERR_NETWORK)$/;

/** What `fetch` rejects with, by browser: Chromium, Firefox, Safari (three), Node (two). supabase-js puts the name before it. */
const NETWORK_MESSAGE =
    /^(?:TypeError: )?(?:Failed to fetch|NetworkError when attempting to fetch resource\.?|Load failed|The Internet connection appears to be offline\.?|The network connection was lost\.?|fetch failed|terminated|network error)(?: \(.*\))?$/i;
