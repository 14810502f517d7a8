import { HttpError } from 'ra-core';
import { isLimitStatus } from '../core/detection.js';
import { checkNames, refuse } from '../core/options.js';
import { checkService, type RateLimitService } from '../core/service.js';
import { quotaFromHeaders, waitTimeFromHeaders } from '../core/waitTime.js';
import { hintAtHiddenHeaders } from './hiddenHeaders.js';

export interface RateLimitFetchOptions {
    /**
     * The `fetch` to call.
     * @default the global one, looked up at each call
     */
    fetch?: typeof fetch | undefined;
    /**
     * Which requests the service hears of, by their URL. One that throws counts as yes.
     * @default all but those to `/auth/v1/`: signing in has limits of its own
     */
    observes?: ((url: string) => boolean) | undefined;
}

/**
 * A `fetch` that lets the service see each response, for `Retry-After` and its kin: react-admin's `fetchJson` drops
 * the headers of an error. It never retries and changes nothing.
 *
 * @throws {TypeError} when the service is none, or an option is unknown or no function
 *
 * @example
 * const supabaseClient = createClient(url, key, { global: { fetch: rateLimitFetch(rateLimit) } });
 */
export function rateLimitFetch(service: RateLimitService, options: RateLimitFetchOptions = {}): typeof fetch {
    checkService(service);
    checkNames(options, ['fetch', 'observes']);
    const { observes = isNotAuth } = options;
    for (const [name, value] of Object.entries({ observes, fetch: options.fetch })) {
        if (value !== undefined && typeof value !== 'function') refuse(name, 'a function', value);
    }
    const isObserved = (url: string): boolean => {
        try {
            return observes(url);
        } catch {
            return true; // the request has been answered: no error here may cost it
        }
    };
    return async (input, init) => {
        const send = options.fetch ?? globalThis.fetch;
        const response = await send(input, init);
        if (isObserved(toUrl(input))) {
            if (isRefused(response, service)) {
                const waitMs = waitTimeFromHeaders(response.headers, service.now());
                if (waitMs) service.dispatcher.pause(waitMs);
                else hintAtHiddenHeaders(service, response);
            } else {
                const quota = quotaFromHeaders(response.headers, service.now());
                if (quota) service.dispatcher.limit(quota);
            }
        }
        return response;
    };
}

/** Whoever says which errors are refusals has those of react-admin's HTTP client in mind. */
const isRefused = (response: Response, { dispatcher: { options } }: RateLimitService): boolean =>
    isLimitStatus(response.status) ||
    options.isRefusedResult(response) ||
    (!response.ok && options.isRefusal(new HttpError(response.statusText, response.status)));

/** By its path: a query may hold anything. */
const isNotAuth = (url: string): boolean => !/^[^?#]*\/auth\/v1\//.test(url);

/** Of a `Request` of another implementation as well. */
const toUrl = (input: Parameters<typeof fetch>[0]): string => (input as Partial<Request>).url ?? String(input);
