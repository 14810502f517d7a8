import { HttpError } from 'ra-core';
import { checkNoService, type RateLimitService } from '../core/service.js';
import { type RateLimitFetchOptions, rateLimitFetch } from './rateLimitFetch.js';

/** The options of a request: those of `fetch`, and the user whose token is sent. As in react-admin's `fetchJson`. */
export interface HttpClientOptions extends RequestInit {
    user?: { authenticated?: boolean; token?: string };
}

/** What a request resolves with: the answer of the server, its body as text and, where it is JSON, parsed. */
export interface HttpClientResponse {
    status: number;
    headers: Headers;
    body: string;
    // biome-ignore lint/suspicious/noExplicitAny: the shape that react-admin's data providers expect
    json: any;
}

export type HttpClient = (url: string | URL, options?: HttpClientOptions) => Promise<HttpClientResponse>;

export interface CreateHttpClientOptions extends Pick<RateLimitFetchOptions, 'fetch'> {
    /** What hears of each response. */
    service: RateLimitService;
}

/**
 * An HTTP client with the contract of react-admin's `fetchUtils.fetchJson`, whose responses the service sees.
 *
 * @returns a client that rejects with an `HttpError` when the server answers with anything but 2xx
 * @throws {TypeError} when the service is none, or an option is unknown or no function
 *
 * @example
 * const rateLimit = new RateLimitService();
 * const dataProvider = withRateLimit(
 *     jsonServerProvider(apiUrl, createHttpClient({ service: rateLimit })),
 *     { service: rateLimit },
 * );
 */
export function createHttpClient(options: CreateHttpClientOptions): HttpClient {
    checkNoService(options);
    const { service, ...rest } = options;
    return createFetchJson(rateLimitFetch(service, rest));
}

/** `fetchJson` over a given `fetch`. */
export function createFetchJson(fetch: typeof globalThis.fetch): HttpClient {
    return async (url, options = {}) => {
        const { user, ...init } = options;
        const response = await fetch(url, { ...init, headers: toHeaders(options) });
        const body = await response.text();
        const json = parseJson(body);
        const { status, statusText, headers } = response;
        if (status < 200 || status >= 300) throw new HttpError(json?.message || statusText, status, json);
        return { status, headers, body, json };
    };
}

function toHeaders({ headers: given, body, method = 'GET', user }: HttpClientOptions): Headers {
    const headers = new Headers(given ?? { Accept: 'application/json' });
    if (body && method !== 'GET' && !headers.has('Content-Type') && !(body instanceof FormData)) {
        headers.set('Content-Type', 'application/json');
    }
    if (user?.authenticated && user.token) headers.set('Authorization', user.token);
    return headers;
}

// biome-ignore lint/suspicious/noExplicitAny: a body may be anything
function parseJson(body: string): any {
    try {
        return JSON.parse(body);
    } catch {
        return undefined; // not JSON: an empty answer, or the page of a gateway
    }
}
