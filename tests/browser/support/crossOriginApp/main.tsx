import { createClient } from '@supabase/supabase-js';
import { RateLimitService, withRateLimit } from 'ra-rate-limit';
import { rateLimitedSupabase } from 'ra-rate-limit/supabase';
import { supabaseDataProvider, supabaseHttpClient } from 'ra-supabase-core';
import { Admin, Edit, Resource, SimpleForm, TextInput } from 'react-admin';
import { createRoot } from 'react-dom/client';

const settings = new URLSearchParams(location.search);
const instanceUrl = settings.get('api') ?? '';
const apiKey = 'any';

function plainSupabase() {
    const supabaseClient = createClient(instanceUrl, apiKey);
    const httpClient = supabaseHttpClient({ apiKey, supabaseClient });
    return supabaseDataProvider({ instanceUrl, apiKey, supabaseClient, httpClient });
}

const dataProvider =
    settings.get('wiring') === 'withRateLimit'
        ? withRateLimit(plainSupabase(), { service: new RateLimitService() })
        : rateLimitedSupabase({ instanceUrl, apiKey }).dataProvider;

const TagEdit = () => (
    <Edit mutationMode="pessimistic" redirect={false}>
        <SimpleForm>
            <TextInput source="name" />
        </SimpleForm>
    </Edit>
);

createRoot(document.getElementById('root') as HTMLElement).render(
    <Admin dataProvider={dataProvider}>
        <Resource name="tags" edit={TagEdit} />
    </Admin>,
);
