export {
    type RateLimitedSupabase,
    type RateLimitedSupabaseOptions,
    rateLimitedSupabase,
} from './rateLimitedSupabase.js';
export { type SupabaseHttpClientOptions, supabaseHttpClient } from './supabaseHttpClient.js';
