import { HttpError } from 'ra-core';
import { type BulkProgress, RateLimitService, runBulk } from 'ra-rate-limit';
import { describe, expect, test, vi } from 'vitest';
import { seededRandom } from '../../bench/bulk/virtualTime';
import { createService } from '../support/createService';
import { numbers } from '../support/numbers';
import { refusal, refusalFor, rejectionOf, scriptedCall } from '../support/scriptedCalls';
import { VirtualClock } from '../support/virtualClock';

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

    test('leaves no pace behind where nothing was refused', async () => {
        const { service, clock } = createService({ maxElapsedMs: 0 });
        await clock.resolve(runBulk(numbers(3), async () => {}, { service }));
        const call = scriptedCall(clock, 'saved');

        await clock.resolve(Promise.all(numbers(50).map(() => service.executeWithRetry(call))));

        expect(new Set(call.sentAt).size).toBe(1);
    });

    test('leaves its pace behind where something was refused', async () => {
        const { service, clock } = createService();
        let refusals = 2;
        const worker = async () => {
            if (refusals-- > 0) throw refusal();
        };
        await clock.resolve(runBulk(numbers(3), worker, { service }));
        const call = scriptedCall(clock, 'saved');

        await clock.resolve(Promise.all(numbers(10).map(() => service.executeWithRetry(call))));

        expect(new Set(call.sentAt).size).toBe(10);
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
