import { type CreateManyMethod, withCreateMany } from 'ra-rate-limit/supabase';
import { supabaseDataProvider, supabaseHttpClient } from 'ra-supabase-core';
import type { CreateParams, DataProvider, GetOneParams, Identifier, RaRecord, UpdateParams } from 'react-admin';
import { callRpc } from './callRpc';
import { apiKey, instanceUrl, supabaseClient } from './supabase';

const httpClient = supabaseHttpClient({ apiKey, supabaseClient });
const supabase = withCreateMany(supabaseDataProvider({ instanceUrl, apiKey, supabaseClient, httpClient }), {
    instanceUrl,
    httpClient,
});

/** Finds a record by its name, in whatever case, and creates it if there is none. */
type GetOrCreate = (name: string, options?: { signal?: AbortSignal | undefined }) => Promise<RaRecord>;

export interface CrmDataProvider extends DataProvider, CreateManyMethod {
    getOrCreateCompany: GetOrCreate;
    getOrCreateTag: GetOrCreate;
}

const getOrCreate =
    (rpc: string): GetOrCreate =>
    (name, { signal } = {}) =>
        callRpc(rpc, { name }, signal);

/** Lists show counts that views compute; everything else works on the tables. */
const LIST_VIEWS: Readonly<Record<string, string>> = {
    companies: 'companies_summary',
    segments: 'segments_summary',
    tags: 'tags_summary',
};

/** The lines of an opportunity are read and saved with it. */
const LINES = 'lines:opportunity_products';

/**
 * Creates, updates and deletes lines in one transaction. Without an id the opportunity is created.
 */
function saveOpportunity(values: Record<string, unknown>, id?: Identifier): Promise<unknown> {
    const { lines, ...opportunity } = values;
    return callRpc('sync_opportunity_with_products', {
        opportunity: id === undefined ? opportunity : { ...opportunity, id },
        lines: lines ?? [],
    });
}

/** Supabase's data provider, with what is particular to this CRM. It is wrapped in `App.tsx`. */
export const crmDataProvider = {
    ...supabase,

    getList: (resource, params) => supabase.getList(LIST_VIEWS[resource] ?? resource, params),

    getOne: (resource: string, params: GetOneParams) =>
        resource === 'opportunities'
            ? supabase.getOne(resource, { ...params, meta: { ...params.meta, embed: [LINES] } })
            : supabase.getOne(resource, params),

    create: async (resource: string, params: CreateParams) => {
        switch (resource) {
            case 'segments':
                return { data: await callRpc('get_or_create_segment', pick(params.data, ['name', 'description'])) };
            case 'opportunities':
                return { data: await saveOpportunity(params.data) };
            default:
                return supabase.create(resource, params);
        }
    },

    update: async (resource: string, params: UpdateParams) =>
        resource === 'opportunities'
            ? { data: await saveOpportunity(params.data, params.id) }
            : supabase.update(resource, params),

    getOrCreateCompany: getOrCreate('get_or_create_company'),
    getOrCreateTag: getOrCreate('get_or_create_tag'),
} as CrmDataProvider;

const pick = (values: Record<string, unknown>, names: readonly string[]): Record<string, unknown> =>
    Object.fromEntries(names.map(name => [name, values[name]]));
