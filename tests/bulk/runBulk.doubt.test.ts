import { HttpError } from 'ra-core';
import { runBulk, withRateLimit } from 'ra-rate-limit';
import { describe, expect, test, vi } from 'vitest';
import { createService } from '../support/createService';
import { numbers } from '../support/numbers';
import { refusal, refusalFor, rejectionOf } from '../support/scriptedCalls';

test('a session that expires between two calls of a worker has nothing written twice', async () => {
    const { service, clock } = createService();
    const companies: number[] = [];
    let isExpired = false;
    const dataProvider = withRateLimit(
        {
            create: async (resource: string, { data }: { data: number; meta?: object }) => {
                if (isExpired) throw new HttpError('JWT expired', 401);
                if (resource !== 'companies') return;
                companies.push(data);
                isExpired = data === 3;
            },
        },
        { service },
    );
    clock.setTimeout(() => {
        isExpired = false;
    }, 5000);
    const worker = async (data: number, { signal }: { signal: AbortSignal }) => {
        await dataProvider.create('companies', { data });
        await dataProvider.create('contacts', { data, meta: { signal } });
    };

    const result = await clock.resolve(runBulk([1, 2, 3, 4, 5], worker, { service, concurrency: 1 }));

    expect(companies).toEqual([1, 2, 3, 4, 5]);
    expect(result).toMatchObject({ succeeded: 4, unknown: 1, errors: [{ index: 2, outcome: 'unknown' }] });
    const told = result.errors.map(({ error }) => error as Error);
    expect(told.map(({ message }) => message)).toEqual(['A part of this was sent, and the rest was not']);
    expect(told.map(({ cause }) => cause)).toEqual([new HttpError('JWT expired', 401)]);
});

test('and neither when the worker resolves with what tells of it, as supabase-js does', async () => {
    const { service, clock } = createService();
    const companies: number[] = [];
    let isExpired = false;
    const dataProvider = withRateLimit(
        {
            create: async (_: string, { data }: { data: number }) => {
                companies.push(data);
                isExpired = data === 3;
            },
        },
        { service },
    );
    clock.setTimeout(() => {
        isExpired = false;
    }, 5000);
    const worker = async (data: number) => {
        await dataProvider.create('companies', { data });
        return isExpired
            ? { data: null, error: { message: 'JWT expired' }, status: 401 }
            : { data: {}, error: null, status: 201 };
    };

    const result = await clock.resolve(runBulk([1, 2, 3, 4, 5], worker, { service, concurrency: 1 }));

    expect(companies.filter(company => company === 3)).toEqual([3]);
    expect(result).toMatchObject({ unknown: 1, errors: [{ index: 2, outcome: 'unknown' }] });
});

test.each([
    ['that are idempotent', { idempotent: true }, ['one', 'one']],
    ['whose prepare asks twice', {}, ['one', 'one']],
])('a session that expires between two calls is waited for in runs %s', async (_, options, asked) => {
    const { service, clock } = createService();
    const seen: string[] = [];
    let isExpired = false;
    const dataProvider = withRateLimit(
        {
            ask: async (name: string) => {
                if (isExpired) throw new HttpError('JWT expired', 401);
                seen.push(name);
                isExpired = seen.length === 3;
            },
        },
        { service },
    );
    clock.setTimeout(() => {
        isExpired = false;
    }, 5000);
    const askTwice = async (n: number) => {
        if (n === 0) return n;
        await dataProvider.ask('one');
        await dataProvider.ask('two');
        return n;
    };
    const isPrepared = !('idempotent' in options);

    const run = isPrepared
        ? runBulk([0, 1, 2], async n => n, { service, concurrency: 1, prepare: askTwice })
        : runBulk([0, 1, 2], askTwice, { service, concurrency: 1, ...options });
    const result = await clock.resolve(run);

    expect(result).toMatchObject({ succeeded: 3, failed: 0, unknown: 0 });
    expect(seen.slice(2)).toEqual([...asked, 'two']);
});

describe('an item of which an earlier run does not know whether it got in', () => {
    const lost = new Error('The page was closed');
    const journal = {
        onWay: () => {},
        lostOf: (n: number) => (n === 1 ? lost : undefined),
        rulesOut: (error: unknown) => error instanceof HttpError && error.status === 409,
    };

    test.each([
        [500, 'unknown'],
        [400, 'failed'],
        [409, 'failed'],
    ])('answered %d, it is %s', async (status, outcome) => {
        const { service, clock } = createService();
        const worker = () => Promise.reject(new HttpError('Not this one', status));

        const result = await clock.resolve(runBulk([0, 1], worker, { service, idempotent: true, journal }));

        expect(result.errors).toMatchObject([
            { index: 0, outcome: 'failed' },
            { index: 1, outcome },
        ]);
    });

    test('is in doubt when it cannot be prepared, or is not sent any more', async () => {
        const { service, clock } = createService();
        const controller = new AbortController();
        const prepare = (n: number) => {
            if (n === 1) throw new Error('is taken');
            return n;
        };
        const options = { service, idempotent: true, journal };

        const result = await clock.resolve(runBulk([0, 1], async n => n, { ...options, prepare }));
        service.dispatcher.pause(60_000);
        const run = runBulk([0, 1], async n => n, { ...options, signal: controller.signal });
        await clock.advance(1000);
        controller.abort();

        expect(result).toMatchObject({ succeeded: 1, failed: 0, unknown: 1 });
        const cancelled = await clock.resolve(run);
        expect(cancelled).toMatchObject({ status: 'cancelled', unknown: 1, errors: [{ index: 1, error: lost }] });
    });
});

describe('cancelling', () => {
    test.each([
        ['itself', (reason: unknown) => reason],
        ['wrapped', (reason: unknown) => new Error('Stopped', { cause: reason })],
    ])('with a reason of one’s own, what the worker rejects with it, %s, is unknown', async (_, errorOf) => {
        const { service, clock } = createService();
        const controller = new AbortController();
        const worker = (_item: number, { signal }: { signal: AbortSignal }) =>
            new Promise((_resolve, reject) => {
                signal.addEventListener('abort', () => reject(errorOf(signal.reason)));
            });
        const run = runBulk(numbers(3), worker, { service, concurrency: 2, signal: controller.signal });
        await clock.advance(1000);

        controller.abort(new Error('The person has had enough'));
        const result = await clock.resolve(run);

        expect(result).toMatchObject({ status: 'cancelled', failed: 0, unknown: 2, notAttempted: 1 });
    });

    test.each([
        ['waits to be sent again', () => new TypeError('Failed to fetch')],
        ['was refused then', refusal],
    ])('an item whose answer was lost, and which %s, is unknown', async (_, then) => {
        const { service, clock } = createService();
        const controller = new AbortController();
        const answers = [new TypeError('Failed to fetch'), then()];
        const worker = vi.fn(async () => {
            throw answers.shift() ?? refusal();
        });
        const run = runBulk([1], worker, { service, idempotent: true, signal: controller.signal });
        await clock.advance(1500);

        controller.abort();
        const result = await clock.resolve(run);

        // The repeat that the cancelling was in time for does not count.
        const retries = worker.mock.calls.length - 1;
        expect(result).toMatchObject({ status: 'cancelled', unknown: 1, notAttempted: 0, retries });
    });

    test('and of what a worker resolved with then, the report has the error', async () => {
        const { service, clock } = createService();
        const controller = new AbortController();
        const error = { message: 'TypeError: fetch failed' };
        const worker = async () => ({ data: null, error, status: 0 });
        const run = runBulk([1], worker, { service, idempotent: true, signal: controller.signal });
        await clock.advance(500);

        controller.abort();
        const result = await clock.resolve(run);

        expect(result).toMatchObject({ unknown: 1, notAttempted: 0 });
        expect(result.errors[0]?.error).toBe(error);
    });

    test('between two calls of a worker, the first of which got in, leaves the item in doubt', async () => {
        const { service, clock } = createService();
        const controller = new AbortController();
        const created: string[] = [];
        const provider = {
            create: async (resource: string, _params: object) => {
                if (resource === 'contacts') throw refusalFor(5);
                created.push(resource);
            },
        };
        const dataProvider = withRateLimit(provider, { service });
        const worker = async (_: number, { signal }: { signal: AbortSignal }) => {
            await undefined; // such as a hash, or a file that is read
            await dataProvider.create('companies', { meta: { signal } });
            await dataProvider.create('contacts', { meta: { signal } });
        };
        const run = runBulk([1], worker, { service, signal: controller.signal });
        await clock.advance(1000);

        controller.abort();
        const result = await clock.resolve(run);

        expect(created).toEqual(['companies']);
        expect(result).toMatchObject({ unknown: 1, notAttempted: 0 });
    });

    test('between two calls of a worker does so as well with the call that a half-open circuit let through', async () => {
        const { service, clock } = createService({ maxDelayMs: 1000, circuitResetMs: 1000 });
        await rejectionOf(service.executeWithRetry(() => Promise.reject(refusalFor(5))));
        const controller = new AbortController();
        const dataProvider = withRateLimit(
            {
                create: async (resource: string, _params: object) => {
                    if (resource === 'contacts') throw refusalFor(5);
                },
            },
            { service },
        );
        const worker = async (_: number, { signal }: { signal: AbortSignal }) => {
            await undefined;
            await dataProvider.create('companies', { meta: { signal } });
            await dataProvider.create('contacts', { meta: { signal } });
        };
        const run = runBulk([1], worker, { service, signal: controller.signal });
        await clock.advance(6000);

        controller.abort();

        await expect(clock.resolve(run)).resolves.toMatchObject({ unknown: 1, notAttempted: 0 });
    });

    test('after a part of an item got in, and the rest was refused elsewhere, leaves the item in doubt', async () => {
        const { service, clock } = createService();
        const controller = new AbortController();
        const dataProvider = withRateLimit({ create: async (_: string) => {} }, { service });
        const worker = async () => {
            await dataProvider.create('companies');
            throw refusalFor(60);
        };
        const run = runBulk([1], worker, { service, signal: controller.signal });
        await clock.advance(1000);

        controller.abort();

        await expect(clock.resolve(run)).resolves.toMatchObject({ unknown: 1, notAttempted: 0 });
    });

    test('reports an item whose request was aborted as unknown', async () => {
        const { service, clock } = createService();
        const controller = new AbortController();
        const worker = (_: number, { signal }: { signal: AbortSignal }) =>
            new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
        const run = runBulk([1], worker, { service, signal: controller.signal });
        await clock.advance(100);

        controller.abort();
        const result = await clock.resolve(run);

        expect(result).toMatchObject({ status: 'cancelled', unknown: 1, notAttempted: 0 });
    });
});
