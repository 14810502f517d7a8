import { HttpError } from 'ra-core';
import { type BulkProgress, runBulk, withRateLimit } from 'ra-rate-limit';
import { describe, expect, test, vi } from 'vitest';
import { createService } from '../support/createService';
import { numbers } from '../support/numbers';
import { heldCall, refusalFor } from '../support/scriptedCalls';

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

    test('is what the end of its service does also where items wait for the connection', async () => {
        const { service, clock } = createService();
        const signals: AbortSignal[] = [];
        const worker = async (_: number, { signal }: { signal: AbortSignal }) => {
            signals.push(signal);
            throw new TypeError('Failed to fetch');
        };
        const run = runBulk(numbers(3), worker, { service, concurrency: 1 });
        await clock.advance(500);

        service.dispose();

        expect(clock.pendingTimers).toBe(0);
        await expect(run).resolves.toMatchObject({ status: 'cancelled', unknown: 1, notAttempted: 2 });
        expect(signals).toHaveLength(1);
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
