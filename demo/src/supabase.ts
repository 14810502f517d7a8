import { createClient } from '@supabase/supabase-js';

// The dev server fills these in for the Supabase that it runs, demo/.env.local sets them for another one. By their full
// names: that is what is replaced in the code.
const url: string | undefined = import.meta.env.VITE_SUPABASE_URL;
const key: string | undefined = import.meta.env.VITE_SUPABASE_ANON_KEY;

if (!url || !key) {
    throw new Error('VITE_SUPABASE_URL and VITE_SUPABASE_ANON_KEY must both be set, for example in demo/.env.local');
}

export const instanceUrl = url;
export const apiKey = key;

export const supabaseClient = createClient(instanceUrl, apiKey);
