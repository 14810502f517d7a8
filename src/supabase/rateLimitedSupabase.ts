import { createClient, type SupabaseClient, type SupabaseClientOptions } from '@supabase/supabase-js';
import type { DataProvider } from 'ra-core';
import { supabaseDataProvider } from 'ra-supabase-core';
import type { RateLimitOptions } from '../core/options.js';
import { RateLimitService } from '../core/service.js';
import { rateLimitFetch } from '../http/rateLimitFetch.js';
import { type ProviderOptions, withRateLimit } from '../provider/withRateLimit.js';
import { type CreateManyMethod, withCreateMany } from './createMany.js';
import { supabaseHttpClient } from './supabaseHttpClient.js';

type SupabaseProviderConfig = Omit<Parameters<typeof supabaseDataProvider>[0], 'supabaseClient' | 'httpClient'>;

export interface RateLimitedSupabaseOptions extends SupabaseProviderConfig {
    /** Options of the rate limit: those of the service, and `methods`, `enabled` and `messages`. */
    rateLimit?: (RateLimitOptions & ProviderOptions) | undefined;
    /** Options of `createClient`. Its `global.fetch`, when given, is called by the sensor. */
    client?: SupabaseClientOptions<string> | undefined;
}

export interface RateLimitedSupabase {
    dataProvider: DataProvider & CreateManyMethod;
    supabaseClient: SupabaseClient;
    rateLimit: RateLimitService;
}

/**
 * The full wiring in one call: a Supabase client and the data provider of `ra-supabase`, wrapped, with a sensor on both.
 * The provider has `createMany` as well. Takes the options of `supabaseDataProvider` beside its own two.
 *
 * @throws {TypeError} when `instanceUrl` or `apiKey` is missing, or an option of the rate limit is unknown or of the wrong type
 * @throws {RangeError} when one is out of range
 *
 * @example
 * const { dataProvider, supabaseClient, rateLimit } = rateLimitedSupabase({ instanceUrl, apiKey });
 */
export function rateLimitedSupabase({
    instanceUrl,
    apiKey,
    rateLimit: options = {},
    client = {},
    ...config
}: RateLimitedSupabaseOptions): RateLimitedSupabase {
    for (const [name, value] of Object.entries({ instanceUrl, apiKey })) {
        if (!value) throw new TypeError(`ra-rate-limit: rateLimitedSupabase needs ${name}, got ${String(value)}`);
    }
    const { methods, enabled, messages, ...engine } = options;
    const service = new RateLimitService(engine);
    const fetch = rateLimitFetch(service, { fetch: client.global?.fetch });
    const clientOptions = { ...client, global: { ...client.global, fetch } };
    const supabaseClient = createClient(instanceUrl, apiKey, clientOptions) as SupabaseClient;
    const httpClient = supabaseHttpClient({ apiKey, supabaseClient, fetch });
    const dataProvider = withCreateMany(
        supabaseDataProvider({ ...config, instanceUrl, apiKey, supabaseClient, httpClient }),
        { ...config, instanceUrl, httpClient },
    );
    return {
        dataProvider: withRateLimit(dataProvider, { service, methods, enabled, messages }),
        supabaseClient,
        rateLimit: service,
    };
}
