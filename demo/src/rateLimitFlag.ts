import { rolloutByKey } from 'ra-rate-limit';
import { createFeatureFlag } from './featureFlags';
import { supabaseClient } from './supabase';
import { userKey } from './userKey';

const NAME = 'rate_limit';

// Past the data provider: the flag has to be read and changed however that fares.
const flags = () => supabaseClient.from('feature_flags');

/** The share of the people that have withRateLimit. */
export const rateLimitFlag = createFeatureFlag({
    read: async () => {
        const { data } = await flags().select('percent').eq('name', NAME).single().throwOnError();
        return data.percent;
    },
    write: async percent => {
        await flags().update({ percent }).eq('name', NAME).select('name').single().throwOnError();
    },
});

const key = userKey();

/** Whether this person is one of them. */
export const hasRateLimit = (): boolean => rolloutByKey(key, rateLimitFlag.percent());
