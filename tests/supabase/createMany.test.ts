import { HttpError } from 'ra-core';
import { type HttpClientOptions, withRateLimit } from 'ra-rate-limit';
import { type CreateManyOptions, rateLimitedSupabase, withCreateMany } from 'ra-rate-limit/supabase';
import { describe, expect, test, vi } from 'vitest';
import { isAmbiguous } from '../../src/bulk/ambiguity.ts';
import { createProvider } from '../support/createProvider.ts';
import { refusal, rejectionOf } from '../support/scriptedCalls.ts';
import { VirtualClock } from '../support/virtualClock.ts';

const INSTANCE_URL = 'https://project.example';

interface SentRequest {
    url: URL;
    query: Record<string, string>;
    method: string | undefined;
    headers: Headers;
    body: unknown;
}

/** A provider with `createMany`, and the requests that it made. Answers with what is given, or throws it. */
function start({ answer = [], ...options }: Partial<CreateManyOptions> & { answer?: unknown } = {}) {
    const requests: SentRequest[] = [];
    const httpClient = async (address: string, { method, headers, body }: HttpClientOptions = {}) => {
        const url = new URL(address);
        const query = Object.fromEntries(url.searchParams);
        requests.push({ url, query, method, headers: new Headers(headers), body: JSON.parse(String(body)) });
        if (answer instanceof Error) throw answer;
        return { json: answer };
    };
    const dataProvider = withCreateMany(createProvider(), { instanceUrl: INSTANCE_URL, httpClient, ...options });
    return { dataProvider, requests };
}

describe('the request', () => {
    test('is one POST of an array to the table, whose answer are the records', async () => {
        const answer = [
            { id: 1, name: 'Ada' },
            { id: 2, name: 'Max' },
        ];
        const { dataProvider, requests } = start({ answer });

        const created = await dataProvider.createMany('contacts', { data: [{ name: 'Ada' }, { name: 'Max' }] });

        expect(created).toEqual({ data: answer });
        expect(requests).toHaveLength(1);
        expect(requests[0]).toMatchObject({ method: 'POST', body: [{ name: 'Ada' }, { name: 'Max' }] });
        expect(requests[0]?.url.href).toBe(`${INSTANCE_URL}/rest/v1/contacts?columns=name`);
        expect(Object.fromEntries(requests[0]?.headers ?? [])).toEqual({
            accept: 'application/json',
            prefer: 'return=representation,missing=default',
        });
    });

    test('has the columns of all records, each once', async () => {
        const { dataProvider, requests } = start();

        await dataProvider.createMany('contacts', {
            data: [{ name: 'Ada', email: null }, { name: 'Max', phone: '1' }, {}],
        });

        expect(requests[0]?.query).toEqual({ columns: 'name,email,phone' });
    });

    test('leaves out fields that are undefined, as JSON does', async () => {
        const { dataProvider, requests } = start();

        await dataProvider.createMany('contacts', {
            data: [
                { name: 'Ada', email: undefined, phone: undefined },
                { name: 'Max', phone: '1' },
            ],
        });

        expect(requests[0]?.query).toEqual({ columns: 'name,phone' });
        expect(requests[0]?.body).toEqual([{ name: 'Ada' }, { name: 'Max', phone: '1' }]);
    });

    test('names the columns of what is sent: JSON has no functions, and may be of the record’s own making', async () => {
        const { dataProvider, requests } = start();
        const lead = { firstName: 'Ada', toJSON: () => ({ first_name: 'Ada' }) };

        await dataProvider.createMany('contacts', { data: [{ name: 'Max', format: () => 'Max' }, lead] });

        expect(requests[0]?.query).toEqual({ columns: 'name,first_name' });
        expect(requests[0]?.body).toEqual([{ name: 'Max' }, { first_name: 'Ada' }]);
    });

    test('names no columns when no record has a field', async () => {
        const { dataProvider, requests } = start();

        await dataProvider.createMany('visits', { data: [{}] });

        expect(requests[0]?.query).toEqual({});
        expect(requests[0]?.body).toEqual([{}]);
    });

    test.each([
        ['first_name', 'first_name'],
        ['naïve', 'naïve'],
        ['$cost', '$cost'],
        ['last, first', '"last, first"'],
        ['e-mail', '"e-mail"'],
        ['crm.name', '"crm.name"'],
        ['say "hi"', String.raw`"say \"hi\""`],
        ['back\\slash', String.raw`"back\\slash"`],
    ])('writes the column %s as PostgREST reads it', async (name, written) => {
        const { dataProvider, requests } = start();

        await dataProvider.createMany('contacts', { data: [{ id: 1, [name]: 'x' }] });

        expect(requests[0]?.query).toEqual({ columns: `id,${written}` });
    });

    test('is not made for no records', async () => {
        const { dataProvider, requests } = start();

        await expect(dataProvider.createMany('contacts', { data: [] })).resolves.toEqual({ data: [] });

        expect(requests).toEqual([]);
    });

    test('may ask for no answer, and then has no records', async () => {
        const { dataProvider } = start({ httpClient: async () => ({ json: undefined, body: '' }) });
        const meta = { headers: { Prefer: 'return=minimal' } };

        await expect(dataProvider.createMany('contacts', { data: [{ id: 1 }], meta })).resolves.toEqual({ data: [] });
    });

    test.each([
        ['a page', { json: undefined, body: '<h1>Welcome to our Wi-Fi</h1>' }],
        ['an object', { json: { welcome: true }, body: '{"welcome":true}' }],
        ['an object, of a client that tells no body', { json: { welcome: true } }],
    ])('is in doubt when the answer is %s, which no Supabase gives', async (_, answer) => {
        const { dataProvider } = start({ httpClient: async () => answer });

        const error = await rejectionOf(dataProvider.createMany('contacts', { data: [{ id: 1 }] }));

        expect(error).toBeInstanceOf(HttpError);
        expect(error).toHaveProperty('message', expect.stringContaining('is there a proxy or a portal in between?'));
        expect(isAmbiguous(error)).toBe(true);
    });

    test('rejects with the error of the server', async () => {
        const error = new HttpError('duplicate key value', 409, { code: '23505' });
        const { dataProvider } = start({ answer: error });

        await expect(dataProvider.createMany('contacts', { data: [{ id: 1 }] })).rejects.toBe(error);
    });
});

describe('meta', () => {
    test('onConflict: records that are in the table already are left alone', async () => {
        const { dataProvider, requests } = start();

        await dataProvider.createMany('contacts', { data: [{ key: 'a' }], meta: { onConflict: 'key' } });

        expect(requests[0]?.query).toEqual({ columns: 'key', on_conflict: 'key' });
        expect(requests[0]?.headers.get('Prefer')).toBe(
            'return=representation,missing=default,resolution=ignore-duplicates',
        );
    });

    test('onConflict: a unique key of several columns', async () => {
        const { dataProvider, requests } = start();

        await dataProvider.createMany('prices', {
            data: [{ amount: 1 }],
            meta: { onConflict: 'product_id,valid_from' },
        });

        expect(requests[0]?.query.on_conflict).toBe('product_id,valid_from');
    });

    test('headers are sent, and win over those of the request', async () => {
        const { dataProvider, requests } = start();
        const meta = { headers: { prefer: 'return=minimal', 'x-tenant': 'acme' } };

        await dataProvider.createMany('contacts', { data: [{ id: 1 }], meta });

        expect(requests[0]?.headers.get('Prefer')).toBe('return=minimal');
        expect(requests[0]?.headers.get('x-tenant')).toBe('acme');
    });
});

describe('the schema', () => {
    test.each([
        ['none', undefined, undefined, null],
        ['none, as the default of ra-supabase says it', () => '', undefined, null],
        ['that of the data provider', () => 'crm', undefined, 'crm'],
        ['that of the call, rather', () => 'crm', { schema: 'archive' }, 'archive'],
    ])('%s', async (_, schema, meta, profile) => {
        const { dataProvider, requests } = start({ schema });

        await dataProvider.createMany('contacts', { data: [{ id: 1 }], meta });

        expect(requests[0]?.headers.get('Content-Profile')).toBe(profile);
    });
});

describe('a primary key that is not id', () => {
    const primaryKeys = new Map([
        ['people', ['email']],
        ['prices', ['product_id', 'valid_from']],
        ['texts', ['id', 'language']],
    ]);

    test('one column: its value is the id of the record, which the table does not have', async () => {
        const { dataProvider, requests } = start({ primaryKeys, answer: [{ email: 'ada@example.com' }] });

        const { data } = await dataProvider.createMany('people', { data: [{ id: 'x', email: 'ada@example.com' }] });

        expect(data).toEqual([{ id: 'ada@example.com', email: 'ada@example.com' }]);
        expect(requests[0]?.query).toEqual({ columns: 'email' });
        expect(requests[0]?.body).toEqual([{ email: 'ada@example.com' }]);
    });

    test.each([
        ['prices', { product_id: 7, valid_from: '2026-01-01' }, '[7,"2026-01-01"]'],
        ['texts', { id: 7, language: 'fr' }, '[7,"fr"]'],
    ])('several columns: the id that ra-supabase makes of them, in %s', async (resource, row, id) => {
        const { dataProvider, requests } = start({ primaryKeys, answer: [row] });

        const { data } = await dataProvider.createMany(resource, { data: [row] });

        expect(data).toEqual([{ ...row, id }]);
        expect(requests[0]?.body).toEqual([row]);
    });

    test('other tables keep their id', async () => {
        const { dataProvider, requests } = start({ primaryKeys, answer: [{ id: 5 }] });

        const { data } = await dataProvider.createMany('contacts', { data: [{ id: 5 }] });

        expect(data).toEqual([{ id: 5 }]);
        expect(requests[0]?.body).toEqual([{ id: 5 }]);
    });
});

describe('the signal', () => {
    test('aborted before: nothing is sent, and the call rejects with its reason', async () => {
        const { dataProvider, requests } = start();
        const signal = AbortSignal.abort('cancelled');

        await expect(dataProvider.createMany('contacts', { data: [{ id: 1 }], signal })).rejects.toBe('cancelled');

        expect(requests).toEqual([]);
    });

    test('does not abort a request under way, of which nobody would know what became', async () => {
        const options: (HttpClientOptions | undefined)[] = [];
        const httpClient = async (_: string, given?: HttpClientOptions) => {
            options.push(given);
            controller.abort();
            return { json: [{ id: 1 }] };
        };
        const controller = new AbortController();
        const { dataProvider } = start({ httpClient });

        const creating = dataProvider.createMany('contacts', { data: [{ id: 1 }], signal: controller.signal });

        await expect(creating).resolves.toEqual({ data: [{ id: 1 }] });
        expect(options).toEqual([expect.not.objectContaining({ signal: expect.anything() })]);
    });
});

describe('the provider', () => {
    const options = { instanceUrl: INSTANCE_URL, httpClient: async () => ({ json: [] }) };

    test('that has createMany is given back as it is', () => {
        const provider = createProvider({ createMany: async () => ({ data: [] }) });

        expect(withCreateMany(provider, options)).toBe(provider);
    });

    test('is not changed, and the copy has all that it has', async () => {
        class Provider {
            readonly #name = 'crm';
            getOne() {
                return this.#name;
            }
        }
        const provider = Object.freeze(new Provider());

        const copy = withCreateMany(provider, options);

        expect('createMany' in provider).toBe(false);
        expect(copy).toBeInstanceOf(Provider);
        expect(copy.getOne()).toBe('crm');
        expect('createMany' in copy).toBe(true);
        expect({ ...copy }).toHaveProperty('createMany');
        await expect(copy.createMany('contacts', { data: [{ id: 1 }] })).resolves.toEqual({ data: [] });
    });

    test('wrapped in withRateLimit: a refused createMany is sent again, once the server is ready', async () => {
        const httpClient = vi
            .fn<CreateManyOptions['httpClient']>()
            .mockRejectedValueOnce(refusal())
            .mockResolvedValue({ json: [{ id: 1 }] });
        const clock = new VirtualClock();
        const dataProvider = withRateLimit(withCreateMany(createProvider(), { ...options, httpClient }), {
            clock,
            logger: false,
        });

        const { data } = await clock.resolve(dataProvider.createMany('contacts', { data: [{ name: 'Ada' }] }));

        expect(data).toEqual([{ id: 1 }]);
        expect(httpClient).toHaveBeenCalledTimes(2);
    });
});

test('rateLimitedSupabase has it, with the options of supabaseDataProvider', async () => {
    const requests: Request[] = [];
    const fetch: typeof globalThis.fetch = async (input, init) => {
        requests.push(new Request(input, init));
        return Response.json([{ email: 'ada@example.com' }], { status: 201 });
    };
    const { dataProvider, rateLimit } = rateLimitedSupabase({
        instanceUrl: INSTANCE_URL,
        apiKey: 'sb_publishable_key',
        schema: () => 'crm',
        primaryKeys: new Map([['people', ['email']]]),
        client: { auth: { persistSession: false, autoRefreshToken: false }, global: { fetch } },
    });
    const succeeded = vi.fn();
    rateLimit.on('success', succeeded);

    const { data } = await dataProvider.createMany('people', { data: [{ email: 'ada@example.com' }] });

    expect(data).toEqual([{ id: 'ada@example.com', email: 'ada@example.com' }]);
    expect(requests.map(({ method, url }) => `${method} ${url}`)).toEqual([
        `POST ${INSTANCE_URL}/rest/v1/people?columns=email`,
    ]);
    expect(requests[0]?.headers.get('apikey')).toBe('sb_publishable_key');
    expect(requests[0]?.headers.get('Content-Type')).toBe('application/json');
    expect(requests[0]?.headers.get('Content-Profile')).toBe('crm');
    expect(succeeded).toHaveBeenCalledWith({ resource: 'people', operation: 'createMany', attempts: 1, waitedMs: 0 });
});

test('what was added can be replaced, as a test does', async () => {
    const { dataProvider, requests } = start();
    const replaced = vi.spyOn(dataProvider, 'createMany').mockResolvedValue({ data: [] });

    await dataProvider.createMany('contacts', { data: [{ name: 'Ada' }] });

    expect(replaced).toHaveBeenCalledTimes(1);
    expect(requests).toEqual([]);
});
