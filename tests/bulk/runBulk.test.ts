import { HttpError } from 'ra-core';
import { type BulkItemResult, type BulkProgress, RateLimitError, runBulk } from 'ra-rate-limit';
import { describe, expect, test, vi } from 'vitest';
import { createService } from '../support/createService';
import { numbers } from '../support/numbers';
import { refusal, rejectionOf, scriptedCall } from '../support/scriptedCalls';

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
        [
            () => runBulk([], async () => {}, { concurrency: '5' as never }),
            TypeError,
            /concurrency must be a number, got "5"/,
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
