import type { SupabaseClient } from '@supabase/supabase-js';
import { createFetchJson, type HttpClient } from '../http/createHttpClient.js';

export interface SupabaseHttpClientOptions {
    /** The publishable (anon) key of the project. */
    apiKey: string;
    supabaseClient: SupabaseClient;
    /**
     * The `fetch` to call, such as `rateLimitFetch(service)`.
     * @default the global one, looked up at each call
     */
    fetch?: typeof fetch | undefined;
}

/**
 * The HTTP client of `ra-supabase` over a `fetch` of one's own: that of the package itself goes past the
 * `global.fetch` of the Supabase client, so `Retry-After` would not be seen.
 *
 * @throws {HttpError} when the server answers with anything but 2xx
 * @throws {TypeError} when the session has expired and could not be renewed: nothing was sent
 */
export function supabaseHttpClient({ apiKey, supabaseClient, fetch }: SupabaseHttpClientOptions): HttpClient {
    const fetchJson = createFetchJson(fetch ?? ((input, init) => globalThis.fetch(input, init)));
    return async (url, options = {}) => {
        const token = await tokenOf(supabaseClient);
        const headers = new Headers(options.headers);
        for (const [name, value] of Object.entries(clientHeaders(supabaseClient))) headers.set(name, value);
        headers.set('apiKey', apiKey);
        // The token identifies the user, so that row level security applies.
        const user = token && { authenticated: true, token: `Bearer ${token}` };
        return fetchJson(url, { ...options, headers, ...(user && { user }) });
    };
}

/** That of the session, or of the provider that `createClient` was given as `accessToken`: then there are no sessions. */
async function tokenOf(supabaseClient: SupabaseClient): Promise<string | null | undefined> {
    const client = supabaseClient as unknown as { accessToken?: () => Promise<string | null> };
    if (client.accessToken) return client.accessToken();
    const { data, error } = await supabaseClient.auth.getSession();
    // It could not be renewed, as when the network is not back yet: the request would be that of nobody. Like one that could
    // not be sent, and no 401, which would sign the person out.
    if (error) throw Object.assign(new TypeError(error.message), { code: 'SESSION_NOT_RENEWED' });
    return data.session?.access_token;
}

/** The headers given to `createClient` in `global.headers`, a protected field. */
function clientHeaders(supabaseClient: SupabaseClient): Record<string, string> {
    return (supabaseClient as unknown as { headers?: Record<string, string> }).headers ?? {};
}
