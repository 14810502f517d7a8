import { HttpError } from 'ra-core';
import { type BulkProgress, runBulk } from 'ra-rate-limit';
import { describe, expect, test, vi } from 'vitest';
import { createService } from '../support/createService';
import { numbers } from '../support/numbers';
import { heldCall, refusal, refusalFor, rejectionOf } from '../support/scriptedCalls';
import { VirtualClock } from '../support/virtualClock';

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

    test.each([
        ['server', () => refusalFor(9)],
        ['connection', () => new TypeError('Failed to fetch')],
        ['session', () => new HttpError('JWT expired', 401)],
    ])('of a run that waits says that it is for the %s', async (waitsFor, error) => {
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
});
