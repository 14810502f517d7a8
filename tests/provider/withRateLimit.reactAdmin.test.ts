import { addRefreshAuthToDataProvider, combineDataProviders, type DataProvider, withLifecycleCallbacks } from 'ra-core';
import { getRateLimitService, withRateLimit } from 'ra-rate-limit';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { createProvider } from '../support/createProvider';
import { refusal, scriptedCall } from '../support/scriptedCalls';
import { VirtualClock } from '../support/virtualClock';

const DATA = { data: { name: 'Jane' } };
const SAVED = { data: { id: 7, name: 'Jane' } };

let clock: VirtualClock;
let create: ReturnType<typeof scriptedCall>;
let provider: DataProvider;
const wrap = (dataProvider: DataProvider) => withRateLimit(dataProvider, { clock, logger: false, jitterFactor: 0 });
const save = (dataProvider: DataProvider) => clock.resolve(dataProvider.create('contacts', DATA));

beforeEach(() => {
    clock = new VirtualClock();
    create = scriptedCall(clock, refusal(), SAVED);
    provider = createProvider({ create });
});

describe('withLifecycleCallbacks', () => {
    const callbacks = () => ({
        resource: 'contacts',
        beforeCreate: vi.fn(async (params: object) => params as never),
        afterCreate: vi.fn(async (result: object) => result as never),
    });

    it('around a wrapped provider runs its callbacks once for a call that is retried', async () => {
        const hooks = callbacks();
        const dataProvider = withLifecycleCallbacks(wrap(provider), [hooks]);

        await expect(save(dataProvider)).resolves.toEqual(SAVED);

        expect(create).toHaveBeenCalledTimes(2);
        expect(hooks.beforeCreate).toHaveBeenCalledTimes(1);
        expect(hooks.afterCreate).toHaveBeenCalledTimes(1);
        expect(getRateLimitService(dataProvider)).toBeDefined();
    });

    it('inside of a wrapper is part of what is retried', async () => {
        const hooks = callbacks();
        const dataProvider = wrap(withLifecycleCallbacks(provider, [hooks]));

        await expect(save(dataProvider)).resolves.toEqual(SAVED);

        expect(create).toHaveBeenCalledTimes(2);
        expect(hooks.afterCreate).toHaveBeenCalledTimes(1);
    });

    it('around a wrapped instance of a class finds its methods', async () => {
        class ClassProvider {
            #answer = SAVED;
            async create() {
                return this.#answer;
            }
        }
        const dataProvider = withLifecycleCallbacks(wrap(new ClassProvider() as unknown as DataProvider), []);

        await expect(save(dataProvider)).resolves.toEqual(SAVED);
    });
});

describe('combineDataProviders', () => {
    it('of wrapped providers retries the call of each', async () => {
        const dataProvider = combineDataProviders(() => wrap(provider));

        await expect(save(dataProvider)).resolves.toEqual(SAVED);

        expect(create.sentAt).toEqual([0, 100]);
    });

    it('inside of a wrapper is retried', async () => {
        const dataProvider = wrap(combineDataProviders(() => provider));

        await expect(save(dataProvider)).resolves.toEqual(SAVED);

        expect(create.sentAt).toEqual([0, 100]);
        expect(getRateLimitService(dataProvider)).toBeDefined();
    });

    it('inside of a wrapper is no promise, though it has a function for almost any name', async () => {
        const dataProvider = wrap(combineDataProviders(() => provider));

        await expect(Promise.resolve(dataProvider)).resolves.toBe(dataProvider);
    });

    it('hides the service, and nothing else is taken for it', () => {
        expect(getRateLimitService(combineDataProviders(() => wrap(provider)))).toBeUndefined();
    });
});

describe('addRefreshAuthToDataProvider', () => {
    it('around a wrapped provider refreshes once for a call that is retried', async () => {
        const refreshAuth = vi.fn(async () => {});
        const dataProvider = addRefreshAuthToDataProvider(wrap(provider), refreshAuth);

        await expect(save(dataProvider)).resolves.toEqual(SAVED);

        expect(create).toHaveBeenCalledTimes(2);
        expect(refreshAuth).toHaveBeenCalledTimes(1);
        expect(getRateLimitService(dataProvider)).toBeDefined();
    });

    it('inside of a wrapper refreshes before each attempt', async () => {
        const refreshAuth = vi.fn(async () => {});
        const dataProvider = wrap(addRefreshAuthToDataProvider(provider, refreshAuth));

        await expect(save(dataProvider)).resolves.toEqual(SAVED);

        expect(refreshAuth).toHaveBeenCalledTimes(2);
    });

    it('inside of a wrapper does not turn it into a promise', async () => {
        const dataProvider = wrap(addRefreshAuthToDataProvider(provider, async () => {}));

        await expect(Promise.resolve(dataProvider)).resolves.toBe(dataProvider);
    });
});

describe('useDataProvider', () => {
    it('may call .then and .catch on what a method returns, healthy, waiting or failed', async () => {
        const dataProvider = wrap(provider);
        const use = () =>
            dataProvider.create
                .apply(dataProvider, ['contacts', DATA])
                .then(response => response)
                .catch((error: unknown) => error);

        await expect(clock.resolve(use())).resolves.toEqual(SAVED);
        await expect(clock.resolve(use())).resolves.toEqual(SAVED);
        getRateLimitService(dataProvider)?.dispatcher.pause(3_600_000);
        await expect(clock.resolve(use())).resolves.toMatchObject({ code: 'RATE_LIMIT_CIRCUIT_OPEN', status: 429 });
    });

    it('reads whether aborting is supported', () => {
        expect(wrap({ ...provider, supportAbortSignal: true }).supportAbortSignal).toBe(true);
        expect(wrap(provider).supportAbortSignal).toBeUndefined();
    });
});
