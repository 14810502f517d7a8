import { createClient } from '@supabase/supabase-js';
import { combineDataProviders, type DataProvider, HttpError } from 'ra-core';
import {
    getRateLimitService,
    RateLimitError,
    RateLimitService,
    runBulk,
    type WithRateLimitOptions,
    withFanOut,
    withRateLimit,
} from 'ra-rate-limit';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createProvider } from '../support/createProvider';
import { createService } from '../support/createService';
import { heldCall, refusal, rejectionOf, scriptedCall } from '../support/scriptedCalls';
import { VirtualClock } from '../support/virtualClock';

const DATA = { data: { name: 'Jane' } };
const QUIET = { logger: false, jitterFactor: 0 } as const;

let clock: VirtualClock;
beforeEach(() => {
    clock = new VirtualClock();
});

describe('a wrapped data provider', () => {
    it('answers as the provider does, with the same arguments and the very same value', async () => {
        const provider = createProvider();
        const answer = { data: { id: 7 } };
        provider.create.mockResolvedValue(answer);
        const params = { data: { name: 'Jane' }, meta: { tenant: 1 } };

        const result = await withRateLimit(provider, QUIET).create('contacts', params);

        expect(result).toBe(answer);
        expect(provider.create.mock.calls).toEqual([['contacts', params]]);
        expect(provider.create.mock.calls[0]?.[1]).toBe(params);
    });

    it('sends a refused write again until it succeeds', async () => {
        const create = scriptedCall(clock, refusal(), refusal(), { data: { id: 7 } });
        const dataProvider = withRateLimit(createProvider({ create }), { ...QUIET, clock });

        await expect(clock.resolve(dataProvider.create('contacts', DATA))).resolves.toEqual({ data: { id: 7 } });

        expect(create.sentAt).toEqual([0, 100, 300]);
    });

    it('rejects with a RateLimitError that names resource and operation when it does not', async () => {
        const update = scriptedCall(clock, refusal());
        const dataProvider = withRateLimit(createProvider({ update }), { ...QUIET, clock });

        const error = await clock.resolve(
            rejectionOf(dataProvider.update('contacts', { id: 1, data: {}, previousData: { id: 1 } })),
        );

        expect(error).toBeInstanceOf(RateLimitError);
        expect(error).toBeInstanceOf(HttpError);
        expect(error).toMatchObject({ resource: 'contacts', operation: 'update', attempts: 4 });
    });

    it('passes any other error on, the same one', async () => {
        const conflict = new HttpError('Conflict', 409);
        const dataProvider = withRateLimit(createProvider({ create: () => Promise.reject(conflict) }), QUIET);

        await expect(rejectionOf(dataProvider.create('contacts', DATA))).resolves.toBe(conflict);
    });

    it('ends a wait when the signal in params aborts', async () => {
        const create = scriptedCall(clock, refusal());
        const dataProvider = withRateLimit(createProvider({ create }), { ...QUIET, clock });
        const controller = new AbortController();
        const params = { ...DATA, signal: controller.signal };
        const aborted = rejectionOf(dataProvider.create('contacts', params));
        await clock.advance(10);

        controller.abort('left the page');

        await expect(aborted).resolves.toBe('left the page');
    });

    it('gives errors the messages of the options', async () => {
        const create = scriptedCall(clock, refusal());
        const dataProvider = withRateLimit(createProvider({ create }), {
            ...QUIET,
            clock,
            maxRetries: 0,
            circuitBreakerThreshold: 2,
            messages: { RATE_LIMIT_MAX_RETRIES_EXCEEDED: 'Plus tard', RATE_LIMIT_CIRCUIT_OPEN: 'app.circuit_open' },
        });

        const errors = [1, 2, 3].map(() => clock.resolve(rejectionOf(dataProvider.create('contacts', DATA))));

        await expect(Promise.all(errors)).resolves.toMatchObject([
            { message: 'Plus tard' },
            { message: 'app.circuit_open' },
            { message: 'app.circuit_open' },
        ]);
    });
});

describe('the methods that are wrapped', () => {
    /** Which methods of a provider that answers everything with a 429 do not let that through. */
    const wrappedOf = async (methods?: readonly string[] | ((method: string) => boolean)) => {
        const { service } = createService({ maxRetries: 0, circuitBreakerThreshold: 99 });
        const names = ['getList', 'getOne', 'getMany', 'getManyReference', 'create', 'update', 'delete', 'custom'];
        const provider: Record<string, () => Promise<never>> = Object.fromEntries(
            names.map(name => [name, () => Promise.reject(refusal())]),
        );
        const dataProvider = withRateLimit(provider, { service, methods });
        const errors = await Promise.all(
            names.map(async name => rejectionOf(dataProvider[name]?.() ?? Promise.resolve())),
        );
        return names.filter((_, index) => errors[index] instanceof RateLimitError);
    };

    it('are all but the reads, custom ones included', async () => {
        await expect(wrappedOf()).resolves.toEqual(['create', 'update', 'delete', 'custom']);
    });

    it('may be listed', async () => {
        await expect(wrappedOf(['getList', 'create'])).resolves.toEqual(['getList', 'create']);
    });

    it('may be chosen by a predicate', async () => {
        await expect(wrappedOf(method => method.startsWith('get'))).resolves.toEqual([
            'getList',
            'getOne',
            'getMany',
            'getManyReference',
        ]);
    });

    it('are named in the log where they are listed and the provider has none of that name', () => {
        const { service, lines } = createService();
        const provider = createProvider({ legacy: 'no function' });

        withRateLimit(provider, { service, methods: ['create', 'legacy', 'creat'] });

        expect(lines).toEqual([
            {
                level: 'warn',
                message: '[RateLimit] The data provider has no such methods',
                context: { methods: ['legacy', 'creat'] },
            },
        ]);
    });

    it('are not looked for where there is no list', () => {
        const { service, lines } = createService();

        withRateLimit({}, { service });
        withRateLimit({}, { service, methods: () => true });

        expect(lines).toEqual([]);
    });

    it('are none of those that every object has', () => {
        const { service } = createService();
        const run = vi.spyOn(service.dispatcher, 'run');
        const provider = createProvider();
        const dataProvider = withRateLimit(provider, { service, methods: () => true });

        expect(`${dataProvider}`).toBe('[object Object]');
        expect(dataProvider.valueOf()).toBe(provider);
        expect(run).not.toHaveBeenCalled();
    });

    it('are not those with a symbol for a name', () => {
        const { service } = createService();
        const run = vi.spyOn(service.dispatcher, 'run');
        const provider = {
            *[Symbol.iterator]() {
                yield 'contacts';
            },
        };

        expect([...withRateLimit(provider, { service })]).toEqual(['contacts']);
        expect(run).not.toHaveBeenCalled();
    });
});

describe('a method that returns no promise', () => {
    it('is passed through unchanged', () => {
        const dataProvider = withRateLimit({ getBaseUrl: () => 'https://example.com' }, QUIET);

        expect(dataProvider.getBaseUrl()).toBe('https://example.com');
    });

    it('still is while calls wait', async () => {
        const { service, clock } = createService();
        const dataProvider = withRateLimit({ getBaseUrl: () => 'https://example.com' }, { service });
        expect(dataProvider.getBaseUrl()).toBe('https://example.com');

        const waiting = service.executeWithRetry(scriptedCall(clock, refusal(), 'saved'));
        await clock.advance(10);

        expect(dataProvider.getBaseUrl()).toBe('https://example.com');
        await clock.resolve(waiting);
    });

    it('still is after a refusal, the first time as well: nobody waits', async () => {
        const { service, clock } = createService();
        const { getBaseUrl } = withRateLimit({ getBaseUrl: () => 'https://example.com' }, { service });
        await clock.resolve(service.executeWithRetry(scriptedCall(clock, refusal(), 'saved')));

        expect(getBaseUrl()).toBe('https://example.com');
    });

    it('is known from its first call on, also when that comes while calls wait', async () => {
        const { service, clock } = createService();
        const dataProvider = withRateLimit({ getBaseUrl: () => 'https://example.com' }, { service });
        const waiting = service.executeWithRetry(scriptedCall(clock, refusal(), 'saved'));
        await clock.advance(10);

        await clock.resolve(Promise.resolve(dataProvider.getBaseUrl()));

        expect(dataProvider.getBaseUrl()).toBe('https://example.com');
        await clock.resolve(waiting);
    });

    it('is known behind combineDataProviders, which makes a function anew at each access', async () => {
        const { service, clock } = createService();
        const base = { getList: async () => ({ data: [] }), fileUrl: (resource: string) => `/files/${resource}` };
        const combined = combineDataProviders(() => base as unknown as DataProvider);
        const dataProvider = withRateLimit(combined as unknown as typeof base, { service });
        expect(dataProvider.fileUrl('contacts')).toBe('/files/contacts');
        const waiting = service.executeWithRetry(scriptedCall(clock, refusal(), 'saved'));
        await clock.advance(10);

        expect(dataProvider.fileUrl('contacts')).toBe('/files/contacts');
        await clock.resolve(waiting);
    });

    it('may throw', () => {
        const parse = (text: string): unknown => JSON.parse(text);
        const dataProvider = withRateLimit({ parse }, QUIET);
        expect(dataProvider.parse('1')).toBe(1);

        expect(() => dataProvider.parse('{')).toThrow(SyntaxError);
    });

    it('is protected from the call on that it does return one', async () => {
        let isCached = true;
        const save = scriptedCall(clock, refusal(), refusal(), 'saved');
        const dataProvider = withRateLimit(
            { save: (): Promise<unknown> | string => (isCached ? 'cached' : save()) },
            { ...QUIET, clock },
        );
        expect(dataProvider.save()).toBe('cached');

        isCached = false;
        await expect(clock.resolve(Promise.resolve(dataProvider.save()))).resolves.toBe('saved');

        expect(save.sentAt).toEqual([0, 100, 300]);
    });

    it('waits like any other from then on: what it answers from a cache is asked for in an open circuit in vain', async () => {
        const { service } = createService({ maxRetries: 0, circuitBreakerThreshold: 1 });
        const look = scriptedCall(clock, 'Belgium');
        let isCached = false;
        const dataProvider = withRateLimit(
            { country: (): Promise<unknown> | string => (isCached ? 'cached' : look()) },
            { service },
        );
        await dataProvider.country();
        isCached = true;
        expect(dataProvider.country()).toBe('cached');
        await rejectionOf(service.executeWithRetry(scriptedCall(clock, refusal())));

        isCached = false;
        const error = await rejectionOf(Promise.resolve(dataProvider.country()));

        expect(error).toMatchObject({ code: 'RATE_LIMIT_CIRCUIT_OPEN' });
        expect(look).toHaveBeenCalledTimes(1);
    });

    it('is no answer of the server, also before that is known of it', async () => {
        const { service, clock } = createService({ maxRetries: 0, circuitBreakerThreshold: 2 });
        const { getBaseUrl } = withRateLimit({ getBaseUrl: () => 'https://example.com' }, { service });
        await rejectionOf(service.executeWithRetry(scriptedCall(clock, refusal())));

        await clock.resolve(Promise.resolve(getBaseUrl()));

        expect(service.getCircuitState().consecutiveFailures).toBe(1);
    });

    it('returns one when it returns a thenable, such as a query of supabase-js, and that is retried', async () => {
        const fetch = vi
            .fn<typeof globalThis.fetch>()
            .mockResolvedValueOnce(Response.json({ message: 'slow down' }, { status: 429 }))
            .mockResolvedValueOnce(Response.json([{ id: 1 }]));
        const supabase = createClient('https://x.supabase.co', 'key', { global: { fetch } });
        const dataProvider = withRateLimit({ close: () => supabase.rpc('close_month') }, { ...QUIET, clock });

        const closing: unknown = dataProvider.close();

        expect(closing).toBeInstanceOf(Promise);
        await expect(clock.resolve(Promise.resolve(closing))).resolves.toMatchObject({
            data: [{ id: 1 }],
            status: 200,
        });
        expect(fetch).toHaveBeenCalledTimes(2);
    });
});

describe('a method that throws on the spot', () => {
    it('rejects, and is retried when it throws a 429', async () => {
        const create = vi
            .fn<() => Promise<string>>()
            .mockImplementationOnce(() => {
                throw refusal();
            })
            .mockResolvedValue('saved');
        const dataProvider = withRateLimit({ create }, { ...QUIET, clock });

        await expect(clock.resolve(dataProvider.create())).resolves.toBe('saved');
    });
});

describe('what wrapping keeps', () => {
    class ClassProvider {
        #token = 'secret';
        static made = 0;
        readonly label = 'class';
        supportAbortSignal = true;
        get token() {
            return this.#token;
        }
        set token(token: string) {
            this.#token = token;
        }
        async create(_resource: string) {
            return { token: this.#token, isSelf: this instanceof ClassProvider };
        }
        async getOne() {
            return this.#token;
        }
    }
    class DerivedProvider extends ClassProvider {
        async archive() {
            return this.create('archive');
        }
    }

    it('this, private fields and methods of the prototype, also inherited ones', async () => {
        const dataProvider = withRateLimit(new DerivedProvider(), QUIET);

        await expect(dataProvider.create('contacts')).resolves.toEqual({ token: 'secret', isSelf: true });
        await expect(dataProvider.getOne()).resolves.toBe('secret');
        await expect(dataProvider.archive()).resolves.toEqual({ token: 'secret', isSelf: true });
    });

    it('methods that are taken off the object', async () => {
        const { create, getOne } = withRateLimit(new ClassProvider(), QUIET);

        await expect(create('contacts')).resolves.toEqual({ token: 'secret', isSelf: true });
        await expect(getOne()).resolves.toBe('secret');
    });

    it('getters, setters and plain properties', () => {
        const dataProvider = withRateLimit(new ClassProvider(), QUIET);

        dataProvider.token = 'changed';

        expect(dataProvider.token).toBe('changed');
        expect(dataProvider.label).toBe('class');
        expect(dataProvider.supportAbortSignal).toBe(true);
    });

    it('its class', () => {
        const dataProvider = withRateLimit(new DerivedProvider(), QUIET);

        expect(dataProvider).toBeInstanceOf(DerivedProvider);
        expect(dataProvider.constructor).toBe(DerivedProvider);
    });

    it('the identity of a method, wrapped or not', () => {
        const dataProvider = withRateLimit(new ClassProvider(), QUIET);

        expect(dataProvider.create).toBe(dataProvider.create);
        expect(dataProvider.getOne).toBe(dataProvider.getOne);
    });

    it('what a method has of its own, as a client of axios does, or a mock', async () => {
        const get = async (url: string) => `got ${url}`;
        const client = Object.assign(async (url: string) => `sent to ${url}`, { get, defaults: { timeout: 1 } });
        const dataProvider = withRateLimit({ client, create: vi.fn(async () => 'saved') }, QUIET);

        await expect(dataProvider.client('/contacts')).resolves.toBe('sent to /contacts');
        await expect(dataProvider.client.get('/contacts')).resolves.toBe('got /contacts');
        expect(dataProvider.client.defaults).toBe(client.defaults);
        expect(dataProvider.create.name).toBe(vi.fn().name);
        await dataProvider.create();
        expect(dataProvider.create.mock.calls).toEqual([[]]);
    });

    it('a method that is replaced later: the new one is wrapped', async () => {
        const provider = createProvider();
        const dataProvider = withRateLimit(provider, { ...QUIET, clock });
        const before = dataProvider.create;
        const create = scriptedCall(clock, refusal(), 'saved');

        Object.assign(dataProvider, { create });

        expect(provider.create).toBe(create);
        expect(dataProvider.create).not.toBe(before);
        await expect(clock.resolve(dataProvider.create('contacts', DATA))).resolves.toBe('saved');
    });

    it('a frozen provider', async () => {
        const dataProvider = withRateLimit(Object.freeze(createProvider()), QUIET);

        await expect(dataProvider.create('contacts', DATA)).resolves.toEqual({ data: { name: 'Jane', id: 1 } });
        expect(Object.keys(dataProvider)).toContain('create');
        expect({ ...dataProvider }.create).toBe(dataProvider.create);
        expect(() => Object.assign(dataProvider, { create: undefined })).toThrow(TypeError);
    });

    it('that it can be spread, also when somebody has tried to freeze it', () => {
        const dataProvider = withRateLimit(createProvider(), QUIET);

        expect(() => Object.freeze(dataProvider)).toThrow(TypeError);

        expect({ ...dataProvider }.create).toBe(dataProvider.create);
    });

    it('what delete does', () => {
        const provider: Partial<ReturnType<typeof createProvider>> = createProvider();
        const dataProvider = withRateLimit(provider, QUIET);

        delete dataProvider.create;

        expect(provider).not.toHaveProperty('create');
        expect(dataProvider).not.toHaveProperty('create');
    });

    it('what in, keys, set and define do', () => {
        const provider: Record<string, unknown> = createProvider();
        const dataProvider = withRateLimit(provider, QUIET);

        expect('create' in dataProvider).toBe(true);
        expect('toString' in dataProvider).toBe(true);
        expect('truncate' in dataProvider).toBe(false);
        expect(Object.keys(dataProvider)).toEqual(Object.keys(provider));
        expect(Object.entries(dataProvider).map(([name]) => name)).toEqual(Object.keys(provider));

        dataProvider.extra = 1;
        Object.defineProperty(dataProvider, 'hidden', { value: 2, configurable: true, enumerable: false });
        expect(provider).toMatchObject({ extra: 1, hidden: 2 });
        expect(Object.keys(dataProvider)).toContain('extra');
        expect(Object.keys(dataProvider)).not.toContain('hidden');
        expect(Object.getOwnPropertyDescriptor(dataProvider, 'hidden')).toEqual({
            value: 2,
            enumerable: false,
            configurable: true,
            writable: true,
        });
        expect(Object.getOwnPropertyDescriptor(dataProvider, 'missing')).toBeUndefined();
    });

    it('spies: a test may replace a method of the wrapped provider', async () => {
        const dataProvider = withRateLimit(createProvider(), QUIET);
        const spy = vi.spyOn(dataProvider, 'create').mockResolvedValue({ data: { id: 99 } } as never);

        await expect(dataProvider.create('contacts', DATA)).resolves.toEqual({ data: { id: 99 } });

        spy.mockRestore();
        await expect(dataProvider.create('contacts', DATA)).resolves.toEqual({ data: { name: 'Jane', id: 1 } });
    });

    it('that it is no promise: await gives the provider itself', async () => {
        const dataProvider = withRateLimit(createProvider(), QUIET);

        await expect(Promise.resolve(dataProvider)).resolves.toBe(dataProvider);
        expect((dataProvider as { then?: unknown }).then).toBeUndefined();
    });
});

describe('a copy made by spreading', () => {
    it('has the wrapped methods, and may replace some', async () => {
        const update = scriptedCall(clock, refusal(), 'updated');
        const dataProvider = withRateLimit(createProvider({ update }), { ...QUIET, clock });
        const copy = { ...dataProvider, create: async () => 'my own' };

        expect(copy.update).toBe(dataProvider.update);
        await expect(copy.create()).resolves.toBe('my own');
        const updating = copy.update('contacts', { id: 1, data: {}, previousData: { id: 1 } });
        await expect(clock.resolve(updating)).resolves.toBe('updated');
    });

    it('of a class instance has the methods and getters of the class and its parents as well, the nearest of each name', async () => {
        class Base {
            async create() {
                return 'base';
            }
            async archive() {
                return 'archived';
            }
            get supportAbortSignal() {
                return true;
            }
            get session() {
                throw new Error('Nobody is signed in');
            }
        }
        class Derived extends Base {
            label = 'mine';
            override async create() {
                return 'derived';
            }
        }
        const copy = { ...withRateLimit(new Derived(), QUIET) } as Derived; // TypeScript knows of no methods in a copy

        expect(Object.keys(copy)).toEqual(['label', 'create', 'archive', 'supportAbortSignal']);
        expect(copy.supportAbortSignal).toBe(true);
        await expect(copy.create()).resolves.toBe('derived');
        await expect(copy.archive()).resolves.toBe('archived');
        expect(copy.label).toBe('mine');
    });

    it('of a provider without a prototype works as well', () => {
        const provider = Object.assign(Object.create(null) as object, { getBaseUrl: () => 'https://example.com' });

        expect({ ...withRateLimit(provider, QUIET) }.getBaseUrl()).toBe('https://example.com');
    });
});

describe('enabled', () => {
    it('false leaves calls to the provider', async () => {
        const limited = refusal();
        const dataProvider = withRateLimit(createProvider({ create: () => Promise.reject(limited) }), {
            ...QUIET,
            enabled: false,
        });

        await expect(rejectionOf(dataProvider.create('contacts', DATA))).resolves.toBe(limited);
    });

    it('true does not', async () => {
        const create = scriptedCall(clock, refusal(), 'saved');
        const dataProvider = withRateLimit(createProvider({ create }), { ...QUIET, clock, enabled: true });

        await expect(clock.resolve(dataProvider.create('contacts', DATA))).resolves.toBe('saved');
    });

    it('a function is asked at each call', async () => {
        let isEnabled = false;
        const limited = refusal();
        const create = vi.fn(() => Promise.reject(limited));
        const dataProvider = withRateLimit(createProvider({ create }), {
            ...QUIET,
            clock,
            maxRetries: 0,
            enabled: () => isEnabled,
        });
        const outcome = () => rejectionOf(dataProvider.create('contacts', DATA));

        expect(await outcome()).toBe(limited);
        isEnabled = true;
        expect(await outcome()).toBeInstanceOf(RateLimitError);
        isEnabled = false;
        expect(await outcome()).toBe(limited);
    });

    it('a function that throws counts as on: a flag that cannot be read costs no save', async () => {
        const create = scriptedCall(clock, refusal(), 'saved');
        const enabled = () => {
            throw new Error('the flags are not loaded');
        };
        const dataProvider = withRateLimit(createProvider({ create }), { ...QUIET, clock, enabled });

        await expect(clock.resolve(dataProvider.create('contacts', DATA))).resolves.toBe('saved');
    });
});

describe('a service', () => {
    it('is made of the options, one for each provider', () => {
        const [one, other] = [withRateLimit(createProvider(), QUIET), withRateLimit(createProvider(), QUIET)];

        expect(getRateLimitService(one)).toBeInstanceOf(RateLimitService);
        expect(getRateLimitService(one)).not.toBe(getRateLimitService(other));
    });

    it('is made without options, too', () => {
        expect(getRateLimitService(withRateLimit(createProvider()))).toBeInstanceOf(RateLimitService);
    });

    it('may be shared: what one provider learns counts for the other', async () => {
        const { service } = createService({ maxRetries: 0, circuitBreakerThreshold: 1 });
        const limited = withRateLimit(createProvider({ create: () => Promise.reject(refusal()) }), { service });
        const healthy = createProvider();

        await rejectionOf(limited.create('contacts', DATA));
        const error = await rejectionOf(withRateLimit(healthy, { service }).create('contacts', DATA));

        expect(error).toMatchObject({ code: 'RATE_LIMIT_CIRCUIT_OPEN' });
        expect(healthy.create).not.toHaveBeenCalled();
    });

    const [keyOfService = ''] = Object.getOwnPropertySymbols(withRateLimit({}));

    it('is found on a wrapped provider and on copies of it', () => {
        const { service } = createService();
        const dataProvider = withRateLimit(createProvider(), { service });

        expect(getRateLimitService(dataProvider)).toBe(service);
        expect(getRateLimitService({ ...dataProvider })).toBe(service);
        expect(getRateLimitService(Object.assign({}, dataProvider))).toBe(service);
    });

    it('may be of a second copy of the package, as an app has it that loads it as ESM and as CommonJS', async () => {
        vi.resetModules();
        const copy = await import('ra-rate-limit');
        expect(copy.RateLimitService).not.toBe(RateLimitService);
        const service = new copy.RateLimitService({ ...QUIET, clock });
        const create = scriptedCall(clock, refusal(), 'saved');

        const dataProvider = withRateLimit(createProvider({ create }), { service });
        await expect(clock.resolve(dataProvider.create('contacts', DATA))).resolves.toBe('saved');
        const imported = await clock.resolve(runBulk([1, 2], async item => item, { service }));

        expect(getRateLimitService(dataProvider)).toBe(service);
        expect(getRateLimitService(copy.withRateLimit(createProvider()))).toBeInstanceOf(copy.RateLimitService);
        expect(imported.succeeded).toBe(2);
        expect(service.getStats()).toMatchObject({ retries: 1 });
    });

    it.each([
        ['a copy of it', { ...new RateLimitService() }],
        ['nothing', null],
        ['a text', 'service'],
        ['a data provider that has one', withRateLimit(createProvider())],
    ])('cannot be %s', (_, service) => {
        expect(() => withRateLimit({}, { service: service as RateLimitService })).toThrow(
            'ra-rate-limit: service must be a RateLimitService, got',
        );
    });

    it.each([
        ['a provider that is not wrapped', createProvider()],
        ['nothing', undefined],
        ['null', null],
        ['a text', 'dataProvider'],
        ['something else under its key', { [keyOfService]: {} }],
        ['a proxy that answers any name', new Proxy({}, { get: () => () => undefined })],
    ])('is not found on %s', (_, value) => {
        expect(getRateLimitService(value)).toBeUndefined();
    });
});

describe('a provider that is wrapped twice', () => {
    const isStatus429 = (error: { status?: unknown }) => error.status === 429;
    const outcomeOf = (call: () => Promise<unknown>) => clock.resolve(rejectionOf(call()));

    it('retries once with the same service', async () => {
        const service = new RateLimitService({ ...QUIET, clock });
        const create = scriptedCall(clock, refusal());
        const dataProvider = withRateLimit(withRateLimit(createProvider({ create }), { service }), { service });

        const error = await outcomeOf(() => dataProvider.create('contacts', DATA));

        expect(create.sentAt).toEqual([0, 100, 300, 700]);
        expect(error).toMatchObject({ code: 'RATE_LIMIT_MAX_RETRIES_EXCEEDED', attempts: 4 });
        expect(service.getStats()).toMatchObject({ calls: 1, exhausted: 1 });
        expect(service.getCircuitState().consecutiveFailures).toBe(1);
    });

    it('retries once with different services', async () => {
        const [inner, outer] = [new RateLimitService({ ...QUIET, clock }), new RateLimitService({ ...QUIET, clock })];
        const create = scriptedCall(clock, refusal());
        const dataProvider = withRateLimit(withRateLimit(createProvider({ create }), { service: inner }), {
            service: outer,
        });

        const error = await outcomeOf(() => dataProvider.create('contacts', DATA));

        expect(create.sentAt).toEqual([0, 100, 300, 700]);
        expect(error).toBeInstanceOf(RateLimitError);
        expect(inner.getStats()).toMatchObject({ exhausted: 1 });
        expect(outer.getStats()).toMatchObject({ exhausted: 0, retries: 0, failed: 1 });
    });

    it.each([
        ['different services', () => ({ ...QUIET, clock, isRateLimitError: isStatus429 })],
        ['the same service', (service: RateLimitService) => ({ service })],
    ])('retries once with %s and a predicate that goes by the status', async (_, options) => {
        const service = new RateLimitService({ ...QUIET, clock, isRateLimitError: isStatus429 });
        const create = scriptedCall(clock, refusal());
        const inner = withRateLimit(createProvider({ create }), { service });
        // Not the method itself: that would be recognised.
        const dataProvider = withRateLimit(
            { create: () => inner.create('contacts', DATA) },
            options(service) as WithRateLimitOptions,
        );

        const error = await outcomeOf(() => dataProvider.create());

        expect(create.sentAt).toEqual([0, 100, 300, 700]);
        expect(error).toMatchObject({ cause: { name: 'HttpError' } });
        expect(service.getCircuitState().consecutiveFailures).toBe(1);
    });

    it('probes once with the same service, and does not wait for itself', async () => {
        const service = new RateLimitService({ ...QUIET, clock, maxRetries: 0, circuitBreakerThreshold: 1 });
        const create = scriptedCall(clock, refusal(), 'saved');
        const dataProvider = withRateLimit({ ...withRateLimit(createProvider({ create }), { service }) }, { service });
        await outcomeOf(() => dataProvider.create('contacts', DATA));
        await clock.advance(60_000);

        await expect(clock.resolve(dataProvider.create('contacts', DATA))).resolves.toBe('saved');

        expect(create.sentAt).toEqual([0, 60_000]);
        expect(service.getCircuitState().status).toBe('closed');
    });

    it.each<[string, (limited: { create(...args: unknown[]): Promise<unknown> }, service: RateLimitService) => object]>(
        [
            ['a fan out', limited => withFanOut(limited)],
            ['a wrapper', (limited, service) => withRateLimit(limited, { service })],
        ],
    )('probes once with %s of the same service between', async (_, between) => {
        const service = new RateLimitService({ ...QUIET, clock, maxRetries: 0, circuitBreakerThreshold: 1 });
        const create = scriptedCall(clock, refusal(), 'saved');
        const limited = withRateLimit(createProvider({ create }), { service });
        const dataProvider = withRateLimit(between(limited, service) as typeof limited, {
            service,
            methods: () => true,
        });
        await outcomeOf(() => dataProvider.create('contacts', DATA));
        await clock.advance(60_000);

        await expect(clock.resolve(dataProvider.create('contacts', DATA))).resolves.toBe('saved');

        expect(create.sentAt).toEqual([0, 60_000]);
        expect(service.getStats()).toMatchObject({ calls: 2 });
    });

    it('probes once with different services', async () => {
        const options = { ...QUIET, clock, maxRetries: 0, circuitBreakerThreshold: 1 };
        const create = scriptedCall(clock, refusal(), refusal(), 'saved');
        const inner = withRateLimit(createProvider({ create }), options);
        const dataProvider = withRateLimit(inner, options);
        await outcomeOf(() => dataProvider.create('contacts', DATA));
        await clock.advance(60_000);

        await outcomeOf(() => dataProvider.create('contacts', DATA));
        expect(create.sentAt).toEqual([0, 60_000]);
        expect(getRateLimitService(inner)?.getCircuitState().status).toBe('open');
        await clock.advance(60_000);

        await expect(clock.resolve(dataProvider.create('contacts', DATA))).resolves.toBe('saved');
        expect(create.sentAt).toEqual([0, 60_000, 120_000]);
    });

    it('wraps what the inner wrapper has left out', async () => {
        const service = new RateLimitService({ ...QUIET, clock });
        const update = scriptedCall(clock, refusal(), 'updated');
        const inner = withRateLimit(createProvider({ update }), { service, methods: ['create'] });
        const dataProvider = withRateLimit(inner, { service });

        const updating = dataProvider.update('contacts', { id: 1, data: {}, previousData: { id: 1 } });
        await expect(clock.resolve(updating)).resolves.toBe('updated');
    });
});

describe('records, tokens and personal data', () => {
    const CANARY = 'canary-7f3a';
    afterEach(() => {
        vi.restoreAllMocks();
    });

    it('in the arguments, answers and errors of calls never reach logs, events, states or serialised errors', async () => {
        const { service, clock, lines, events } = createService({ circuitBreakerThreshold: 3 });
        const refused = new HttpError(`Too Many Requests, ${CANARY}`, 429, { token: CANARY });
        const invite = scriptedCall(clock, refused);
        const dataProvider = withRateLimit(
            createProvider({
                create: scriptedCall(clock, refused, { data: { id: 1, name: CANARY } }),
                update: scriptedCall(clock, refused),
                invite: invite as (email: string, token: string) => Promise<unknown>,
            }),
            { service },
        );
        const params = { id: CANARY, data: { name: CANARY }, previousData: { id: CANARY }, meta: { token: CANARY } };
        const update = () => rejectionOf(dataProvider.update('contacts', params));

        await clock.resolve(dataProvider.create('contacts', params));
        const errors = [
            await clock.resolve(update()),
            await clock.resolve(rejectionOf(dataProvider.invite(`${CANARY}@example.com`, CANARY))),
            await clock.resolve(update()),
            await clock.resolve(update()),
        ];

        expect(errors.map(error => (error as RateLimitError).code).at(-1)).toBe('RATE_LIMIT_CIRCUIT_OPEN');
        const told = JSON.stringify([lines, events, errors, service.getStats(), service.getSnapshot()]);
        expect(told).toContain('"operation":"invite"');
        expect(told).toContain('"resource":"contacts"');
        expect(told).not.toContain(CANARY);
    });

    it('stay out of the console by default', async () => {
        const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
        const create = scriptedCall(clock, new HttpError(CANARY, 429), 'saved');
        const dataProvider = withRateLimit(createProvider({ create }), { clock, jitterFactor: 0 });

        await clock.resolve(dataProvider.create('contacts', { data: { name: CANARY } }));

        expect(warn.mock.calls).toEqual([
            [
                '[RateLimit] Rate limit detected. Retrying in 100ms (attempt 1/3)',
                { resource: 'contacts', operation: 'create', attempt: 1, maxRetries: 3, delayMs: 100 },
            ],
        ]);
    });
});

describe('a wrong argument is refused at construction', () => {
    const wrapUnchecked = (dataProvider: unknown, options: Record<string, unknown> = {}) =>
        withRateLimit(dataProvider as object, options as object);

    it.each([
        [undefined, 'undefined'],
        [null, 'null'],
        ['provider', '"provider"'],
        [42, '42'],
    ])('dataProvider: %s', (dataProvider, got) => {
        const wrapping = () => wrapUnchecked(dataProvider);

        expect(wrapping).toThrow(`ra-rate-limit: dataProvider must be an object, got ${got}`);
        expect(wrapping).toThrow(TypeError);
    });

    it('a promise of a data provider, as some packages make', () => {
        expect(() => wrapUnchecked(Promise.resolve(createProvider()))).toThrow(
            new TypeError('ra-rate-limit: dataProvider must be an object, got [object Promise]'),
        );
    });

    it.each([
        ['RATE_LIMIT_CIRCUIT_OPEN', 42],
        ['circuitOpen', 'later'],
    ])('messages: %s is %o', (code, message) => {
        expect(() => wrapUnchecked(createProvider(), { messages: { [code]: message } })).toThrow(
            new TypeError(
                `ra-rate-limit: messages.${code} must be a text or a function for one of the two codes, got ${typeof message === 'string' ? `"${message}"` : message}`,
            ),
        );
    });

    it('but messages may be left out, all or one', () => {
        const messages = { RATE_LIMIT_CIRCUIT_OPEN: undefined, RATE_LIMIT_MAX_RETRIES_EXCEEDED: String };

        expect(() => wrapUnchecked(createProvider(), { messages })).not.toThrow();
        expect(() => wrapUnchecked(createProvider(), { messages: undefined })).not.toThrow();
    });

    it.each([
        ['service', {}, 'a RateLimitService', '[object Object]'],
        ['service', null, 'a RateLimitService', 'null'],
        ['methods', 'create', 'an array or a function', '"create"'],
        ['methods', [1], 'an array or a function', '1'],
        ['methods', ['create', 1], 'an array or a function', 'create,1'],
        ['messages', 'later', 'an object', '"later"'],
        ['messages', null, 'an object', 'null'],
        ['enabled', 'yes', 'a boolean or a function', '"yes"'],
        ['enabled', 1, 'a boolean or a function', '1'],
        ['enabled', null, 'a boolean or a function', 'null'],
        ['maxRetries', '3', 'a number', '"3"'],
    ])('%s: %o', (name, value, must, got) => {
        const wrapping = () => wrapUnchecked(createProvider(), { [name]: value });

        expect(wrapping).toThrow(`ra-rate-limit: ${name} must be ${must}, got ${got}`);
        expect(wrapping).toThrow(TypeError);
    });

    it.each([
        [null, 'null'],
        [5, '5'],
    ])('options: %o', (options, got) => {
        expect(() => wrapUnchecked(createProvider(), options as never)).toThrow(
            new TypeError(`ra-rate-limit: options must be an object such as { service }, got ${got}`),
        );
    });

    it('options: the service itself', () => {
        const { service } = createService();

        expect(() => wrapUnchecked(createProvider(), service as never)).toThrow(
            new TypeError(
                'ra-rate-limit: options must be an object such as { service }, got [object RateLimitService]',
            ),
        );
    });

    it('a function where there should be none, without its source', () => {
        expect(() => wrapUnchecked(createProvider(), { messages: () => 'later' })).toThrow(
            new TypeError('ra-rate-limit: messages must be an object, got a function'),
        );
    });

    it('a number out of range, with a RangeError', () => {
        expect(() => withRateLimit(createProvider(), { jitterFactor: 2 })).toThrow(RangeError);
    });

    it('an option that is not known', () => {
        expect(() => wrapUnchecked(createProvider(), { maxRetry: 3 })).toThrow(
            new TypeError('ra-rate-limit: maxRetry must be a known option, got 3'),
        );
    });

    it('options of a service beside a service', () => {
        const { service } = createService();

        expect(() => wrapUnchecked(createProvider(), { service, maxRetries: 5 })).toThrow(
            new TypeError('ra-rate-limit: maxRetries must be given to the service, got 5'),
        );
        expect(() => withRateLimit(createProvider(), { service, maxRetries: undefined })).not.toThrow();
    });
});

describe('a call of a method that was held up', () => {
    it('keeps its turn: calls that are in flight do not know of each other while the server is well', async () => {
        const [first, second] = [heldCall(), heldCall()];
        const calls = [first, second];
        const dataProvider = withRateLimit({ create: () => calls.shift()?.() }, QUIET);

        const both = [dataProvider.create(), dataProvider.create()];
        second.resolve('second');
        await expect(both[1]).resolves.toBe('second');
        first.resolve('first');

        await expect(both[0]).resolves.toBe('first');
    });
});
