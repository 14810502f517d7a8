import { HttpError } from 'ra-core';
import { getRateLimitService, withFanOut, withRateLimit } from 'ra-rate-limit';
import { describe, expect, it, vi } from 'vitest';
import { createService } from '../support/createService';
import { refusal, refusalFor, rejectionOf } from '../support/scriptedCalls';
import type { VirtualClock } from '../support/virtualClock';

const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);

interface Many {
    ids: number[];
    data?: object;
    signal?: AbortSignal;
}

/** A server that takes five requests a second, and a data provider that sends it one for each record. */
function createFanningProvider(clock: VirtualClock, records: number) {
    const table = new Map<number, object>(numbers(records).map(id => [id, { id }]));
    const written: number[] = [];
    let tokens = 5;
    let filledAt = clock.now();
    const request = async (id: number, write: () => void) => {
        tokens = Math.min(5, tokens + ((clock.now() - filledAt) / 1000) * 5);
        filledAt = clock.now();
        if (tokens < 1) throw refusalFor(1);
        tokens--;
        if (!table.has(id)) throw new HttpError('Not found', 404);
        written.push(id);
        write();
    };
    const provider = {
        getOne: async () => ({ data: { id: 1 } }),
        create: async () => ({ data: { id: 1 } }),
        updateMany: vi.fn(async (_: string, { ids, data }: Many) => {
            await Promise.all(ids.map(id => request(id, () => table.set(id, { id, ...data }))));
            return { data: ids };
        }),
        deleteMany: vi.fn(async (_: string, { ids }: Many) => {
            await Promise.all(ids.map(id => request(id, () => table.delete(id))));
            return { data: ids };
        }),
    };
    return { provider, table, written };
}

function createFanOut({ records = 30 } = {}) {
    const { service, clock } = createService();
    const created = createFanningProvider(clock, records);
    return { ...created, service, clock, dataProvider: withFanOut(withRateLimit(created.provider, { service })) };
}

describe('the many records of a bulk action', () => {
    it('are all deleted, each once', async () => {
        const { dataProvider, clock, table, written } = createFanOut();

        const result = await clock.resolve(dataProvider.deleteMany('contacts', { ids: numbers(30) }));

        expect(result).toEqual({ data: numbers(30) });
        expect(table.size).toBe(0);
        expect(written.sort((a, b) => a - b)).toEqual(numbers(30));
    });

    it('are all updated, each once', async () => {
        const { dataProvider, clock, table, written } = createFanOut();
        const params = { ids: numbers(30), data: { title: 'Engineer' }, meta: { a: 1 } };

        const result = await clock.resolve(dataProvider.updateMany('contacts', params));

        expect(result).toEqual({ data: numbers(30) });
        expect([...table.values()]).toEqual(numbers(30).map(id => ({ id, title: 'Engineer' })));
        expect(written).toHaveLength(30);
    });

    it('are not, without it, which is why it is there', async () => {
        const { service, clock, provider, table } = createFanOut();
        const dataProvider = withRateLimit(provider, { service });

        const error = await rejectionOf(clock.resolve(dataProvider.deleteMany('contacts', { ids: numbers(30) })));

        expect(error).toMatchObject({ status: 404 });
        expect(table.size).toBeGreaterThan(0);
    });

    it('go one by one to the method of the provider, with all else that it was called with', async () => {
        const { dataProvider, clock, provider } = createFanOut();
        const params = { ids: [1, 2], data: { title: 'Engineer' }, meta: { a: 1 } };
        const updateMany = dataProvider.updateMany as (...args: unknown[]) => Promise<unknown>;

        await clock.resolve(updateMany('contacts', params, 'more'));

        expect(provider.updateMany.mock.calls).toEqual([
            ['contacts', { ...params, ids: [1] }, 'more'],
            ['contacts', { ...params, ids: [2] }, 'more'],
        ]);
    });

    it('fail with the error of the first one that fails, once all have ended', async () => {
        const { dataProvider, clock, table } = createFanOut();

        const error = await rejectionOf(clock.resolve(dataProvider.deleteMany('contacts', { ids: [1, 99, 2, 3] })));

        expect(error).toMatchObject({ status: 404, message: 'Not found' });
        expect([1, 2, 3].some(id => table.has(id))).toBe(false);
    });

    it('leave at the pace of the server, as calls of people do', async () => {
        const { dataProvider, clock, service, table } = createFanOut();

        const deleting = dataProvider.deleteMany('contacts', { ids: numbers(30) });
        await clock.advance(1500);

        expect(service.getSnapshot()).toMatchObject({ waitingBulk: 0 });
        expect(service.getSnapshot().waiting).toBeGreaterThan(0);
        expect(table.size).toBeGreaterThan(0);
        await clock.resolve(deleting);
        expect(service.getStats()).toMatchObject({ calls: 30, succeeded: 30 });
    });

    it('stop with the signal of the call', async () => {
        const { dataProvider, clock, table } = createFanOut();
        const controller = new AbortController();
        const params = { ids: numbers(30), signal: controller.signal };
        const deleting = rejectionOf(dataProvider.deleteMany('contacts', params));
        await clock.advance(1500);

        controller.abort('gone');

        await expect(deleting).resolves.toBe('gone');
        expect(table.size).toBeGreaterThan(0);
    });

    it('tell of a broken connection, or of a session that has expired, at once', async () => {
        for (const error of [new TypeError('Failed to fetch'), new HttpError('JWT expired', 401)]) {
            const { service } = createService();
            const deleteMany = vi.fn(async (_: string, _params: Many) => Promise.reject(error));
            const dataProvider = withFanOut(withRateLimit({ deleteMany }, { service }));

            await expect(dataProvider.deleteMany('contacts', { ids: numbers(10) })).rejects.toBe(error);
        }
    });

    it('may be answered with nothing', async () => {
        const { service, clock } = createService();
        const answers = [{ data: [] }, undefined, { data: [3] }];
        const deleteMany = vi.fn(async (_: string, { ids: [id] }: Many) => answers[(id ?? 0) - 1]);
        const dataProvider = withFanOut(withRateLimit({ deleteMany }, { service }));

        const result = await clock.resolve(dataProvider.deleteMany('contacts', { ids: [1, 2, 3] }));

        expect(result).toEqual({ data: [3] });
        await expect(dataProvider.deleteMany('contacts', { ids: [] })).resolves.toEqual({ data: [] });
    });
});

describe('withFanOut', () => {
    it('leaves the other methods and the service as they are', async () => {
        const { dataProvider, service, provider } = createFanOut();

        expect(getRateLimitService(dataProvider)).toBe(service);
        expect(getRateLimitService({ ...dataProvider })).toBe(service);
        await expect(dataProvider.getOne()).resolves.toEqual({ data: { id: 1 } });
        expect(provider.deleteMany).not.toHaveBeenCalled();
    });

    it('leaves a call without ids to the provider', async () => {
        const { service } = createService();
        const deleteMany = vi.fn(async (..._args: unknown[]) => ({ data: [] }));
        const dataProvider = withFanOut(withRateLimit({ deleteMany }, { service }));

        await dataProvider.deleteMany('contacts');
        await dataProvider.deleteMany('contacts', { filter: { title: 'Engineer' } });

        expect(deleteMany.mock.calls).toEqual([['contacts'], ['contacts', { filter: { title: 'Engineer' } }]]);
    });

    it('can be wrapped again without harm, also while the circuit is half-open', async () => {
        const { service, clock } = createService({ maxRetries: 0, circuitBreakerThreshold: 1 });
        const deleteMany = vi.fn(async (_: string, { ids }: Many) => ({ data: ids }));
        const once = withFanOut(withRateLimit({ deleteMany }, { service }));
        await rejectionOf(service.executeWithRetry(() => Promise.reject(refusal())));
        await clock.advance(60_000);
        const start = clock.now();

        for (const dataProvider of [withFanOut(once), withRateLimit(once, { service })]) {
            const deleting = dataProvider.deleteMany('contacts', { ids: [1, 2] });
            await expect(clock.resolve(deleting)).resolves.toEqual({ data: [1, 2] });
        }

        expect(clock.now() - start).toBeLessThan(1000);
        expect(deleteMany).toHaveBeenCalledTimes(4);
    });

    it('leaves a call to the provider alone while the rate limit is switched off', async () => {
        const { service } = createService();
        const deleteMany = vi.fn(async (_: string, _params: Many) => Promise.reject(refusal()));
        const limited = withRateLimit({ deleteMany }, { service, enabled: false });

        await expect(withFanOut(limited).deleteMany('contacts', { ids: [1, 2] })).rejects.toThrow('Too Many Requests');

        expect(deleteMany).toHaveBeenCalledTimes(2);
        expect(service.getStats().calls).toBe(0);
    });

    it('needs a data provider with a rate limit', () => {
        expect(() => withFanOut({ deleteMany: async () => ({ data: [] }) })).toThrow(
            new TypeError('ra-rate-limit: withFanOut needs the data provider that withRateLimit() made'),
        );
    });
});
