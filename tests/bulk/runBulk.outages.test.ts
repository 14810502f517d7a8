import { HttpError } from 'ra-core';
import { runBulk } from 'ra-rate-limit';
import { describe, expect, test, vi } from 'vitest';
import { createService } from '../support/createService';
import { numbers } from '../support/numbers';
import { scriptedCall } from '../support/scriptedCalls';
import type { VirtualClock } from '../support/virtualClock';

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
