import { HttpError, type RaRecord } from 'ra-core';
import { wrapMethods } from '../core/wrapMethods.js';
import type { HttpClientOptions } from '../http/createHttpClient.js';

export interface CreateManyParams {
    /** The records to create. They need not have the same fields: one that a record lacks gets its column's default. */
    data: readonly object[];
    meta?: CreateManyMeta | undefined;
    /**
     * Aborted before the request leaves, the call rejects with its reason. A request under way is not aborted: nobody
     * would know whether the records are in.
     */
    signal?: AbortSignal | undefined;
}

export interface CreateManyMeta {
    /**
     * The unique column, or several separated by commas, by which a record is known. One that is in the table already is
     * left as it is, and is missing in the answer.
     * @default none: a record that is in the table already is an error
     */
    onConflict?: string | undefined;
    /** Further headers of the request, which win over its own. */
    headers?: Record<string, string> | undefined;
    /** @default the schema of the data provider */
    schema?: string | undefined;
    [name: string]: unknown;
}

/** What a data provider has that can create many records at once. */
export interface CreateManyMethod {
    /**
     * Creates all of the records in one request, or none of them.
     *
     * @returns the records that were created
     * @throws {HttpError} when the server refuses them: a single bad record is enough
     */
    createMany<RecordType extends RaRecord = RaRecord>(
        resource: string,
        params: CreateManyParams,
    ): Promise<{ data: RecordType[] }>;
}

export interface CreateManyOptions {
    /** The address of the project, such as `https://project.supabase.co`. */
    instanceUrl: string;
    /** The one of the data provider, such as `supabaseHttpClient({ apiKey, supabaseClient })`. */
    // biome-ignore lint/suspicious/noExplicitAny: as in HttpClientResponse
    httpClient: (url: string, options?: HttpClientOptions) => Promise<{ json: any; body?: string }>;
    /** The schema of the tables, as `supabaseDataProvider` takes it. */
    schema?: (() => string) | undefined;
    /** The primary keys that are not `id`, as `supabaseDataProvider` takes them. */
    primaryKeys?: ReadonlyMap<string, readonly string[]> | undefined;
}

/**
 * Adds `createMany` to a data provider of `ra-supabase`: one POST of an array, all or nothing. A provider that has the
 * method is given back as it is. To be used inside of `withRateLimit`, so that the method is wrapped as every write is.
 *
 * It is the method that `useBulkImport` and the add-on `react-admin-import-csv` look for.
 *
 * @see https://docs.postgrest.org/en/stable/references/api/tables_views.html#bulk-insert
 *
 * @example
 * const dataProvider = withRateLimit(
 *     withCreateMany(supabaseDataProvider({ instanceUrl, apiKey, supabaseClient, httpClient }), { instanceUrl, httpClient }),
 *     { service: rateLimit },
 * );
 * await dataProvider.createMany('contacts', { data: rows, meta: { onConflict: 'import_key' } });
 */
export function withCreateMany<Provider extends object>(
    dataProvider: Provider,
    { instanceUrl, httpClient, schema, primaryKeys }: CreateManyOptions,
): Provider & CreateManyMethod {
    if ('createMany' in dataProvider) return dataProvider as Provider & CreateManyMethod;

    const createMany: CreateManyMethod['createMany'] = async (resource, { data, meta = {}, signal }) => {
        signal?.throwIfAborted();
        if (data.length === 0) return { data: [] };
        const keys = primaryKeys?.get(resource) ?? ['id'];
        const rows = keys.includes('id') ? data : data.map(record => ({ ...record, id: undefined }));

        const query = new URLSearchParams();
        const body = JSON.stringify(rows);
        const columns = columnsOf(JSON.parse(body));
        if (columns) query.set('columns', columns);
        if (meta.onConflict) query.set('on_conflict', meta.onConflict);
        const headers = new Headers({ Accept: 'application/json', Prefer: preferencesOf(meta) });
        const profile = meta.schema ?? schema?.();
        if (profile) headers.set('Content-Profile', profile);
        for (const [name, value] of Object.entries(meta.headers ?? {})) headers.set(name, value);

        const answer = await httpClient(`${instanceUrl}/rest/v1/${resource}?${query}`, {
            method: 'POST',
            headers,
            body,
        });
        const { json } = answer;
        // Such as the page of a portal, which says 200: nobody knows what became of the records.
        if (!Array.isArray(json) && (json !== undefined || answer.body)) throw new HttpError(NOT_OURS, 502, json);
        const created: object[] = json ?? [];
        return { data: created.map(row => ({ ...row, id: idOf(row, keys) }) as never) };
    };

    return wrapMethods(dataProvider, { key: 'createMany', value: createMany }, () => undefined) as Provider &
        CreateManyMethod;
}

const NOT_OURS = 'The answer is not that of the server: is there a proxy or a portal in between?';

/**
 * Without the list, PostgREST takes the columns of the first row and refuses rows that have others.
 *
 * @param rows as they are sent: JSON leaves out fields that are undefined, and may have other ones
 */
function columnsOf(rows: readonly object[]): string {
    const names = new Set<string>();
    for (const row of rows) for (const name of Object.keys(row)) names.add(name);
    return [...names].map(quoteWhereNeeded).join(',');
}

/** Commas, dots and the like are part of a name only between quotes, in which a backslash takes what follows literally. */
const quoteWhereNeeded = (name: string): string =>
    /^[\p{L}\p{N}_$]+$/u.test(name) ? name : `"${name.replaceAll(/["\\]/g, '\\$&')}"`;

const preferencesOf = ({ onConflict }: CreateManyMeta): string =>
    `return=representation,missing=default${onConflict ? ',resolution=ignore-duplicates' : ''}`;

/** As ra-supabase writes it where the primary key is not `id`. */
function idOf(row: object, keys: readonly string[]): unknown {
    const values = keys.map(key => (row as Record<string, unknown>)[key]);
    return values.length > 1 ? JSON.stringify(values) : values[0];
}
