import { RateLimitError, RateLimitService, runBulk } from 'ra-rate-limit';
import { describe, expect, test, vi } from 'vitest';
import { createService } from '../support/createService';
import { numbers } from '../support/numbers';
import { heldCall, refusal, refusalFor, rejectionOf } from '../support/scriptedCalls';

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
