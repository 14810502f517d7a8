import { type CreateParams, type DataProvider, HttpError, withLifecycleCallbacks } from 'ra-core';
import { type BulkContext, runBulk, withRateLimit } from 'ra-rate-limit';
import { describe, expect, test, vi } from 'vitest';
import { createProvider } from '../support/createProvider';
import { createService } from '../support/createService';
import { numbers } from '../support/numbers';
import { heldCall, refusal, refusalFor, scriptedCall } from '../support/scriptedCalls';

describe('a worker that calls a wrapped data provider of the same service', () => {
    const createLimited = (script: (call: number) => void) => {
        const context = createService();
        let sent = 0;
        const provider = {
            create: vi.fn(async (_resource: string, params: object) => {
                script(++sent);
                return { data: params };
            }),
        };
        return { ...context, provider, dataProvider: withRateLimit(provider, { service: context.service }) };
    };

    test('is one call for each item, not two', async () => {
        const { service, clock, dataProvider } = createLimited(() => {});

        await clock.resolve(runBulk(numbers(10), n => dataProvider.create('contacts', { n }), { service }));

        expect(service.getStats()).toMatchObject({ calls: 10, succeeded: 10 });
    });

    test('has its refused call repeated in place, as often as it takes', async () => {
        const { service, clock, dataProvider, provider } = createLimited(call => {
            if (call > 1 && call < 10) throw refusal();
        });
        const workers = vi.fn((n: number) => dataProvider.create('contacts', { n }));

        const result = await clock.resolve(runBulk(numbers(3), workers, { service, concurrency: 1 }));

        expect(result).toMatchObject({ succeeded: 3, rateLimited: 8, retries: 8 });
        expect(workers).toHaveBeenCalledTimes(3);
        expect(provider.create).toHaveBeenCalledTimes(11);
    });

    test('may call it again later, with the signal, as part of the same item', async () => {
        const { service, clock, dataProvider, provider } = createLimited(call => {
            if (call % 2 === 0 && call < 16) throw refusal();
        });
        const workers = vi.fn(async (n: number, { signal }: { signal: AbortSignal }) => {
            await dataProvider.create('companies', { n });
            await dataProvider.create('contacts', { n, signal });
        });

        const result = await clock.resolve(runBulk([1], workers, { service }));

        expect(result.succeeded).toBe(1);
        expect(workers).toHaveBeenCalledTimes(1);
        expect(provider.create.mock.calls.filter(([resource]) => resource === 'companies')).toHaveLength(1);
    });

    test('whose first call resolved with an error has nothing in when the session expires before the second', async () => {
        const { service, clock } = createService();
        const conflict = { data: null, error: { code: '23505' }, status: 409 };
        const answer = scriptedCall(clock, conflict, new HttpError('JWT expired', 401));
        const dataProvider = withRateLimit({ create: (_: object) => answer() }, { service });
        const worker = async (_: number, { signal }: BulkContext) => {
            await dataProvider.create({ signal });
            await dataProvider.create({ signal });
        };

        const result = await clock.resolve(runBulk([1], worker, { service }));

        expect(result).toMatchObject({ failed: 1, unknown: 0 });
    });

    test('whose second call is turned down has failed, with that error', async () => {
        const conflict = new HttpError('duplicate key', 409);
        const { service, clock, dataProvider } = createLimited(call => {
            if (call === 2) throw conflict;
        });
        const worker = async (n: number, { signal }: { signal: AbortSignal }) => {
            await dataProvider.create('companies', { n });
            await dataProvider.create('contacts', { n, signal });
        };

        const result = await clock.resolve(runBulk([1], worker, { service }));

        expect(result.errors).toEqual([{ index: 0, item: 1, error: conflict, outcome: 'failed' }]);
    });

    test('is called again when a call that is not known as its own gives up', async () => {
        const { service, clock, dataProvider } = createLimited(call => {
            if (call < 6) throw refusal();
        });
        const workers = vi.fn(async (n: number) => {
            await new Promise<void>(resolve => void clock.setTimeout(resolve, 1));
            return dataProvider.create('contacts', { n });
        });

        const result = await clock.resolve(runBulk([1], workers, { service }));

        expect(result.succeeded).toBe(1);
        expect(workers).toHaveBeenCalledTimes(2);
    });
});

test.each([
    ['passes the signal', true],
    ['does not', false],
])(
    'a worker takes a turn an item also through the lifecycle callbacks of react-admin, when it %s',
    async (_, passes) => {
        const timeOf = async (wrap: (dataProvider: DataProvider) => DataProvider) => {
            const { service, clock } = createService();
            const create = async () => ({ data: { id: 1 } });
            const dataProvider = wrap(withRateLimit(createProvider({ create }) as DataProvider, { service }));
            const start = clock.now();
            const worker = (n: number, { signal }: BulkContext) =>
                dataProvider.create('contacts', { data: { n }, ...(passes && { meta: { signal } }) });

            await clock.resolve(runBulk(numbers(50), worker, { service }));

            expect(service.getStats()).toMatchObject({ calls: 50, succeeded: 50 });
            return clock.now() - start;
        };
        const beforeCreate = async (params: CreateParams) => params;

        const direct = await timeOf(dataProvider => dataProvider);
        const behindCallbacks = await timeOf(dataProvider =>
            withLifecycleCallbacks(dataProvider, [{ resource: 'contacts', beforeCreate }]),
        );

        expect(behindCallbacks).toBe(direct);
    },
);

test('a journal is told when a call of an item has been refused, and when it leaves again', async () => {
    const { service, clock } = createService();
    const start = clock.now();
    const create = scriptedCall(clock, refusalFor(2), 'saved');
    const dataProvider = withRateLimit({ create }, { service });
    const told: [items: string[], isOut: boolean, at: number][] = [];
    const onWay = (items: string[], isOut: boolean) => void told.push([items, isOut, clock.now() - start]);
    const journal = { onWay, lostOf: () => undefined, rulesOut: () => false };

    await clock.resolve(runBulk(['Ada'], () => dataProvider.create(), { service, journal }));

    expect(told).toEqual([
        [['Ada'], false, 0],
        [['Ada'], true, create.sentAt[1]],
    ]);
});

test('a call that outlives its run is sent again as any other', async () => {
    const { service, clock } = createService();
    const logged = scriptedCall(clock, refusal(), 'logged');
    const late = heldCall();
    const log = async (_: object) => {
        await late();
        return logged();
    };
    const dataProvider = withRateLimit({ log }, { service });
    const logs: Promise<unknown>[] = [];
    const worker = async (_: number, { signal }: { signal: AbortSignal }) => {
        await undefined;
        logs.push(dataProvider.log({ meta: { signal } }));
    };
    await clock.resolve(runBulk([1], worker, { service }));

    late.resolve(undefined);

    await expect(clock.resolve(Promise.all(logs))).resolves.toEqual(['logged']);
});

test('a call of prepare that its item did not wait for goes on when a paused run has ended', async () => {
    const { service, clock } = createService();
    const dataProvider = withRateLimit({ find: async (_: object) => 'found' }, { service });
    const found: Promise<string>[] = [];
    const prepare = async (n: number, { signal }: { signal: AbortSignal }) => {
        await new Promise<void>(resolve => void clock.setTimeout(resolve, 10));
        found.push(dataProvider.find({ meta: { signal } }));
        await new Promise<void>(resolve => void clock.setTimeout(resolve, 1000));
        throw new Error(`${n} was not found in time`);
    };
    const run = runBulk([1, 2], async (n: number) => n, { service, prepare });
    run.pause();

    await expect(clock.resolve(run)).resolves.toMatchObject({ failed: 2 });

    await expect(clock.resolve(Promise.all(found))).resolves.toEqual(['found', 'found']);
    expect(service.getSnapshot()).toMatchObject({ waitingBulk: 0 });
});

test('pausing does not stop an item between two calls of its worker', async () => {
    const { service, clock } = createService();
    const created: string[] = [];
    const create = async (resource: string, _params: object) => {
        await new Promise<void>(resolve => void clock.setTimeout(resolve, 100));
        created.push(resource);
    };
    const dataProvider = withRateLimit({ create }, { service });
    const worker = async (_: number, { signal }: { signal: AbortSignal }) => {
        await dataProvider.create('companies', {});
        await dataProvider.create('contacts', { meta: { signal } });
    };
    const run = runBulk(numbers(2), worker, { service, concurrency: 1 });
    await clock.advance(50);

    run.pause();
    await clock.advance(60_000);

    expect(created).toEqual(['companies', 'contacts']);
    run.resume();
    await clock.resolve(run);
    expect(created).toHaveLength(4);
});

test('the retries of a worker that is refused behind its wrapped call are counted from 1', async () => {
    const { service, clock, events } = createService();
    const dataProvider = withRateLimit(createProvider(), { service });
    let refusals = 2;
    const worker = async () => {
        await dataProvider.create('contacts', { data: {} });
        if (refusals-- > 0) throw refusal();
    };

    await clock.resolve(runBulk([1], worker, { service }));

    const attempts = events.flatMap(({ name, event }) => (name === 'retry' ? [event] : []));
    expect(attempts).toMatchObject([{ attempt: 1 }, { attempt: 2 }]);
});
