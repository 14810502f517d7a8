import { HttpError } from 'ra-core';
import type { BulkItemResult } from 'ra-rate-limit';
import { runBulk, withRateLimit } from 'ra-rate-limit';
import { describe, expect, test, vi } from 'vitest';
import { createService } from '../support/createService';
import { numbers } from '../support/numbers';
import { refusal, refusalFor } from '../support/scriptedCalls';
import type { VirtualClock } from '../support/virtualClock';

/** A server that takes arrays, all or nothing, and remembers what is in. */
function createTable(isBad: (n: number) => boolean, status = 400) {
    const rows: number[] = [];
    const insert = vi.fn(async (batch: number[]) => {
        if (batch.some(isBad)) throw new HttpError('bad row', status);
        rows.push(...batch);
        return batch.map(n => ({ id: n }));
    });
    return { rows, insert };
}

const byNumber = (a: number, b: number) => a - b;

test('one request carries many items, and no more than the batch size', async () => {
    const { service, clock } = createService();
    const { rows, insert } = createTable(() => false);

    const result = await clock.resolve(runBulk(numbers(1000), insert, { service, batchSize: 100 }));

    expect(result).toMatchObject({ status: 'done', total: 1000, succeeded: 1000 });
    expect(rows.sort(byNumber)).toEqual(numbers(1000));
    expect(Math.max(...insert.mock.calls.map(([batch]) => batch.length))).toBe(100);
    expect(insert.mock.calls.length).toBeLessThan(40);
});

test('bad items are found, one by one, and every good one gets in once', async () => {
    const { service, clock } = createService();
    const bad = new Set([3, 77, 78, 401, 999]);
    const { rows, insert } = createTable(n => bad.has(n));

    const result = await clock.resolve(runBulk(numbers(1000), insert, { service, batchSize: 100 }));

    expect(result).toMatchObject({ status: 'done', succeeded: 995, failed: 5 });
    expect(result.errors.map(({ index }) => index)).toEqual([...bad]);
    expect(rows.sort(byNumber)).toEqual(numbers(1000).filter(n => !bad.has(n)));
    const alone = insert.mock.calls.filter(([batch]) => batch.length === 1).map(([[n]]) => n);
    expect(alone).toEqual(expect.arrayContaining([...bad]));
});

test('a half is not sent when the other has shown that it must be the bad one', async () => {
    const { service, clock } = createService();
    const { insert } = createTable(n => n === 15);

    await clock.resolve(runBulk(numbers(16), insert, { service, batchSize: 16, concurrency: 1 }));

    // 0–15 fails, 0–7 is good, so 8–15 is split unsent: 8–11, 12–13, 14, and 15 alone, which has to fail by itself.
    expect(insert.mock.calls.map(([batch]) => batch.length)).toEqual([16, 8, 4, 2, 1, 1]);
});

test('a half is sent as it is when the other one had the bad item', async () => {
    const { service, clock } = createService();
    const { insert } = createTable(n => n === 0);

    await clock.resolve(runBulk(numbers(4), insert, { service, batchSize: 4 }));

    expect(insert.mock.calls.map(([batch]) => batch)).toEqual([[0, 1, 2, 3], [0, 1], [0], [1], [2, 3]]);
});

test.each([
    ['had no answer', () => Promise.reject(new TypeError('fetch failed'))],
    ['was answered with an error of an item', async () => [{ error: 'no', status: 409 }, { status: 201 }]],
])('and also when the other one %s', async (_, answerOther) => {
    const { service, clock } = createService();
    const insert = vi.fn(async (batch: number[]): Promise<unknown> => {
        if (batch.length === 4) throw new HttpError('bad row', 400);
        return batch[0] === 0 ? answerOther() : undefined;
    });

    await clock.resolve(runBulk(numbers(4), insert, { service, batchSize: 4 }));

    expect(insert.mock.calls.map(([batch]) => batch)).toEqual([
        [0, 1, 2, 3],
        [0, 1],
        [2, 3],
    ]);
});

test('after a bad item batches grow again to their size', async () => {
    const { service, clock } = createService();
    const { insert } = createTable(n => n === 3);

    await clock.resolve(runBulk(numbers(200), insert, { service, batchSize: 16, concurrency: 1 }));

    expect(insert.mock.calls.slice(-3).map(([batch]) => batch.length)).toContain(16);
});

test('a batch whose answer did not come makes the next no smaller', async () => {
    const { service, clock } = createService();
    const insert = vi.fn(async (batch: number[]) => {
        if (batch.includes(5)) throw new TypeError('fetch failed');
    });

    await clock.resolve(runBulk(numbers(12), insert, { service, batchSize: 4, concurrency: 1 }));

    expect(insert.mock.calls.map(([batch]) => batch.length)).toEqual([4, 4, 4]);
});

test('and neither does an item that is bad by itself', async () => {
    const { service, clock } = createService();
    const { insert } = createTable(n => n === 0);
    const prepare = (n: number) => {
        if (n > 0 && n < 4) throw new Error('odd');
        return n;
    };

    await clock.resolve(runBulk(numbers(12), insert, { service, batchSize: 4, concurrency: 1, prepare }));

    expect(insert.mock.calls.map(([batch]) => batch)).toEqual([[0], [4, 5, 6, 7], [8, 9, 10, 11]]);
});

test.each([400, 409, 413, 500])('status %i of a batch is a reason to split it', async status => {
    const { service, clock } = createService();
    const { insert } = createTable(n => n === 5, status);

    const result = await clock.resolve(runBulk(numbers(16), insert, { service, batchSize: 16 }));

    expect(result).toMatchObject({ succeeded: 15, failed: 1, errors: [{ index: 5, outcome: 'failed' }] });
});

test('a request that is too large is not tried in that size again', async () => {
    const { service, clock } = createService();
    const sizes: number[] = [];
    const insert = async (batch: number[]) => {
        sizes.push(batch.length);
        if (batch.length > 10) throw new HttpError('Payload Too Large', 413);
    };

    const result = await clock.resolve(runBulk(numbers(500), insert, { service, batchSize: 500, concurrency: 1 }));

    expect(result.succeeded).toBe(500);
    // Nor are the rest of a batch that was too large, but in smaller ones, of which each is as good as the others.
    expect(sizes.filter(size => size > 10)).toEqual([100, 50, 25, 12]);
    expect(Math.min(...sizes)).toBeGreaterThan(1);
});

test('an item that is too large by itself costs the others nothing: their batches are large again', async () => {
    const { service, clock } = createService();
    const { insert } = createTable(n => n === 50, 413);

    const result = await clock.resolve(runBulk(numbers(2000), insert, { service, batchSize: 100, concurrency: 1 }));

    expect(result).toMatchObject({ succeeded: 1999, failed: 1 });
    expect(insert.mock.calls.length).toBeLessThan(50);
});

test('a batch is as large as may be from the first', async () => {
    const { service, clock } = createService();
    const insert = vi.fn(async (_: number[]) => {});

    await clock.resolve(runBulk(numbers(250), insert, { service, batchSize: 100 }));

    expect(insert.mock.calls.map(([batch]) => batch.length)).toEqual([100, 100, 50]);
});

test('batches get smaller while a request takes longer than a second', async () => {
    const { service, clock } = createService();
    const sizes: number[] = [];
    const insert = async (batch: number[]) => {
        sizes.push(batch.length);
        await new Promise<void>(resolve => void clock.setTimeout(resolve, 20 * batch.length));
    };

    await clock.resolve(runBulk(numbers(2000), insert, { service, batchSize: 500, concurrency: 1 }));

    const late = sizes.slice(5, -1);
    expect(Math.max(...late)).toBeLessThanOrEqual(75);
    expect(Math.min(...late)).toBeGreaterThanOrEqual(35);
});

test('also when it was quick at first', async () => {
    const { service, clock } = createService();
    const sizes: number[] = [];
    const insert = async (batch: number[]) => {
        sizes.push(batch.length);
        const perItem = sizes.length > 8 ? 100 : 1;
        await new Promise<void>(resolve => void clock.setTimeout(resolve, perItem * batch.length));
    };

    await clock.resolve(runBulk(numbers(2000), insert, { service, batchSize: 100, concurrency: 1 }));

    expect(sizes[8]).toBe(100);
    expect(Math.max(...sizes.slice(9))).toBe(10);
});

test('a refused batch waits and is sent again, whole', async () => {
    const { service, clock } = createService();
    const { rows, insert } = createTable(() => false);
    insert.mockRejectedValueOnce(refusal());

    const result = await clock.resolve(runBulk(numbers(16), insert, { service, batchSize: 16 }));

    expect(result).toMatchObject({ succeeded: 16, rateLimited: 1, retries: 1 });
    expect(rows).toHaveLength(16);
    expect(insert).toHaveBeenCalledTimes(2);
});

test('a wait within a wrapped call does not make the batches smaller', async () => {
    const { service, clock } = createService();
    const sizes: number[] = [];
    const provider = withRateLimit(
        {
            createMany: async (_: string, { data }: { data: number[] }) => {
                sizes.push(data.length);
                if (sizes.length === 4) throw refusalFor(5);
            },
        },
        { service },
    );

    await clock.resolve(
        runBulk(numbers(2000), batch => provider.createMany('contacts', { data: batch }), { service, batchSize: 200 }),
    );

    expect(sizes.slice(4, -2).every(size => size >= (sizes[3] ?? 0))).toBe(true);
});

test('of a batch whose answer never came every item is unknown', async () => {
    const { service, clock } = createService();
    const insert = () => Promise.reject(new TypeError('fetch failed'));

    const result = await clock.resolve(runBulk(numbers(4), insert, { service, batchSize: 4 }));

    expect(result).toMatchObject({ succeeded: 0, failed: 0, unknown: 4 });
});

test.each([
    { cancelledAt: 2, expected: { succeeded: 0, unknown: 4, notAttempted: 0 } },
    { cancelledAt: 3, expected: { succeeded: 2, unknown: 2, notAttempted: 0 } },
])('items of a batch whose answer was lost are unknown if the run is cancelled while it is split', async given => {
    const { service, clock } = createService();
    const controller = new AbortController();
    const lost = new TypeError('fetch failed');
    let sent = 0;
    const insert = async () => {
        sent++;
        if (sent === given.cancelledAt) controller.abort();
        if (sent === 1) throw lost;
        if (sent === 2) throw new HttpError('The database is starting', 500);
    };
    const options = { service, batchSize: 4, idempotent: true, signal: controller.signal };

    const result = await clock.resolve(runBulk(numbers(4), insert, options));

    expect(result).toMatchObject({ status: 'cancelled', ...given.expected });
    expect(result.errors.every(({ error }) => error === lost)).toBe(true);
});

test('items that cannot be prepared are left out of their batch', async () => {
    const { service, clock } = createService();
    const { rows, insert } = createTable(() => false);
    const prepare = (n: number) => {
        if (n % 4 === 0) throw new Error('odd');
        return n;
    };

    const result = await clock.resolve(runBulk(numbers(16), insert, { service, batchSize: 16, prepare }));

    expect(result).toMatchObject({ succeeded: 12, failed: 4 });
    expect(rows).toHaveLength(12);
    expect(insert).toHaveBeenCalledTimes(1);
});

test('each item gets its own part of an answer that is an array', async () => {
    const { service, clock } = createService();
    const { insert } = createTable(() => false);
    const heard: BulkItemResult<number, unknown>[] = [];

    await clock.resolve(
        runBulk(numbers(3), insert, { service, batchSize: 3, onResult: result => void heard.push(result) }),
    );

    expect(heard.map(result => result.outcome === 'succeeded' && result.value)).toEqual([
        { id: 0 },
        { id: 1 },
        { id: 2 },
    ]);
});

test('an answer of another length is that of the whole batch', async () => {
    const { service, clock } = createService();
    const onResult = vi.fn();

    await clock.resolve(runBulk(numbers(3), async () => ['a', 'b'], { service, batchSize: 3, onResult }));

    expect(onResult.mock.calls.map(([{ value }]) => value)).toEqual([
        ['a', 'b'],
        ['a', 'b'],
        ['a', 'b'],
    ]);
});

describe('a gateway that does not wait for a server that is slow', () => {
    /** It takes a second a row, and the gateway waits for ten. */
    function createSlowTable(clock: VirtualClock) {
        const sizes: number[] = [];
        const insert = async (batch: number[]) => {
            sizes.push(batch.length);
            await new Promise<void>(resolve => void clock.setTimeout(resolve, Math.min(batch.length, 10) * 1000));
            if (batch.length > 10) throw new HttpError('Gateway Timeout', 504);
        };
        return { sizes, insert };
    }

    test('makes batches smaller', async () => {
        const { service, clock } = createService();
        const { sizes, insert } = createSlowTable(clock);

        const result = await clock.resolve(runBulk(numbers(200), insert, { service, batchSize: 20 }));

        expect(sizes.filter(size => size > 10)).toEqual([20]);
        expect(result).toMatchObject({ succeeded: 180, unknown: 20, failed: 0 });
    });

    test('costs nothing where a batch may be repeated: it is sent again, and then in halves', async () => {
        const { service, clock } = createService();
        const { sizes, insert } = createSlowTable(clock);

        const result = await clock.resolve(
            runBulk(numbers(200), insert, { service, batchSize: 16, idempotent: true, concurrency: 1 }),
        );

        expect(sizes.slice(0, 4)).toEqual([16, 16, 8, 8]);
        expect(sizes.filter(size => size > 10)).toHaveLength(2);
        expect(result).toMatchObject({ succeeded: 200, unknown: 0, failed: 0 });
    });
});

describe('a worker that answers with a result for each item', () => {
    const saved = { data: [{}], error: null, status: 201 };
    const failedWith = (status: number) => ({ data: null, error: { message: 'no' }, status });

    test('has errors among them recorded for these items alone', async () => {
        const { service, clock } = createService();
        const statuses = [201, 409, 0, 201];
        const worker = async (batch: number[]) =>
            batch.map(n => (statuses[n] === 201 ? saved : failedWith(statuses[n] as number)));

        const result = await clock.resolve(runBulk(numbers(4), worker, { service, batchSize: 4 }));

        expect(result).toMatchObject({ succeeded: 2, failed: 1, unknown: 1 });
        expect(result.errors).toMatchObject([
            { index: 1, outcome: 'failed', error: { message: 'no' } },
            { index: 2, outcome: 'unknown' },
        ]);
    });

    test('has those without an answer sent again, where that is safe, until all have one', async () => {
        const { service, clock } = createService();
        const batches: number[][] = [];
        const statusesOf = new Map([
            [1, [0, 504, 201]],
            [2, [409]],
            [3, [0, 201]],
        ]);
        const worker = async (batch: number[]) => {
            batches.push(batch);
            return batch.map(n => {
                const status = statusesOf.get(n)?.shift() ?? 201;
                return status === 201 ? saved : failedWith(status);
            });
        };

        const run = runBulk(numbers(4), worker, { service, batchSize: 4, idempotent: true });
        const result = await clock.resolve(run);

        expect(result).toMatchObject({ succeeded: 3, failed: 1, unknown: 0, retries: 2, rateLimited: 0 });
        expect(result.errors).toMatchObject([{ index: 2, outcome: 'failed' }]);
        expect(batches).toEqual([[0, 1, 2, 3], [1, 3], [1]]);
    });

    test('is not taken for one answer where the results are of two kinds', async () => {
        for (const [statuses, unknown] of [
            [[401, 0, 0], 2],
            [[0, 401, 401], 1],
        ] as const) {
            const { service, clock } = createService();
            const sent: number[] = [];
            let isFirst = true;
            const worker = async (batch: number[]) => {
                sent.push(...batch);
                const isBad = batch.includes(4) && isFirst;
                if (isBad) isFirst = false;
                return batch.map((_, place) => (isBad ? failedWith(statuses[place] ?? 0) : saved));
            };
            const options = { service, batchSize: 3, concurrency: 1 };

            const result = await clock.resolve(runBulk([1, 2, 3, 4, 5, 6], worker, options));

            expect(result).toMatchObject({ succeeded: 6 - unknown, failed: 0, unknown });
            const inDoubt = result.errors.map(({ item }) => item);
            expect(sent.filter(n => inDoubt.includes(n))).toEqual(inDoubt);
        }
    });

    test('says so of those that had no answer when the run was cancelled', async () => {
        const { service, clock } = createService();
        const controller = new AbortController();
        const worker = async (batch: number[]) => {
            controller.abort();
            return batch.map(n => (n === 1 ? failedWith(0) : saved));
        };

        const { signal } = controller;
        const run = runBulk(numbers(3), worker, { service, batchSize: 3, idempotent: true, signal });
        const result = await clock.resolve(run);

        expect(result).toMatchObject({ status: 'cancelled', succeeded: 2, unknown: 1, errors: [{ index: 1 }] });
    });

    test('waits for the connection, and for the session, when none of them had an answer', async () => {
        for (const status of [0, 401]) {
            const { service, clock } = createService();
            let sent = 0;
            let isDown = false;
            const worker = async (batch: number[]) => {
                sent++;
                if (sent === 3) {
                    isDown = true;
                    clock.setTimeout(() => {
                        isDown = false;
                    }, 20_000);
                }
                return batch.map(() => (isDown ? failedWith(status) : saved));
            };

            const run = runBulk(numbers(300), worker, { service, batchSize: 10, concurrency: 2 });
            const result = await clock.resolve(run);

            const unknown = status === 0 ? result.unknown : 0;
            expect(result).toMatchObject({ succeeded: 300 - unknown, failed: 0, unknown });
            expect(unknown).toBeLessThan(100);
        }
    });

    test('has those that were refused sent again, after a pause', async () => {
        const { service, clock } = createService();
        const start = clock.now();
        const batches: { batch: number[]; at: number }[] = [];
        const worker = async (batch: number[]) => {
            batches.push({ batch, at: clock.now() - start });
            const isEarly = clock.now() - start < 3000;
            return batch.map(n => (isEarly && n % 2 ? { ...failedWith(429), error: { retry_after: 3 } } : saved));
        };

        const result = await clock.resolve(runBulk(numbers(4), worker, { service, batchSize: 4 }));

        expect(result).toMatchObject({ succeeded: 4, failed: 0, rateLimited: 1, retries: 1 });
        expect(batches.map(({ batch }) => batch)).toEqual([
            [0, 1, 2, 3],
            [1, 3],
        ]);
        expect(batches[1]?.at).toBeGreaterThanOrEqual(3000);
    });

    test('waits with those that were refused, also when they have become too many for a batch meanwhile', async () => {
        const { service, clock } = createService();
        const start = clock.now();
        const sent: { size: number; at: number }[] = [];
        const worker = async (batch: number[]) => {
            const [first = 0] = batch;
            if (first >= 8 && batch.length > 2) throw new HttpError('Payload Too Large', 413);
            if (first < 4 || first >= 8) return;
            sent.push({ size: batch.length, at: clock.now() - start });
            if (sent.length > 1) return;
            await new Promise<void>(resolve => void clock.setTimeout(resolve, 1000));
            return batch.map(() => ({ ...failedWith(429), error: { retry_after: 3 } }));
        };

        const run = runBulk(numbers(12), worker, { service, batchSize: 4, concurrency: 2 });

        await expect(clock.resolve(run)).resolves.toMatchObject({ succeeded: 12, rateLimited: 1, retries: 1 });
        expect(sent.map(({ size }) => size)).toEqual([4, 2, 2]);
        expect(sent[1]?.at).toBeGreaterThanOrEqual(4000);
    });
});
