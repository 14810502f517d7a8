import { type CreateParams, type DataProvider, HttpError, withLifecycleCallbacks } from 'ra-core';
import type { BulkContext, BulkItemResult, BulkProgress } from 'ra-rate-limit';
import { RateLimitError, RateLimitService, runBulk, withRateLimit } from 'ra-rate-limit';
import { describe, expect, test, vi } from 'vitest';
import { seededRandom } from '../../bench/bulk/virtualTime';
import { createProvider } from '../support/createProvider';
import { createService } from '../support/createService';
import { heldCall, refusal, refusalFor, rejectionOf, scriptedCall } from '../support/scriptedCalls';
import { VirtualClock } from '../support/virtualClock';

const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

describe('the result', () => {
    test('counts every item that got in', async () => {
        const { service, clock } = createService();

        const result = await clock.resolve(runBulk(numbers(50), async n => n, { service }));

        expect(result).toMatchObject({
            status: 'done',
            total: 50,
            succeeded: 50,
            failed: 0,
            unknown: 0,
            notAttempted: 0,
            rateLimited: 0,
            retries: 0,
            errors: [],
        });
        expect(result.durationMs).toBeGreaterThan(0);
    });

    test('an error of an item fails that item alone, and says which', async () => {
        const { service, clock } = createService();
        const conflict = new HttpError('duplicate key', 409);
        const bug = new TypeError("Cannot read properties of undefined (reading 'id')");
        const worker = async (n: number) => {
            if (n === 3) throw conflict;
            if (n === 1) throw bug;
        };

        const result = await clock.resolve(runBulk(numbers(5), worker, { service }));

        expect(result).toMatchObject({ status: 'done', succeeded: 3, failed: 2 });
        expect(result.errors).toEqual([
            { index: 1, item: 1, error: bug, outcome: 'failed' },
            { index: 3, item: 3, error: conflict, outcome: 'failed' },
        ]);
    });

    test('a worker that throws on the spot is one that rejects', async () => {
        const { service, clock } = createService();
        const error = new Error('no');

        const result = await clock.resolve(
            runBulk(
                [1],
                () => {
                    throw error;
                },
                { service },
            ),
        );

        expect(result.errors).toEqual([{ index: 0, item: 1, error, outcome: 'failed' }]);
    });

    test('a result of supabase-js with an error is one of the item', async () => {
        const { service, clock } = createService();
        const error = { code: '23505', message: 'duplicate key value' };

        const result = await clock.resolve(
            runBulk(
                [1, 2],
                async n => (n === 1 ? { data: null, error, status: 409 } : { data: [], error: null, status: 201 }),
                {
                    service,
                },
            ),
        );

        expect(result).toMatchObject({ succeeded: 1, failed: 1, errors: [{ index: 0, error: { code: '23505' } }] });
    });

    test.each([
        { error: Object.assign(new Error('bad'), { status: 400 }), thrown: { status: 400 } },
        { error: 'no', thrown: 'no' },
        { error: Object.freeze({ message: 'frozen' }), thrown: { message: 'frozen' } },
    ])(
        'such an error is passed on as it is where it has a status already, is a text, or is frozen: $thrown',
        async ({ error, thrown }) => {
            const { service, clock } = createService();

            const result = await clock.resolve(runBulk([1], async () => ({ error, status: 409 }), { service }));

            expect(result.errors).toMatchObject([{ error: thrown, outcome: 'failed' }]);
        },
    );

    test.each([
        ['a result of storage or functions', { data: null, error: new Error('exists') }, new Error('exists')],
        ['one of auth', { data: { user: null }, error: new Error('exists') }, new Error('exists')],
        ['a response', new Response(null, { status: 409, statusText: 'Conflict' }), new HttpError('Conflict', 409)],
        [
            'one of another class, as node-fetch has it',
            { ok: false, status: 409, statusText: 'Conflict', headers: new Headers() },
            new HttpError('Conflict', 409),
        ],
        ['one over HTTP/2', new Response(null, { status: 409 }), new HttpError('HTTP 409', 409)],
    ])('%s that is not ok is an error of the item, too', async (_, value, error) => {
        const { service, clock } = createService();

        const result = await clock.resolve(runBulk([1], async () => value, { service }));

        expect(result).toMatchObject({ succeeded: 0, failed: 1 });
        expect(result.errors[0]?.error).toEqual(error);
    });

    test('a response that is ok is a success', async () => {
        const { service, clock } = createService();

        const result = await clock.resolve(runBulk([1], async () => new Response('{}', { status: 201 }), { service }));

        expect(result.succeeded).toBe(1);
    });

    test.each([
        ['a text', 'Failed'],
        ['frozen', Object.freeze({ message: 'Failed' })],
        [
            'one that tells its status itself',
            Object.defineProperty(new Error('Failed'), 'status', { get: () => undefined }),
        ],
    ])('an error beside status 0 leaves the item in doubt, also when it is %s', async (_, error) => {
        const { service, clock } = createService();

        const result = await clock.resolve(runBulk([1], async () => ({ error, status: 0 }), { service }));

        expect(result).toMatchObject({ failed: 0, unknown: 1 });
        expect(result.errors[0]?.error).toBe(error);
    });

    test.each([
        ['a plain error', () => ({ message: 'no' })],
        ['one of a class', () => new Error('no')],
    ])('the status of an answer is told with its error, %s', async (_, errorOf) => {
        const { service, clock } = createService();

        const result = await clock.resolve(
            runBulk([1, 2], async n => ({ data: null, error: errorOf(), ...(n === 1 && { status: 400 }) }), {
                service,
            }),
        );

        const errors = result.errors.map(({ error }) => error as object);
        expect(errors[0]).toHaveProperty('status', 400);
        expect(errors[1]).not.toHaveProperty('status');
        expect(result).toMatchObject({ failed: 2, unknown: 0 });
    });

    test('and is not put over that of the error itself', async () => {
        const { service, clock } = createService();
        const error = { message: 'no', status: 422 };

        const result = await clock.resolve(runBulk([1], async () => ({ error, status: 409 }), { service }));

        expect(result.errors[0]?.error).toBe(error);
        expect(error.status).toBe(422);
    });

    test.each(['Gateway Timeout', Object.freeze({ message: 'Gateway Timeout' })])(
        'an error beside the status of a gateway leaves the item in doubt, also when it cannot have it: %s',
        async error => {
            const { service, clock } = createService();

            const result = await clock.resolve(runBulk([1], async () => ({ error, status: 504 }), { service }));

            expect(result).toMatchObject({ failed: 0, unknown: 1 });
        },
    );

    test('a record with a column "error" and no status is data, too', async () => {
        const { service, clock } = createService();

        const result = await clock.resolve(runBulk([1], async () => ({ id: 1, error: 'a note' }), { service }));

        expect(result.succeeded).toBe(1);
    });

    test('a worker of one item may answer with an array, which is its value', async () => {
        const { service, clock } = createService();
        const onResult = vi.fn();

        await clock.resolve(runBulk([1], async () => ['a'], { service, onResult }));

        expect(onResult.mock.calls).toMatchObject([[{ value: ['a'] }]]);
    });

    test('without a listener nothing is logged', async () => {
        const { service, clock, lines } = createService();

        await clock.resolve(runBulk([1], async n => n, { service }));

        expect(lines).toEqual([]);
    });

    test('a record with a column "error" is data', async () => {
        const { service, clock } = createService();

        const result = await clock.resolve(
            runBulk([1], async () => ({ data: [{ id: 1 }], error: 'a note', status: 201 }), { service }),
        );

        expect(result.succeeded).toBe(1);
    });

    test('onResult hears of each item once', async () => {
        const { service, clock } = createService();
        const heard: BulkItemResult<number>[] = [];

        await clock.resolve(
            runBulk(
                numbers(3),
                async n => {
                    if (n === 1) throw new HttpError('bad', 400);
                    return n * 10;
                },
                { service, onResult: result => void heard.push(result) },
            ),
        );

        expect(heard.sort((a, b) => a.index - b.index)).toEqual([
            { index: 0, item: 0, outcome: 'succeeded', value: 0 },
            { index: 1, item: 1, outcome: 'failed', error: expect.any(HttpError) },
            { index: 2, item: 2, outcome: 'succeeded', value: 20 },
        ]);
    });

    test('a listener that throws costs nothing', async () => {
        const error = vi.fn();
        const { service, clock } = createService({ logger: { debug() {}, info() {}, warn() {}, error } });
        const fail = () => {
            throw new Error('listener');
        };

        const result = await clock.resolve(
            runBulk(numbers(3), async n => n, { service, onResult: fail, onProgress: fail }),
        );

        expect(result.succeeded).toBe(3);
        expect(error).toHaveBeenCalledWith('[RateLimit] A listener threw', { error: new Error('listener') });
    });

    test('of fewer items than were announced tells how many there were', async () => {
        const { service, clock } = createService();

        const result = await clock.resolve(runBulk(new Set([1, 2]).values(), async n => n, { service, total: 9 }));

        expect(result).toMatchObject({ status: 'done', total: 2, succeeded: 2, notAttempted: 0 });
    });

    test('of no items is empty', async () => {
        const { service, clock } = createService();

        const result = await clock.resolve(runBulk([], async n => n, { service, total: 0 }));

        expect(result).toMatchObject({ status: 'done', total: 0, succeeded: 0 });
    });
});

describe('the rate limit', () => {
    test('never costs an item, however often it is refused', async () => {
        const { service, clock } = createService({ maxRetries: 0, circuitBreakerThreshold: 1 });
        const refusals = new Map<number, number>();
        const worker = async (n: number) => {
            const before = refusals.get(n) ?? 0;
            refusals.set(n, before + 1);
            if (before < 6) throw refusal();
            return n;
        };

        const result = await clock.resolve(runBulk(numbers(8), worker, { service }));

        expect(result).toMatchObject({ status: 'done', succeeded: 8, rateLimited: 48, retries: 48 });
        expect(service.getCircuitState().status).toBe('closed');
    });

    test('of one item that is refused for ever does not hold up the others', async () => {
        const { service, clock } = createService();
        const controller = new AbortController();
        const worker = async (n: number) => {
            if (n === 7) throw refusal();
        };
        const run = runBulk(numbers(100), worker, { service, signal: controller.signal });

        await clock.advance(30_000);
        controller.abort();

        await expect(clock.resolve(run)).resolves.toMatchObject({ succeeded: 99, notAttempted: 1 });
    });

    test('nothing is sent before the moment that the server named', async () => {
        const { service, clock } = createService();
        const start = clock.now();
        const sentAt: number[] = [];
        const worker = async (n: number) => {
            sentAt.push(clock.now() - start);
            if (sentAt.length === 3) throw refusalFor(5);
            return n;
        };

        await clock.resolve(runBulk(numbers(20), worker, { service, concurrency: 1 }));

        const refusedAt = sentAt[2] ?? 0;
        expect(sentAt).toHaveLength(21);
        expect(Math.min(...sentAt.slice(3))).toBeGreaterThanOrEqual(refusedAt + 5000);
    });

    test('an open circuit pauses the run, which says until when and goes on by itself', async () => {
        const { service, clock } = createService();
        const progress: BulkProgress[] = [];
        let sent = 0;
        const worker = async (n: number) => {
            sent++;
            if (sent === 3) throw refusalFor(60);
            return n;
        };
        const run = runBulk(numbers(10), worker, {
            service,
            concurrency: 1,
            onProgress: told => void progress.push(told),
        });
        await clock.advance(5000);

        expect(service.getCircuitState().isOpen).toBe(true);
        const { openUntil } = service.getCircuitState();
        expect(progress.at(-1)).toMatchObject({ status: 'paused', processed: 2, resumesAt: openUntil });
        const before = sent;

        const result = await clock.resolve(run);

        expect(before).toBe(3);
        expect(result).toMatchObject({ status: 'done', succeeded: 10, rateLimited: 1, retries: 1 });
        expect(service.getCircuitState().status).toBe('closed');
    });

    test('closing the circuit by hand lets the run go on at once', async () => {
        const { service, clock } = createService();
        await rejectionOf(clock.resolve(service.executeWithRetry(async () => Promise.reject(refusalFor(600)))));
        const run = runBulk(numbers(10), async n => n, { service });
        await clock.advance(1000);

        service.resetCircuit();
        await clock.advance(1000);

        await expect(clock.resolve(run)).resolves.toMatchObject({ status: 'done', succeeded: 10 });
        expect((await run).durationMs).toBeLessThan(2000);
    });

    test('a run may begin while the circuit is open, and waits for its end', async () => {
        const { service, clock } = createService();
        await rejectionOf(clock.resolve(service.executeWithRetry(async () => Promise.reject(refusalFor(60)))));
        const worker = vi.fn(async (n: number) => n);

        const run = runBulk([1, 2], worker, { service });
        await clock.advance(59_000);
        expect(worker).not.toHaveBeenCalled();
        const result = await clock.resolve(run);

        expect(result.succeeded).toBe(2);
    });

    test('a supabase-js result with status 429 is sent again', async () => {
        const { service, clock } = createService();
        let sent = 0;

        const result = await clock.resolve(
            runBulk(
                [1],
                async () => (++sent === 1 ? { error: { message: 'limit' }, status: 429 } : { data: [], status: 201 }),
                {
                    service,
                },
            ),
        );

        expect(result).toMatchObject({ succeeded: 1, rateLimited: 1 });
    });

    test('items leave at a ramp, not all at once', async () => {
        const { service, clock } = createService();
        const start = clock.now();
        const sentAt: number[] = [];

        await clock.resolve(
            runBulk(numbers(30), async () => void sentAt.push(clock.now() - start), { service, concurrency: 30 }),
        );

        expect(sentAt.filter(at => at < 40)).toHaveLength(2);
        expect(sentAt.at(-1)).toBeGreaterThan(300);
    });
});

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

test('is told when a call of an item has been refused, and when it leaves again', async () => {
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

describe('people', () => {
    test('go first: a save during a run leaves at once', async () => {
        const { service, clock } = createService();
        const start = clock.now();
        let sent = 0;
        const worker = async (n: number) => {
            if (++sent === 5) throw refusal();
            await new Promise<void>(resolve => void clock.setTimeout(resolve, 30));
            return n;
        };
        const run = runBulk(numbers(60), worker, { service });
        await clock.advance(2000);
        let savedAt: number | undefined;

        await service.executeWithRetry(async () => {
            savedAt = clock.now() - start;
        });

        expect(savedAt).toBe(2000);
        await clock.resolve(run);
    });

    describe('beside a run on a server that takes no two requests at once', () => {
        /** 20 a second, one in 50 ms, for a minute in which somebody saves every three seconds or so. */
        async function saveBesideRun(body: object) {
            const clock = new VirtualClock({ random: seededRandom(1) });
            const service = new RateLimitService({ clock, logger: false });
            const wait = (ms: number) => new Promise<void>(resolve => void clock.setTimeout(resolve, ms));
            const controller = new AbortController();
            let acceptedAt = 0;
            const send = async () => {
                await wait(20 + 10 * clock.random());
                if (clock.now() < acceptedAt + 50) throw new HttpError('Too Many Requests', 429, body);
                acceptedAt = clock.now();
            };
            const run = runBulk(numbers(10_000), send, { service, signal: controller.signal });
            const saves: Promise<unknown>[] = [];
            for (let count = 0; count < 20; count++) {
                await clock.advance(2500 + 1000 * clock.random());
                saves.push(service.executeWithRetry(send));
            }
            controller.abort();
            const settled = await clock.resolve(Promise.allSettled(saves));
            const { succeeded } = await clock.resolve(run);
            return { rows: succeeded, failed: settled.filter(({ status }) => status === 'rejected').length };
        }

        test('get in: a save that was refused leaves in place of the next item', async () => {
            const { failed } = await saveBesideRun({});

            expect(failed).toBe(0);
        });

        test('do not slow it down by being refused', async () => {
            const { rows, failed } = await saveBesideRun({ retry_after: 1 });

            expect(failed).toBe(0);
            expect(rows).toBeGreaterThan(300);
        });
    });
});

describe('pausing', () => {
    test('lets no further item leave until it is resumed', async () => {
        const { service, clock } = createService();
        const progress: BulkProgress[] = [];
        const worker = vi.fn(async (n: number) => n);
        const run = runBulk(numbers(40), worker, { service, onProgress: told => void progress.push(told) });
        await clock.advance(200);

        run.pause();
        const atPause = worker.mock.calls.length;
        await clock.advance(60_000);

        expect(worker).toHaveBeenCalledTimes(atPause);
        expect(atPause).toBeLessThan(40);
        expect(progress.at(-1)).toMatchObject({ status: 'paused' });
        expect(progress.at(-1)?.resumesAt).toBeUndefined();

        run.resume();
        const result = await clock.resolve(run);
        expect(result).toMatchObject({ status: 'done', succeeded: 40 });
    });
});

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

test('an error that cannot be looked at is one like any other', async () => {
    const { service, clock } = createService();
    const hostile = new Proxy(
        {},
        {
            getPrototypeOf: () => {
                throw new Error('a trap');
            },
        },
    );

    const result = await clock.resolve(runBulk([1, 2], () => Promise.reject(hostile), { service }));

    expect(result).toMatchObject({ status: 'done', failed: 2 });
    expect(result.errors[0]?.error).toBe(hostile);
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

describe('a run that has ended', () => {
    test('cannot be paused any more', async () => {
        const { service, clock } = createService();
        const progress: BulkProgress[] = [];
        const run = runBulk([1], async n => n, { service, onProgress: told => void progress.push(told) });
        await clock.resolve(run);
        const told = progress.length;

        run.pause();

        expect(progress).toHaveLength(told);
    });

    test('hears no more of its service', async () => {
        const { service, clock } = createService();
        const onProgress = vi.fn();
        await clock.resolve(runBulk([1], async n => n, { service, onProgress }));
        await clock.advance(1000);
        const told = onProgress.mock.calls.length;

        service.resetCircuit();

        expect(onProgress).toHaveBeenCalledTimes(told);
    });

    test('has no part in a call that prepare makes later with its signal', async () => {
        const { service, clock } = createService({ maxRetries: 0 });
        let late: AbortSignal | undefined;
        const prepare = (n: number, { signal }: { signal: AbortSignal }) => {
            late = signal;
            return n;
        };
        await clock.resolve(runBulk([1], async n => n, { service, prepare }));

        const call = service.executeWithRetry(scriptedCall(clock, refusal(), 'in'), { signal: late });

        await expect(rejectionOf(clock.resolve(call))).resolves.toBeInstanceOf(RateLimitError);
    });
});

describe('cancelling', () => {
    test('awaits what is under way and reports the rest as not attempted', async () => {
        const { service, clock } = createService();
        const controller = new AbortController();
        const call = heldCall();
        const run = runBulk(numbers(100), call, { service, concurrency: 3, signal: controller.signal });
        await clock.advance(1000);
        expect(call).toHaveBeenCalledTimes(3);

        controller.abort();
        await clock.advance(0);
        call.resolve('in');
        const result = await clock.resolve(run);

        expect(result).toMatchObject({ status: 'cancelled', total: 100, succeeded: 3, notAttempted: 97, errors: [] });
        expect(call).toHaveBeenCalledTimes(3);
    });

    test('ends the wait of items that were refused, which are then not attempted', async () => {
        const { service, clock } = createService();
        const controller = new AbortController();
        const run = runBulk(numbers(5), () => Promise.reject(refusalFor(9)), { service, signal: controller.signal });
        await clock.advance(1000);

        controller.abort();
        const result = await clock.resolve(run);

        expect(result).toMatchObject({ status: 'cancelled', succeeded: 0, failed: 0, notAttempted: 5 });
    });

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
        ['fails', () => Promise.reject(new Error('The stream was aborted'))],
        ['never ends', () => new Promise<never>(() => {})],
    ])('ends with its result also where the clean-up of the items %s', async (_, cleanUp) => {
        const { service, clock } = createService();
        const controller = new AbortController();
        const items = {
            [Symbol.asyncIterator]: () => ({ next: async () => ({ done: false, value: 1 }), return: cleanUp }),
        };
        const run = runBulk(items, async n => n, { service, signal: controller.signal });
        await clock.advance(1000);

        controller.abort();

        await expect(clock.resolve(run)).resolves.toMatchObject({ status: 'cancelled', failed: 0 });
    });

    test('a call of a worker that waits hears that it was not sent', async () => {
        const { service, clock } = createService();
        const controller = new AbortController();
        const dataProvider = withRateLimit({ create: () => Promise.reject(refusalFor(9)) }, { service });
        const heard: Error[] = [];
        const worker = () =>
            dataProvider.create().catch(error => {
                heard.push(error);
                throw error;
            });
        const run = runBulk([1], worker, { service, signal: controller.signal });
        await clock.advance(1000);

        controller.abort();
        await clock.resolve(run);

        expect(heard.map(({ name, message }) => `${name}: ${message}`)).toEqual([
            'AbortError: The run was cancelled before this was sent',
        ]);
    });

    test('is no broken connection, and neither is the end of its service', async () => {
        for (const isDisposed of [true, false]) {
            const { service, clock } = createService();
            const controller = new AbortController();
            const progress: BulkProgress[] = [];
            const held = heldCall();
            const run = runBulk(numbers(30), n => (n < 3 ? n : held()), {
                service,
                concurrency: 30,
                signal: controller.signal,
                onProgress: told => void progress.push(told),
            });
            await clock.advance(100);
            const told = progress.length;

            if (isDisposed) service.dispose();
            else controller.abort();
            await clock.advance(1000);
            held.resolve('in');
            const result = await clock.resolve(run);

            expect(result.notAttempted).toBeGreaterThan(0);
            const statuses = progress.slice(told).map(({ status }) => status);
            expect(statuses).toEqual(statuses.map(() => 'running'));
        }
    });

    test('is what the end of its service does also while the next item does not come', async () => {
        const { service, clock } = createService();
        const source = async function* () {
            yield 1;
            yield await new Promise<number>(() => {});
        };
        const run = runBulk(source(), async n => n, { service });
        run.pause();
        await clock.advance(1000);

        service.dispose();

        await expect(clock.resolve(run)).resolves.toMatchObject({ status: 'cancelled', total: 1, notAttempted: 1 });
    });

    test('and also where the items before it have all ended', async () => {
        const { service, clock } = createService();
        const source = async function* () {
            yield 1;
            yield await new Promise<number>(() => {});
        };
        const run = runBulk(source(), async n => n, { service });
        await clock.advance(1000);

        service.dispose();

        await expect(clock.resolve(run)).resolves.toMatchObject({
            status: 'cancelled',
            total: 1,
            succeeded: 1,
            notAttempted: 0,
        });
    });

    test('is what the end of its service does', async () => {
        const { service, clock } = createService();
        const onResult = vi.fn();
        const run = runBulk(numbers(100), async n => n, { service, onResult });
        await clock.advance(300);

        service.dispose();
        const result = await clock.resolve(run);

        expect(result).toMatchObject({ status: 'cancelled', total: 100, failed: 0, unknown: 0 });
        expect(result.notAttempted).toBeGreaterThan(0);
        expect(result.succeeded + result.notAttempted).toBe(100);
        expect(onResult).toHaveBeenCalledTimes(result.succeeded);
    });

    test('is what the end of its service does also where no item waits', async () => {
        const { service, clock } = createService();
        const first = heldCall();
        const worker = vi.fn((_: number) => first());
        const run = runBulk(numbers(3), worker, { service, concurrency: 1 });
        await clock.advance(300);

        service.dispose();
        // The service may be used again, as in the strict mode of React, and that does not revive what is over.
        const next = runBulk(numbers(3), async n => n, { service });
        first.resolve('saved');
        const result = await clock.resolve(run);

        expect(result).toMatchObject({ status: 'cancelled', succeeded: 1, notAttempted: 2, failed: 0, unknown: 0 });
        expect(worker).toHaveBeenCalledTimes(1);
        await expect(clock.resolve(next)).resolves.toMatchObject({ status: 'done', succeeded: 3 });
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

    test('leaves the items of another run of the same service alone', async () => {
        const { service, clock } = createService();
        const controller = new AbortController();
        const signals: AbortSignal[] = [];
        const worker = async (_: number, { signal }: { signal: AbortSignal }) => {
            signals.push(signal);
            await new Promise<void>(resolve => void clock.setTimeout(resolve, 2000));
        };
        const runs = [runBulk([1], worker, { service, signal: controller.signal }), runBulk([2], worker, { service })];
        await clock.advance(1000);

        controller.abort();
        await clock.resolve(Promise.all(runs));

        expect(signals.map(({ aborted }) => aborted).sort()).toEqual([false, true]);
    });

    test('tells the signal of each item under way, with the reason', async () => {
        const { service, clock } = createService();
        const controller = new AbortController();
        const signals: AbortSignal[] = [];
        const worker = async (_: number, { signal }: { signal: AbortSignal }) => {
            signals.push(signal);
            await new Promise(resolve => signal.addEventListener('abort', resolve));
        };
        const run = runBulk(numbers(3), worker, { service, signal: controller.signal });
        await clock.advance(1000);

        controller.abort('enough');
        await clock.resolve(run);

        expect(signals.map(({ reason }) => reason)).toEqual(['enough', 'enough', 'enough']);
    });

    test('before anything was sent leaves nothing to count', async () => {
        const { service, clock } = createService();
        const controller = new AbortController();
        const worker = vi.fn();
        const run = runBulk(numbers(5), worker, { service, idempotent: true, signal: controller.signal });
        run.pause();
        await clock.advance(1000);

        controller.abort();
        const result = await clock.resolve(run);

        expect(worker).not.toHaveBeenCalled();
        expect(result).toMatchObject({ status: 'cancelled', unknown: 0, notAttempted: 5, retries: 0 });
    });

    test('an item that waits for a session, and was not sent again, is not attempted', async () => {
        const { service, clock } = createService();
        const controller = new AbortController();
        const worker = async (n: number) => {
            if (n > 0) throw new HttpError('JWT expired', 401);
        };
        const run = runBulk(numbers(2), worker, { service, concurrency: 1, signal: controller.signal });
        await clock.advance(500);

        controller.abort();
        const result = await clock.resolve(run);

        expect(result).toMatchObject({ succeeded: 1, unknown: 0, notAttempted: 1, retries: 0 });
    });

    test('does not wait for items that never come', async () => {
        const { service, clock } = createService();
        const controller = new AbortController();
        let fail = (_: unknown) => {};
        async function* source() {
            yield* numbers(2);
            yield await new Promise<number>((_, reject) => {
                fail = reject;
            });
        }
        const progress: BulkProgress[] = [];
        const run = runBulk(source(), async n => n, {
            service,
            signal: controller.signal,
            total: 10,
            onProgress: told => void progress.push(told),
        });
        await clock.advance(1000);

        controller.abort();
        const result = await clock.resolve(run);

        expect(result).toMatchObject({ status: 'cancelled', succeeded: 2, notAttempted: 8 });
        expect(progress.at(-1)).not.toHaveProperty('etaMs');
        fail(new Error('Nobody hears of it'));
    });

    test.each([
        ['server', () => refusalFor(9)],
        ['connection', () => new TypeError('Failed to fetch')],
        ['session', () => new HttpError('JWT expired', 401)],
    ])('until then the progress says that it waits for the %s', async (waitsFor, error) => {
        const { service, clock } = createService();
        const progress: BulkProgress[] = [];
        const answers = [undefined, error()];
        const worker = async () => {
            const answer = answers.shift();
            if (answer) throw answer;
        };
        const onProgress = (told: BulkProgress) => void progress.push(told);
        const run = runBulk(numbers(5), worker, { service, concurrency: 1, onProgress });

        await clock.resolve(run);

        const waits = progress.filter(told => told.status === 'paused');
        expect(waits.length).toBeGreaterThan(0);
        expect(waits.map(told => told.waitsFor)).toEqual(waits.map(() => waitsFor));
        expect(progress.at(-1)).not.toHaveProperty('waitsFor');
    });

    test('while the server has asked for a pause: the last progress has no end of it', async () => {
        const { service, clock } = createService();
        const controller = new AbortController();
        const progress: BulkProgress[] = [];
        const run = runBulk([1], () => Promise.reject(refusalFor(9)), {
            service,
            signal: controller.signal,
            onProgress: told => void progress.push(told),
        });
        await clock.advance(1000);
        expect(progress.at(-1)).toHaveProperty('resumesAt');

        controller.abort();
        await clock.resolve(run);

        expect(progress.at(-1)).not.toHaveProperty('resumesAt');
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

    test('an item that was being prepared is not attempted', async () => {
        const { service, clock } = createService();
        const controller = new AbortController();
        const prepare = (_: number, { signal }: { signal: AbortSignal }) =>
            new Promise<never>((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
        const run = runBulk([1], async () => {}, { service, signal: controller.signal, prepare });
        await clock.advance(100);

        controller.abort();
        const result = await clock.resolve(run);

        expect(result).toMatchObject({ status: 'cancelled', notAttempted: 1, errors: [] });
    });

    test('ends one run of a service, and leaves another alone', async () => {
        const { service, clock } = createService();
        const controller = new AbortController();
        const first = runBulk(numbers(50), async n => n, { service, signal: controller.signal });
        const second = runBulk(numbers(50), async n => n, { service });
        await clock.advance(100);

        controller.abort();
        const [cancelled, done] = await clock.resolve(Promise.all([first, second]));

        expect(cancelled.status).toBe('cancelled');
        expect(cancelled.notAttempted).toBeGreaterThan(0);
        expect(done).toMatchObject({ status: 'done', succeeded: 50 });
    });

    test('a run whose signal has aborted already sends nothing', async () => {
        const { service, clock } = createService();
        const worker = vi.fn();

        const result = await clock.resolve(runBulk([1, 2], worker, { service, signal: AbortSignal.abort() }));

        expect(result).toMatchObject({ status: 'cancelled', notAttempted: 2 });
        expect(worker).not.toHaveBeenCalled();
    });

    test('leaves no timer and no listener behind', async () => {
        const { service, clock } = createService();
        const controller = new AbortController();
        const removed = vi.spyOn(controller.signal, 'removeEventListener');

        await clock.resolve(runBulk(numbers(5), async n => n, { service, signal: controller.signal }));
        await clock.advance(120_000);

        expect(removed).toHaveBeenCalledWith('abort', expect.any(Function));
        expect(clock.pendingTimers).toBe(0);
    });
});

describe('exactly once', () => {
    const networkError = () => new TypeError('Failed to fetch');

    test('an item whose answer never came is reported as unknown, and not sent again', async () => {
        const { service, clock } = createService();
        const worker = vi.fn(async (n: number) => {
            if (n === 1) throw networkError();
        });

        const result = await clock.resolve(runBulk(numbers(3), worker, { service, concurrency: 1 }));

        expect(result).toMatchObject({ status: 'done', succeeded: 2, failed: 0, unknown: 1 });
        expect(result.errors).toMatchObject([{ index: 1, outcome: 'unknown' }]);
        expect(worker).toHaveBeenCalledTimes(3);
    });

    test('an idempotent one is sent again', async () => {
        const { service, clock } = createService();
        let sent = 0;
        const worker = vi.fn(async () => {
            if (++sent < 4) throw networkError();
        });

        const result = await clock.resolve(runBulk([1], worker, { service, idempotent: true }));

        expect(result).toMatchObject({ succeeded: 1, unknown: 0, retries: 3 });
    });

    test('an idempotent one is sent again also after a gateway has given up on it, however often', async () => {
        const { service, clock } = createService();
        const worker = scriptedCall(clock, ...[1, 2, 3].map(() => new HttpError('Gateway Timeout', 504)), 'in');

        const result = await clock.resolve(runBulk([1], worker, { service, idempotent: true }));

        expect(result).toMatchObject({ succeeded: 1, unknown: 0, retries: 3 });
    });

    test.each([
        { status: 503, outcome: { failed: 0, unknown: 6 } },
        { status: 403, outcome: { failed: 0, unknown: 6 } },
        { status: 409, outcome: { failed: 0, unknown: 6 } },
        { status: 400, outcome: { failed: 6, unknown: 0 } },
        { status: 413, outcome: { failed: 6, unknown: 0 } },
        { status: 422, outcome: { failed: 6, unknown: 0 } },
    ])('what a repeat is refused for tells of the first time only where it is the item: $status', async given => {
        const { service, clock } = createService();
        for (const batchSize of [undefined, 3] as never[]) {
            const sent = new Set<number>();
            const worker = async (items: number | number[]) => {
                const isRepeat = [items].flat().every(item => sent.has(item));
                for (const item of [items].flat()) sent.add(item);
                throw isRepeat ? new HttpError('Not now', given.status) : networkError();
            };

            const result = await clock.resolve(runBulk(numbers(6), worker, { service, batchSize, idempotent: true }));

            expect(result).toMatchObject({ succeeded: 0, ...given.outcome });
            expect(result.errors[0]?.error).toMatchObject({ status: given.status });
        }
    });

    test('an idempotent one is given up after five minutes without an answer', async () => {
        const { service, clock } = createService();

        const result = await clock.resolve(
            runBulk([1], () => Promise.reject(networkError()), { service, idempotent: true }),
        );

        expect(result).toMatchObject({ succeeded: 0, unknown: 1 });
        expect(result.durationMs).toBeGreaterThanOrEqual(300_000);
        expect(result.durationMs).toBeLessThan(320_000);
    });

    test('the five minutes begin with the first answer that did not come, not with a pause before it', async () => {
        const { service, clock } = createService();
        let sent = 0;
        const worker = async () => {
            if (++sent === 1) throw networkError();
        };
        const run = runBulk([1], worker, { service, idempotent: true });
        run.pause();
        await clock.advance(600_000);

        run.resume();

        await expect(clock.resolve(run)).resolves.toMatchObject({ succeeded: 1, unknown: 0, retries: 1 });
    });

    test('a connection that is down does not cost item after item: they try one by one, further and further apart', async () => {
        const { service, clock } = createService();
        const start = clock.now();
        let sent = 0;
        const worker = async (n: number) => {
            sent++;
            if (clock.now() - start < 60_000) throw networkError();
            return n;
        };

        const result = await clock.resolve(runBulk(numbers(500), worker, { service }));

        expect(result.unknown).toBeLessThan(32);
        expect(result.succeeded).toBe(500 - result.unknown);
        expect(sent).toBe(500);
    });
});

describe('a connection that breaks', () => {
    /** It is down from one second after the start of the run on, for a minute. Requests take 50 ms. */
    function createOutage(clock: VirtualClock) {
        const start = clock.now();
        const lostAt: number[] = [];
        const worker = async () => {
            const at = clock.now() - start;
            const isDown = at >= 1000 && at < 60_000;
            await new Promise<void>(resolve => void clock.setTimeout(resolve, 50));
            if (!isDown) return;
            lostAt.push(at);
            throw new TypeError('Failed to fetch');
        };
        return { worker, lostAt };
    }

    test('costs what was under way, and not what waited for its turn', async () => {
        const { service, clock } = createService();
        const { worker, lostAt } = createOutage(clock);

        const result = await clock.resolve(runBulk(numbers(3000), worker, { service, concurrency: 1000 }));

        expect(result.succeeded + result.unknown).toBe(3000);
        expect(lostAt.filter(at => at > 1100).length).toBeLessThan(20);
        expect(result.unknown).toBe(lostAt.length);
        expect(result.unknown).toBeLessThan(100);
    });

    test('costs nothing of what may be repeated', async () => {
        const { service, clock } = createService();
        const { worker } = createOutage(clock);

        const result = await clock.resolve(
            runBulk(numbers(1000), worker, { service, concurrency: 200, idempotent: true }),
        );

        expect(result).toMatchObject({ succeeded: 1000, unknown: 0, failed: 0 });
        expect(service.getStats().waiting).toBe(0);
    });
});

describe('a session that expires', () => {
    const expired = () => new HttpError('JWT expired', 401, { code: 'PGRST303', message: 'JWT expired' });

    /** A worker whose session is good but from `from` to `until`, in milliseconds since the start. */
    const createWorker = (clock: { now(): number }, from: number, until: number) => {
        const start = clock.now();
        const sent: number[] = [];
        const worker = async (n: number) => {
            sent.push(n);
            const elapsed = clock.now() - start;
            if (elapsed >= from && elapsed < until) throw expired();
        };
        return { worker, sent };
    };

    test('costs no item: they wait, and go on when it has been renewed', async () => {
        const { service, clock } = createService();
        const { worker, sent } = createWorker(clock, 1000, 60_000);

        const result = await clock.resolve(runBulk(numbers(200), worker, { service }));

        expect(result).toMatchObject({ succeeded: 200, failed: 0, unknown: 0 });
        expect(result.durationMs).toBeGreaterThan(59_000);
        expect(sent.length).toBeLessThan(250);
    });

    test('for good is given up after five minutes, and the rest fails without further waits', async () => {
        const { service, clock } = createService();
        const { worker } = createWorker(clock, 1000, Number.POSITIVE_INFINITY);

        const result = await clock.resolve(runBulk(numbers(200), worker, { service }));

        expect(result.succeeded).toBeGreaterThan(0);
        expect(result.succeeded + result.failed).toBe(200);
        expect(result.errors[0]?.error).toBeInstanceOf(HttpError);
        expect(result.durationMs).toBeGreaterThan(5 * 60_000);
        expect(result.durationMs).toBeLessThan(7 * 60_000);
    });

    test('twice is waited for twice', async () => {
        const { service, clock } = createService();
        const start = clock.now();
        const worker = async () => {
            await new Promise<void>(resolve => clock.setTimeout(resolve, 100));
            const minutes = (clock.now() - start) / 60_000;
            if ((minutes > 0.1 && minutes < 4) || (minutes > 4.5 && minutes < 8)) throw expired();
        };

        const result = await clock.resolve(runBulk(numbers(1000), worker, { service, concurrency: 2 }));

        expect(result).toMatchObject({ succeeded: 1000, failed: 0 });
        expect(result.durationMs).toBeGreaterThan(8 * 60_000);
    });

    test('does not make a batch smaller, nor an item of it unknown', async () => {
        const { service, clock } = createService();
        const start = clock.now();
        const sizes: number[] = [];
        const worker = async (batch: number[]) => {
            sizes.push(batch.length);
            if (clock.now() - start > 500) throw expired();
        };

        const result = await clock.resolve(runBulk(numbers(500), worker, { service, batchSize: 10 }));

        expect(result).toMatchObject({ unknown: 0, notAttempted: 0 });
        expect(result.succeeded).toBeGreaterThan(0);
        expect(Math.min(...sizes.slice(-5))).toBe(10);
    });

    test('that never worked is a wrong key: items fail at once', async () => {
        const { service, clock } = createService();
        const { worker } = createWorker(clock, 0, Number.POSITIVE_INFINITY);

        const result = await clock.resolve(runBulk(numbers(20), worker, { service }));

        expect(result).toMatchObject({ succeeded: 0, failed: 20 });
        expect(result.durationMs).toBeLessThan(10_000);
    });

    test('is no excuse for an item that the person may not write', async () => {
        const { service, clock } = createService();
        const worker = async (n: number) => {
            if (n === 30) throw new HttpError('row-level security', 401, { code: '42501' });
        };

        const result = await clock.resolve(runBulk(numbers(40), worker, { service }));

        expect(result).toMatchObject({ succeeded: 39, failed: 1 });
        expect(result.durationMs).toBeLessThan(10_000);
    });

    test('is waited for by what is being prepared, too', async () => {
        const { service, clock } = createService();
        const start = clock.now();
        const prepare = async (n: number) => {
            if (clock.now() - start > 1000 && clock.now() - start < 30_000) throw expired();
            return n;
        };

        const result = await clock.resolve(runBulk(numbers(100), async () => {}, { service, prepare }));

        expect(result).toMatchObject({ succeeded: 100, failed: 0 });
    });
});

describe('items', () => {
    test('may all be under way at the same time, however few there are', async () => {
        const { service, clock } = createService();
        const call = heldCall();
        const run = runBulk(numbers(50), call, { service, concurrency: Number.MAX_SAFE_INTEGER });

        await clock.advance(10_000);

        expect(call).toHaveBeenCalledTimes(50);
        call.resolve('in');
        await expect(clock.resolve(run)).resolves.toMatchObject({ succeeded: 50 });
    });

    test('are read no sooner than they go out', async () => {
        const { service, clock } = createService();
        let read = 0;
        let isClosed = false;
        const endless = async function* () {
            try {
                for (;;) yield read++;
            } finally {
                isClosed = true;
            }
        };
        const controller = new AbortController();
        const call = heldCall();
        const run = runBulk(endless(), call, { service, concurrency: 4, signal: controller.signal });
        await clock.advance(10_000);

        expect(read).toBe(4);
        controller.abort();
        call.resolve(undefined);
        const result = await clock.resolve(run);
        expect(result).toMatchObject({ status: 'cancelled', total: 4, succeeded: 4 });
        expect(isClosed).toBe(true);
    });

    test('that cannot be read end the run with their error, once what is under way has ended', async () => {
        const { service, clock } = createService();
        const broken = new Error('The file was moved');
        const done: unknown[] = [];
        const source = function* () {
            yield 1;
            yield 2;
            throw broken;
        };

        const error = await rejectionOf(
            clock.resolve(
                runBulk(source(), async n => n, { service, onResult: result => void done.push(result.item) }),
            ),
        );

        expect(error).toBe(broken);
        expect(done.sort()).toEqual([1, 2]);
        expect(service.getStats().waiting).toBe(0);
    });

    test('are prepared once, and one that cannot be is failed without a request', async () => {
        const { service, clock } = createService();
        const prepare = vi.fn(async (n: number) => {
            if (n === 1) throw new Error('no e-mail address');
            return { n };
        });
        let isRefused = true;
        const worker = vi.fn(async (item: { n: number }) => {
            if (item.n === 2 && isRefused) {
                isRefused = false;
                throw refusal();
            }
        });

        const result = await clock.resolve(runBulk(numbers(3), worker, { service, prepare }));

        expect(result).toMatchObject({ succeeded: 2, failed: 1, errors: [{ index: 1, item: 1 }] });
        expect(prepare).toHaveBeenCalledTimes(3);
        expect(worker.mock.calls.map(([item]) => item.n)).not.toContain(1);
    });
});

describe('preparing', () => {
    const networkError = () => new TypeError('fetch failed');

    test.each([
        ['a 429', refusalFor(3)],
        [
            'a wrapped call that has given up',
            new RateLimitError({
                code: 'RATE_LIMIT_CIRCUIT_OPEN',
                message: 'later',
                retryAfterMs: 3000,
                attempts: 4,
            }),
        ],
    ])('%s makes the item wait, and does not cost it', async (_, refused) => {
        const { service, clock } = createService();
        const start = clock.now();
        const preparedAt: number[] = [];
        const prepare = async (n: number) => {
            if (preparedAt.push(clock.now() - start) === 1) throw refused;
            return n;
        };

        const result = await clock.resolve(runBulk([1], async n => n, { service, prepare }));

        expect(result).toMatchObject({ succeeded: 1, failed: 0 });
        expect(preparedAt).toEqual([0, expect.any(Number)]);
        expect(preparedAt[1]).toBeGreaterThanOrEqual(3000);
    });

    test('items that are refused together wait once, not one after another', async () => {
        const { service, clock } = createService();
        const start = clock.now();
        const prepare = async (n: number) => {
            if (clock.now() - start < 5000) throw refusalFor(5);
            return n;
        };

        const result = await clock.resolve(runBulk(numbers(20), async n => n, { service, prepare }));

        expect(result).toMatchObject({ succeeded: 20 });
        expect(result.durationMs).toBeLessThan(10_000);
    });

    test('an old refusal does not open the circuit again', async () => {
        const { service, clock, namesOfEvents } = createService();
        const start = clock.now();
        await rejectionOf(service.executeWithRetry(() => Promise.reject(refusalFor(30))));
        const prepare = async (n: number) => {
            if (clock.now() - start < 30_000) throw refusalFor(30);
            return n;
        };

        const result = await clock.resolve(runBulk(numbers(20), async n => n, { service, prepare }));

        expect(namesOfEvents().filter(name => name === 'open')).toHaveLength(1);
        expect(result.durationMs).toBeLessThan(60_000);
    });

    test('leaves room for a click on Stop, also when no item can be sent', async () => {
        const service = new RateLimitService({ logger: false });
        const controller = new AbortController();
        setTimeout(() => controller.abort());
        const prepare = () => {
            throw new Error('no e-mail address');
        };

        const result = await runBulk(numbers(20_000), async n => n, { service, signal: controller.signal, prepare });

        expect(result.status).toBe('cancelled');
        expect(result.failed).toBeLessThan(20_000);
    });

    test('waits for nothing as long as few items fail', async () => {
        const { service, clock } = createService();
        const waits = vi.spyOn(clock, 'setTimeout');
        const prepare = () => Promise.reject(new Error('no e-mail address'));

        const result = await runBulk(numbers(400), async n => n, { service, prepare });

        expect(result.failed).toBe(400);
        expect(waits).not.toHaveBeenCalled();
    });

    test('a 429 after an answer that did not come does not cost the item, either', async () => {
        const { service, clock } = createService();
        const errors = [networkError(), refusalFor(3)];
        const prepare = async (n: number) => {
            const error = errors.shift();
            if (error) throw error;
            return n;
        };

        const result = await clock.resolve(runBulk([1], async n => n, { service, prepare, idempotent: true }));

        expect(result).toMatchObject({ succeeded: 1, failed: 0, rateLimited: 1 });
        expect(result.durationMs).toBeGreaterThanOrEqual(3000);
    });

    test.each([
        { idempotent: true, outcome: { succeeded: 1, failed: 0 } },
        { idempotent: false, outcome: { succeeded: 0, failed: 1 } },
    ])(
        'that asks a server whose answer does not come is repeated if that is safe: $idempotent',
        async ({ idempotent, outcome }) => {
            const { service, clock } = createService();
            let asked = 0;
            const prepare = async (n: number) => {
                if (++asked < 3) throw networkError();
                return n;
            };

            const result = await clock.resolve(runBulk([1], async n => n, { service, idempotent, prepare }));

            expect(result).toMatchObject(outcome);
        },
    );
});

describe('progress', () => {
    test('is told on a clock whose timers are early', async () => {
        const virtual = new VirtualClock();
        const { service } = createService({
            clock: {
                now: () => virtual.now(),
                random: () => 0,
                setTimeout: (callback, ms) => virtual.setTimeout(callback, ms > 10 ? ms - 1 : ms),
                clearTimeout: timer => virtual.clearTimeout(timer as never),
            },
        });
        let processed = 0;
        const held = heldCall();
        const worker = (n: number) => (n < 2 ? undefined : held());
        const run = runBulk(numbers(3), worker, {
            service,
            onProgress: told => {
                processed = told.processed;
            },
        });

        await virtual.advance(1500);

        expect(processed).toBe(2);
        held.resolve('in');
        await virtual.resolve(run);
    });

    test('is told first when the run can be paused', async () => {
        const { service, clock } = createService();
        const worker = vi.fn(async (n: number) => n);
        const run = runBulk(numbers(3), worker, { service, onProgress: () => run.pause() });

        await clock.advance(1000);

        expect(worker).not.toHaveBeenCalled();
        run.resume();
    });

    test('is told at the start, before any item has come', async () => {
        const { service, clock } = createService();
        const controller = new AbortController();
        const progress: BulkProgress[] = [];
        const run = runBulk({ [Symbol.asyncIterator]: () => ({ next: () => new Promise<never>(() => {}) }) }, vi.fn(), {
            service,
            total: 5,
            signal: controller.signal,
            onProgress: told => void progress.push(told),
        });

        await clock.advance(0);

        expect(progress).toMatchObject([{ status: 'running', processed: 0, total: 5 }]);
        controller.abort();
        await clock.resolve(run);
    });

    test('is told of items that could not be prepared, while another is under way', async () => {
        const { service, clock } = createService();
        const progress: BulkProgress[] = [];
        const held = heldCall();
        const prepare = async (n: number) => {
            if (n === 0) return n;
            await new Promise<void>(resolve => void clock.setTimeout(resolve, 5000));
            throw new Error('no e-mail address');
        };
        const onProgress = (told: BulkProgress) => void progress.push(told);
        const run = runBulk(numbers(3), held, { service, prepare, onProgress });

        await clock.advance(15_000);

        expect(progress.at(-1)).toMatchObject({ processed: 2, failed: 2 });
        held.resolve('in');
        await clock.resolve(run);
    });

    test('tells of a pause in the moment that it begins, and of its end', async () => {
        const { service, clock } = createService();
        const progress: BulkProgress[] = [];
        const onProgress = (told: BulkProgress) => void progress.push(told);
        const run = runBulk(numbers(50), async n => n, { service, concurrency: 1, onProgress });
        await clock.advance(10);

        run.pause();
        expect(progress.at(-1)?.status).toBe('paused');
        run.resume();
        expect(progress.at(-1)?.status).toBe('running');
        await clock.resolve(run);
    });

    test('says until when a circuit is open that the server has asked for nothing of', async () => {
        const { service, clock } = createService({ maxRetries: 0, circuitBreakerThreshold: 1 });
        await rejectionOf(service.executeWithRetry(() => Promise.reject(refusal())));
        const progress: BulkProgress[] = [];
        const onProgress = (told: BulkProgress) => void progress.push(told);
        const { openUntil } = service.getCircuitState();

        const run = runBulk([1], async n => n, { service, onProgress });
        await clock.advance(0);

        expect(progress).toMatchObject([{ status: 'paused', resumesAt: openUntil, waitsFor: 'server' }]);
        await clock.resolve(run);
    });

    test('says until when it waits for more of a quota that the server has told', async () => {
        const { service, clock } = createService();
        const progress: BulkProgress[] = [];
        const onProgress = (told: BulkProgress) => void progress.push(told);
        const worker = async () => service.dispatcher.limit({ remaining: 1, resetMs: 600_000 });

        const run = runBulk(numbers(3), worker, { service, concurrency: 1, onProgress });
        await clock.advance(5000);

        const resumesAt = clock.now() - 5000 + 600_000;
        expect(progress.at(-1)).toMatchObject({ status: 'paused', processed: 1, resumesAt, waitsFor: 'server' });
        await clock.resolve(run);
    });

    test('ends with no time left', async () => {
        const { service, clock } = createService();
        const onProgress = vi.fn();

        await clock.resolve(runBulk(numbers(10), async n => n, { service, onProgress }));

        expect(onProgress.mock.lastCall).toMatchObject([{ processed: 10, etaMs: 0 }]);
    });

    test('a listener whose promise rejects costs no item, and is told of', async () => {
        const told = vi.fn();
        const { service, clock } = createService({ logger: { debug() {}, info() {}, warn() {}, error: told } });
        const onResult = (async () => {
            throw new Error('full');
        }) as () => void;

        const result = await clock.resolve(runBulk([1], async n => n, { service, onResult }));

        expect(result.succeeded).toBe(1);
        expect(told).toHaveBeenCalledExactlyOnceWith('[RateLimit] A listener threw', { error: new Error('full') });
    });

    test('has counts, rate and time left, and ends with everything processed', async () => {
        const { service, clock } = createService();
        const progress: BulkProgress[] = [];
        const worker = async (n: number) => {
            await new Promise<void>(resolve => void clock.setTimeout(resolve, 1000));
            if (n === 7) throw new HttpError('bad', 400);
        };

        await clock.resolve(
            runBulk(numbers(40), worker, { service, concurrency: 2, onProgress: told => void progress.push(told) }),
        );

        expect(progress[0]).toMatchObject({ status: 'running', processed: 0, total: 40, ratePerSecond: 0 });
        const late = progress.find(({ processed }) => processed === 30);
        expect(late?.ratePerSecond).toBeCloseTo(2, 0);
        expect(late?.etaMs).toBeGreaterThan(4000);
        expect(late?.etaMs).toBeLessThan(6000);
        expect(progress.at(-1)).toMatchObject({ processed: 40, succeeded: 39, failed: 1 });
    });

    test('tells of the last items before a stall', async () => {
        const { service, clock } = createService();
        const progress: BulkProgress[] = [];
        const call = heldCall();
        const run = runBulk(numbers(10), n => (n < 3 ? n : call()), {
            service,
            onProgress: told => void progress.push(told),
        });

        await clock.advance(30_000);

        expect(progress.at(-1)).toMatchObject({ processed: 3 });
        call.resolve(undefined);
        await clock.resolve(run);
        expect(clock.pendingTimers).toBe(0);
    });

    test('of an iterable that does not tell its length has a total only when one is given', async () => {
        const { service, clock } = createService();
        const progress: BulkProgress[] = [];
        const source = function* () {
            yield* [1, 2, 3];
        };
        const onProgress = (told: BulkProgress) => void progress.push(told);

        await clock.resolve(runBulk(source(), async n => n, { service, onProgress }));
        await clock.resolve(runBulk(source(), async n => n, { service, onProgress, total: 3 }));
        await clock.resolve(runBulk(new Set([1]), async n => n, { service, onProgress }));
        await clock.resolve(runBulk(Object.assign(source(), { size: 'small' }), async n => n, { service, onProgress }));

        expect(new Set(progress.map(({ total }) => total))).toEqual(new Set([undefined, 3, 1]));
    });
});

describe('a wrong argument is named', () => {
    test.each([
        [() => runBulk(5 as never, async () => {}), TypeError, /items must be an iterable or async iterable, got 5/],
        [
            () => runBulk(null as never, async () => {}),
            TypeError,
            /items must be an iterable or async iterable, got null/,
        ],
        [() => runBulk({} as never, async () => {}), TypeError, /items must be an iterable or async iterable/],
        [() => runBulk([], 'worker' as never), TypeError, /worker must be a function, got "worker"/],
        [
            () => runBulk([], async () => {}, { concurrency: 0 }),
            RangeError,
            /concurrency must be an integer of 1 or more, got 0/,
        ],
        [
            () => runBulk([], async () => {}, { batchSize: 1.5 }),
            RangeError,
            /batchSize must be an integer of 1 or more, got 1.5/,
        ],
        [() => runBulk([], async () => {}, { service: {} as never }), TypeError, /service must be a RateLimitService/],
        [() => runBulk([], async () => {}, { prepare: 5 as never }), TypeError, /prepare must be a function, got 5/],
        [() => runBulk([], async () => {}, { onProgress: 'x' as never }), TypeError, /onProgress must be a function/],
        [() => runBulk([], async () => {}, { onResult: {} as never }), TypeError, /onResult must be a function/],
        [() => runBulk([], async () => {}, { idempotent: 'yes' as never }), TypeError, /idempotent must be a boolean/],
        [() => runBulk([], async () => {}, { signal: {} as never }), TypeError, /signal must be an AbortSignal/],
        [
            () => runBulk([], async () => {}, { signal: new EventTarget() as never }),
            TypeError,
            /signal must be an AbortSignal/,
        ],
        [
            () => runBulk([], async () => {}, { concurrency: 2 ** 53 }),
            RangeError,
            /concurrency must be an integer of 1 or more, got 9007199254740992/,
        ],
        [() => runBulk([], async () => {}, { total: '5' as never }), TypeError, /total must be a number, got "5"/],
        [() => runBulk([], async () => {}, { total: -1 }), RangeError, /total must be 0 or more, got -1/],
        [() => runBulk([], async () => {}, { total: Number.NaN }), RangeError, /total must be 0 or more, got NaN/],
        [() => runBulk([], async () => {}, { batchsize: 5 } as never), TypeError, /batchsize must be a known option/],
    ])('%s', (start, ErrorClass, message) => {
        expect(start).toThrow(ErrorClass);
        expect(start).toThrow(message);
    });
});
