import { combineDataProviders, type DataProvider, HttpError, withLifecycleCallbacks } from 'ra-core';
import { isRateLimitError, RateLimitError, withRateLimit } from 'ra-rate-limit';
import { getSimulation, type RateLimitPlan, type RateLimitSimulation, simulateRateLimit } from 'ra-rate-limit/testing';
import { describe, expect, it } from 'vitest';
import { createProvider } from '../support/createProvider';
import { createService } from '../support/createService';
import { rejectionOf } from '../support/scriptedCalls';
import { VirtualClock } from '../support/virtualClock';

const DATA = { data: { name: 'Jane' } };

const simulationOf = (dataProvider: unknown) => getSimulation(dataProvider) as RateLimitSimulation;

/** A simulated provider around one that counts, and how each of a number of saves ends. */
function simulate(plan?: RateLimitPlan, clock = new VirtualClock()) {
    const provider = createProvider();
    const dataProvider = simulateRateLimit(provider, plan, { clock });
    const save = () => dataProvider.create('contacts', DATA).then(() => 'saved' as const, waitIn);
    const saves = async (count: number) => {
        const outcomes = [];
        for (let index = 0; index < count; index++) outcomes.push(await save());
        return outcomes;
    };
    return { provider, dataProvider, clock, simulation: simulationOf(dataProvider), save, saves };
}

/** How long a refusal tells to wait. */
const waitIn = (error: HttpError) => error.body.retry_after_ms ?? 'refused';

describe('the next calls', () => {
    it('are refused, as many as the plan says', async () => {
        const { provider, saves, simulation } = simulate({ next: 2 });

        expect(await saves(4)).toEqual(['refused', 'refused', 'saved', 'saved']);

        expect(provider.create).toHaveBeenCalledTimes(2);
        expect(simulation).toMatchObject({ refused: 2, passed: 2 });
    });

    it('are none where the plan says 0', async () => {
        expect(await simulate({ next: 0 }).saves(1)).toEqual(['saved']);
    });
});

describe('a share of the calls', () => {
    it.each([
        [0, 0],
        [0.3, 3],
        [1, 10],
    ])('of %d refuses %d of ten', async (share, refused) => {
        let call = 0;
        const { saves, simulation } = simulate({ share }, new VirtualClock({ random: () => call++ / 10 }));

        await saves(10);

        expect(simulation.refused).toBe(refused);
    });
});

describe('a bucket', () => {
    const bucket = { ratePerSecond: 2, burst: 3 };

    it('lets a burst pass, and then the calls for which a token has come back', async () => {
        const { clock, saves } = simulate({ bucket });

        expect(await saves(5)).toEqual(['saved', 'saved', 'saved', 'refused', 'refused']);
        await clock.advance(499);
        expect(await saves(1)).toEqual(['refused']);
        await clock.advance(1);
        expect(await saves(2)).toEqual(['saved', 'refused']);
        await clock.advance(1000);
        expect(await saves(3)).toEqual(['saved', 'saved', 'refused']);
    });

    it('never holds more tokens than its burst', async () => {
        const { clock, saves } = simulate({ bucket });
        await saves(1);

        await clock.advance(60_000);

        expect(await saves(4)).toEqual(['saved', 'saved', 'saved', 'refused']);
    });

    it('tells the time until its next token where that is wanted', async () => {
        const { clock, saves } = simulate({ bucket: { ratePerSecond: 3, burst: 1 }, retryAfterMs: 'exact' });

        expect(await saves(2)).toEqual(['saved', 334]);
        await clock.advance(100);
        expect(await saves(1)).toEqual([234]);
        await clock.advance(234);
        expect(await saves(1)).toEqual(['saved']);
    });

    it('is full in time on a clock that is set back', async () => {
        const { clock, saves } = simulate({ bucket });
        await saves(4);

        await clock.advance(-3_600_000);
        await saves(1);
        await clock.advance(1500);

        expect(await saves(4)).toEqual(['saved', 'saved', 'saved', 'refused']);
    });

    it('takes time from the system unless told otherwise', async () => {
        const dataProvider = simulateRateLimit(createProvider(), { bucket: { ratePerSecond: 0.001, burst: 1 } });

        await dataProvider.create('contacts', DATA);

        await expect(dataProvider.create('contacts', DATA)).rejects.toThrow('Too Many Requests');
    });
});

describe('a refusal', () => {
    const refusalWith = async (plan: RateLimitPlan) =>
        (await rejectionOf(simulate(plan).dataProvider.create('contacts', DATA))) as HttpError;

    it('is what a data provider of react-admin throws', async () => {
        const error = await refusalWith({ next: 1 });

        expect(error).toBeInstanceOf(HttpError);
        expect(error.message).toBe('Too Many Requests');
        expect(error.status).toBe(429);
        expect(error.body).toEqual({ message: 'Too Many Requests' });
        expect(isRateLimitError(error)).toBe(true);
    });

    it('tells the time to wait in its body', async () => {
        const { body } = await refusalWith({ next: 1, retryAfterMs: 1500 });
        expect(body).toEqual({ message: 'Too Many Requests', retry_after_ms: 1500 });
    });

    it('tells none where the plan says 0', async () => {
        const { body } = await refusalWith({ next: 1, retryAfterMs: 0 });
        expect(body).toEqual({ message: 'Too Many Requests' });
    });
});

describe('methods', () => {
    const READS = ['getList', 'getOne', 'getMany', 'getManyReference'] as const;
    const WRITES = ['create', 'update', 'updateMany', 'delete', 'deleteMany'] as const;

    async function refusedMethods(plan: RateLimitPlan) {
        const { dataProvider, simulation } = simulate(plan);
        const refused: string[] = [];
        for (const name of [...READS, ...WRITES]) {
            const call = dataProvider[name] as (...args: unknown[]) => Promise<unknown>;
            await call('contacts', { id: 1, ids: [], data: {} }).catch(() => refused.push(name));
        }
        return { refused, simulation };
    }

    it('are all but the reads by default', async () => {
        expect((await refusedMethods({ share: 1 })).refused).toEqual(WRITES);
    });

    it('are those that the plan names', async () => {
        const { refused, simulation } = await refusedMethods({ share: 1, methods: ['getList', 'update'] });
        expect(refused).toEqual(['getList', 'update']);
        expect(simulation).toMatchObject({ refused: 2, passed: 0 });
    });

    it('are those that the predicate of the plan chooses', async () => {
        const { refused } = await refusedMethods({ share: 1, methods: name => name.startsWith('get') });
        expect(refused).toEqual(READS);
    });

    it('that the plan is not about do not use up its calls', async () => {
        const { dataProvider, saves } = simulate({ next: 1 });
        await dataProvider.getList('contacts', {} as never);
        expect(await saves(1)).toEqual(['refused']);
    });

    it('of one’s own are refused too', async () => {
        const archive = async (_id: number) => 'archived';
        const dataProvider = simulateRateLimit({ ...createProvider(), archive }, { next: 1 });

        await expect(dataProvider.archive(1)).rejects.toThrow('Too Many Requests');
        await expect(dataProvider.archive(1)).resolves.toBe('archived');
    });
});

describe('the handle', () => {
    it('changes what is refused', async () => {
        const { saves, simulation } = simulate();
        expect(simulation.plan).toBeUndefined();
        expect(await saves(1)).toEqual(['saved']);

        const plan = { next: 1, retryAfterMs: 50 };
        simulation.set(plan);
        expect(simulation.plan).toBe(plan);
        expect(await saves(2)).toEqual([50, 'saved']);

        simulation.set({ share: 1 });
        expect(await saves(1)).toEqual(['refused']);

        simulation.set(undefined);
        expect(await saves(1)).toEqual(['saved']);
    });

    it('stops it', async () => {
        const { saves, simulation } = simulate({ share: 1, methods: ['create'] });

        simulation.stop();

        expect(await saves(2)).toEqual(['saved', 'saved']);
        expect(simulation.plan).toBeUndefined();
    });

    it('says in words what is refused', async () => {
        const { saves, simulation } = simulate({ next: 2 });
        await saves(3);
        const bucket = { ratePerSecond: 5, burst: 10 };

        expect([
            simulation.set({ next: 3, retryAfterMs: 5000 }),
            simulation.set({ share: 0.5 }),
            simulation.set({ bucket, retryAfterMs: 'exact' }),
            simulation.stop(),
        ]).toEqual([
            'Refused with a wait of 5000 ms: the next calls (3). So far 2 refused, 1 passed.',
            'Refused without a wait: a share of 0.5 of the calls. So far 2 refused, 1 passed.',
            'Refused with the exact wait: the calls beyond 10 at once and 5 a second. So far 2 refused, 1 passed.',
            'Nothing is refused. So far 2 refused, 1 passed.',
        ]);
    });

    it.each([{ next: -1 }, { next: 1, methods: 'create' as never }])(
        'keeps the plan where the next is %j',
        async wrong => {
            const { saves, simulation } = simulate({ next: 1, retryAfterMs: 50 });

            expect(() => simulation.set(wrong)).toThrow();

            expect(await saves(2)).toEqual([50, 'saved']);
        },
    );

    it('changes which methods can be refused', async () => {
        const { dataProvider, saves, simulation } = simulate({ share: 1 });

        simulation.set({ share: 1, methods: ['getList'] });

        expect(await saves(1)).toEqual(['saved']);
        await expect(dataProvider.getList('contacts', {} as never)).rejects.toThrow('Too Many Requests');
    });

    it('is that of whatever was made of the provider', () => {
        const { dataProvider, simulation } = simulate();

        expect(getSimulation(withRateLimit(dataProvider))).toBe(simulation);
        expect(getSimulation({ ...dataProvider })).toBe(simulation);
        expect(getSimulation(withLifecycleCallbacks(dataProvider, []))).toBe(simulation);
    });

    it.each([
        ['another provider', createProvider()],
        ['a provider that answers any name', combineDataProviders(() => createProvider())],
        ['nothing', undefined],
        ['null', null],
        ['a text', 'provider'],
    ])('of %s is undefined', (_case, value) => {
        expect(getSimulation(value)).toBeUndefined();
    });

    it('is no global where there is no window', () => {
        simulate();
        expect('rateLimitSimulation' in globalThis).toBe(false);
    });
});

describe('bad input', () => {
    const bucket = { ratePerSecond: 1, burst: 1 };

    it.each([
        ['5', TypeError, 'plan must be an object such as { next: 3 }, got "5"'],
        [null, TypeError, 'plan must be an object such as { next: 3 }, got null'],
        [{}, TypeError, 'plan must be one of next, share and bucket, got "none"'],
        [{ next: 1, share: 1 }, TypeError, 'plan must be one of next, share and bucket, got "next and share"'],
        [{ nxt: 1 }, TypeError, 'plan must be made of next, share, bucket, retryAfterMs, methods, got "nxt"'],
        [{ next: '3' }, TypeError, 'next must be a number, got "3"'],
        [{ next: undefined }, TypeError, 'next must be a number, got undefined'],
        [{ next: 1.5 }, RangeError, 'next must be an integer of 0 or more, got 1.5'],
        [{ next: -1 }, RangeError, 'next must be an integer of 0 or more, got -1'],
        [{ share: 50 }, RangeError, 'share must be from 0 to 1, got 50'],
        [{ share: -0.1 }, RangeError, 'share must be from 0 to 1, got -0.1'],
        [{ share: Number.NaN }, RangeError, 'share must be from 0 to 1, got NaN'],
        [
            { bucket: { ...bucket, retryAfterMs: 5 } },
            TypeError,
            'bucket must be made of ratePerSecond, burst, got "retryAfterMs"',
        ],
        [{ bucket: null }, TypeError, 'bucket.ratePerSecond must be a number, got undefined'],
        [{ bucket: 5 }, TypeError, 'bucket.ratePerSecond must be a number, got undefined'],
        [
            { bucket: { ...bucket, ratePerSecond: 0 } },
            RangeError,
            'bucket.ratePerSecond must be finite and more than 0, got 0',
        ],
        [
            { bucket: { ...bucket, ratePerSecond: Number.POSITIVE_INFINITY } },
            RangeError,
            'bucket.ratePerSecond must be finite and more than 0, got Infinity',
        ],
        [{ bucket: { ratePerSecond: 5 } }, TypeError, 'bucket.burst must be a number, got undefined'],
        [{ bucket: { ...bucket, burst: 0 } }, RangeError, 'bucket.burst must be an integer of 1 or more, got 0'],
        [{ next: 1, retryAfterMs: -1 }, RangeError, 'retryAfterMs must be finite and 0 or more, got -1'],
        [{ next: 1, retryAfterMs: 'exact' }, TypeError, 'retryAfterMs must be a number, got "exact"'],
        [{ bucket, retryAfterMs: 'exactly' }, TypeError, 'retryAfterMs must be a number, got "exactly"'],
        [{ next: 1, methods: 'create' }, TypeError, 'methods must be an array or a function, got "create"'],
    ])('%j is refused', (plan, ErrorClass, message) => {
        expect(() => simulateRateLimit(createProvider(), plan as RateLimitPlan)).toThrow(ErrorClass);
        expect(() => simulateRateLimit(createProvider(), plan as RateLimitPlan)).toThrow(message);
    });

    it.each([undefined, null, 'provider', Promise.resolve({})])('%o is no data provider', value => {
        expect(() => simulateRateLimit(value as object)).toThrow('dataProvider must be an object');
    });
});

describe('the provider', () => {
    class ClassProvider {
        readonly supportAbortSignal = true;
        #saved = 0;
        get saved() {
            return this.#saved;
        }
        set saved(count: number) {
            this.#saved = count;
        }
        async create(_resource: string, _params: object) {
            this.#saved++;
            return { data: { id: this.#saved } };
        }
        describe() {
            return `${this.#saved} saved`;
        }
    }

    it('keeps `this`, private fields, accessors, its class and the identity of its methods', async () => {
        const provider = new ClassProvider();
        const dataProvider = simulateRateLimit(provider, { next: 1, methods: ['create'] });
        const { create } = dataProvider;

        await expect(create('contacts', DATA)).rejects.toThrow(HttpError);
        await expect(create('contacts', DATA)).resolves.toEqual({ data: { id: 1 } });

        expect(dataProvider.saved).toBe(1);
        dataProvider.saved = 7;
        expect(dataProvider.describe()).toBe('7 saved');
        expect(dataProvider.supportAbortSignal).toBe(true);
        expect(dataProvider).toBeInstanceOf(ClassProvider);
        expect(dataProvider.create).toBe(create);
    });

    it('can be spread, the methods of its class included', async () => {
        const copy = { ...simulateRateLimit(new ClassProvider(), { next: 1 }) } as ClassProvider;

        await expect(copy.create('contacts', DATA)).rejects.toThrow(HttpError);
        await expect(copy.create('contacts', DATA)).resolves.toEqual({ data: { id: 1 } });
    });

    it('follows what is set on it, and keeps refusing', async () => {
        const provider = createProvider();
        const dataProvider = simulateRateLimit(provider, { share: 1, methods: ['create', 'merge'] });
        const create = async () => ({ data: { id: 2 } });

        (dataProvider as DataProvider).create = create as never;
        Object.defineProperty(dataProvider, 'merge', { value: create, enumerable: true });

        expect(provider.create).toBe(create);
        expect('merge' in dataProvider && !('split' in dataProvider)).toBe(true);
        expect(Object.keys(dataProvider)).toEqual(Object.keys(provider));
        await expect(dataProvider.create('contacts', DATA)).rejects.toThrow(HttpError);
        await expect(dataProvider.merge()).rejects.toThrow(HttpError);
    });

    it('may be frozen', async () => {
        const dataProvider = simulateRateLimit(Object.freeze(createProvider()), { next: 1 });
        await expect(dataProvider.create('contacts', DATA)).rejects.toThrow(HttpError);
    });

    it('may be one that was combined of others', async () => {
        const dataProvider = simulateRateLimit(
            combineDataProviders(() => createProvider()),
            { next: 1 },
        );

        await expect(dataProvider.create('contacts', DATA)).rejects.toThrow(HttpError);
        await expect(dataProvider.create('contacts', DATA)).resolves.toMatchObject({ data: { name: 'Jane' } });
    });
});

describe('inside of withRateLimit', () => {
    function wrapped(plan: RateLimitPlan) {
        const { service, clock, events, namesOfEvents } = createService();
        const provider = createProvider();
        const dataProvider: DataProvider = withRateLimit(simulateRateLimit(provider, plan, { clock }), { service });
        return {
            service,
            clock,
            events,
            namesOfEvents,
            provider,
            dataProvider,
            simulation: simulationOf(dataProvider),
        };
    }

    it('a save succeeds after the wait that the refusals tell', async () => {
        const { clock, dataProvider, provider, events } = wrapped({ next: 2, retryAfterMs: 1500 });
        const start = clock.now();

        const saved = await clock.resolve(dataProvider.create('contacts', DATA));

        expect(saved).toEqual({ data: { id: 1, name: 'Jane' } });
        expect(provider.create).toHaveBeenCalledTimes(1);
        expect(clock.now() - start).toBe(3000);
        expect(events.filter(({ name }) => name === 'retry')).toHaveLength(2);
    });

    it('a save succeeds after the backoff where they tell none', async () => {
        const { clock, dataProvider } = wrapped({ next: 2 });
        const start = clock.now();

        await clock.resolve(dataProvider.create('contacts', DATA));

        expect(clock.now() - start).toBe(300);
    });

    it('a server that refuses everything opens the circuit', async () => {
        const { clock, service, dataProvider, simulation } = wrapped({ share: 1 });

        for (let call = 0; call < 5; call++) await rejectionOf(clock.resolve(dataProvider.create('contacts', DATA)));
        expect(service.getCircuitState().status).toBe('open');
        const refused = simulation.refused;
        const error = await rejectionOf(dataProvider.create('contacts', DATA));

        expect(error).toBeInstanceOf(RateLimitError);
        expect(simulation.refused).toBe(refused);
    });

    it('all of many saves come through a bucket', async () => {
        const { clock, dataProvider, provider, simulation } = wrapped({
            bucket: { ratePerSecond: 10, burst: 5 },
            retryAfterMs: 'exact',
        });

        const saves = Array.from({ length: 50 }, () => dataProvider.create('contacts', DATA));
        await clock.resolve(Promise.all(saves));

        expect(provider.create).toHaveBeenCalledTimes(50);
        expect(simulation).toMatchObject({ passed: 50 });
        expect(simulation.refused).toBeGreaterThan(0);
    });
});
