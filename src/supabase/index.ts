export {
    type CreateManyMeta,
    type CreateManyMethod,
    type CreateManyOptions,
    type CreateManyParams,
    withCreateMany,
} from './createMany.js';
export {
    type RateLimitedSupabase,
    type RateLimitedSupabaseOptions,
    rateLimitedSupabase,
} from './rateLimitedSupabase.js';
export { type SupabaseHttpClientOptions, supabaseHttpClient } from './supabaseHttpClient.js';
