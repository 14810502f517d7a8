import { RateLimitService } from 'ra-rate-limit';
import { describe, expect, it, vi } from 'vitest';
import { createService } from '../support/createService';
import { refusal, refusalFor, rejectionOf, scriptedCall } from '../support/scriptedCalls';

describe('a new service', () => {
    it('needs no options', () => {
        const service = new RateLimitService();

        expect(service.getCircuitState()).toMatchObject({ status: 'closed', consecutiveFailures: 0 });
        expect(Math.abs(service.now() - Date.now())).toBeLessThan(1000);
    });

    it('refuses a wrong option at construction', () => {
        expect(() => new RateLimitService({ maxRetries: -1 })).toThrow(RangeError);
    });

    it('has counted nothing', () => {
        const { service } = createService();

        expect(service.getStats()).toEqual({
            calls: 0,
            succeeded: 0,
            failed: 0,
            rateLimited: 0,
            retries: 0,
            exhausted: 0,
            rejected: 0,
            aborted: 0,
            opened: 0,
            waiting: 0,
        });
    });

    it('tells the time of its clock', () => {
        const { service, clock } = createService();

        expect(service.now()).toBe(clock.now());
    });
});

describe('an operation that has begun', () => {
    it.each([
        [Promise.resolve('saved'), '[object Promise]'],
        ['save', '"save"'],
        [undefined, 'undefined'],
    ])('%o is refused at once, as it cannot be repeated', (operation, got) => {
        const { service } = createService();

        expect(() => service.executeWithRetry(operation as never)).toThrow(
            new TypeError(`ra-rate-limit: operation must be a function that starts the call, got ${got}`),
        );
        expect(service.getStats()).toMatchObject({ calls: 0 });
    });
});

describe('an operation that returns no promise', () => {
    it('is a call like any other', async () => {
        const { service, namesOfEvents } = createService();

        await expect(service.executeWithRetry(() => 'saved')).resolves.toBe('saved');

        expect(service.getStats()).toMatchObject({ calls: 1, succeeded: 1 });
        expect(namesOfEvents()).toEqual(['success']);
    });

    it('is retried when it returns or throws a refusal', async () => {
        const { service, clock } = createService();
        const operation = vi
            .fn<() => unknown>()
            .mockReturnValueOnce({ data: null, error: { message: 'slow down' }, status: 429 })
            .mockImplementationOnce(() => {
                throw refusal();
            })
            .mockReturnValue('saved');

        await expect(clock.resolve(service.executeWithRetry(operation))).resolves.toBe('saved');

        expect(operation).toHaveBeenCalledTimes(3);
    });
});

describe('what a service tells cannot be used to change it', () => {
    it.each(['getStats', 'getCircuitState'] as const)('%s', method => {
        const { service } = createService();
        const before = service[method]();

        Object.assign(service[method](), { calls: 99, consecutiveFailures: 99 });

        expect(service[method]()).toEqual(before);
    });
});

describe('the snapshot', () => {
    it('of a new service is the closed circuit', () => {
        const { service } = createService();

        expect(service.getSnapshot()).toEqual({
            status: 'closed',
            isOpen: false,
            consecutiveFailures: 0,
            lastFailureTime: null,
            openUntil: null,
            waiting: 0,
            waitingBulk: 0,
            waitingReads: 0,
            pausedUntil: null,
        });
    });

    it('is the same object until something changes, and healthy calls change nothing', async () => {
        const { service } = createService();
        const listener = vi.fn();
        service.subscribe(listener);
        const before = service.getSnapshot();

        await service.executeWithRetry(async () => 'saved');

        expect(service.getSnapshot()).toBe(before);
        expect(listener).not.toHaveBeenCalled();
    });

    it('follows waiting calls, pauses, failures and the circuit, and subscribers hear of each', async () => {
        const { service, clock } = createService({ maxRetries: 1, circuitBreakerThreshold: 2 });
        const { subscribe, getSnapshot } = service; // as useSyncExternalStore takes them
        let heard = getSnapshot();
        const seen = [heard];
        const look = () => {
            heard = getSnapshot();
            seen.push(heard);
        };
        const unsubscribe = subscribe(look);

        const failing = clock.resolve(
            rejectionOf(service.executeWithRetry(scriptedCall(clock, refusalFor(1), refusal()))),
        );
        await failing;
        expect(seen.some(({ waiting, pausedUntil }) => waiting === 1 && pausedUntil !== null)).toBe(true);
        expect(heard).toMatchObject({ waiting: 0, consecutiveFailures: 1, lastFailureTime: clock.now() });
        expect(heard).toBe(getSnapshot());

        await clock.resolve(rejectionOf(service.executeWithRetry(scriptedCall(clock, refusal()))));
        expect(heard).toMatchObject({ status: 'open', isOpen: true, openUntil: clock.now() + 60_000 });

        await clock.advance(60_000);
        expect(heard).toMatchObject({ status: 'half-open', isOpen: false });

        await service.executeWithRetry(async () => 'saved');
        expect(heard).toMatchObject({ status: 'closed', consecutiveFailures: 0 });

        unsubscribe();
        const count = seen.length;
        service.dispatcher.pause(5000);
        expect(seen).toHaveLength(count);
    });

    it('forgets the failures that an answer ended, for those who only subscribe', async () => {
        const { service, clock } = createService({ maxRetries: 0 });
        await clock.resolve(rejectionOf(service.executeWithRetry(scriptedCall(clock, refusal()))));
        let heard = service.getSnapshot();
        service.subscribe(() => {
            heard = service.getSnapshot();
        });
        expect(heard.consecutiveFailures).toBe(1);

        await service.executeWithRetry(async () => 'saved');

        expect(heard.consecutiveFailures).toBe(0);
    });

    it('is up to date in every listener', async () => {
        const { service, clock } = createService({ maxRetries: 1, circuitBreakerThreshold: 1, circuitResetMs: 1000 });
        const seen: unknown[] = [];
        const note = (name: 'pause' | 'exhausted' | 'open' | 'halfOpen' | 'close') => {
            service.on(name, () => void seen.push([name, service.getSnapshot()]));
        };
        service.getSnapshot();
        for (const name of ['pause', 'open', 'exhausted', 'halfOpen', 'close'] as const) note(name);

        // Somebody looks while each call is under way, too.
        const call = scriptedCall(clock, refusalFor(1), refusal());
        await clock.resolve(
            rejectionOf(
                service.executeWithRetry(() => {
                    service.getSnapshot();
                    return call();
                }),
            ),
        );
        await clock.advance(1000);
        await service.executeWithRetry(async () => service.getSnapshot());

        expect(seen).toMatchObject([
            ['pause', { pausedUntil: expect.any(Number) }],
            ['open', { status: 'open' }],
            ['exhausted', { consecutiveFailures: 1 }],
            ['halfOpen', { status: 'half-open' }],
            ['close', { status: 'closed' }],
        ]);
    });
});

describe('listeners', () => {
    it('that throw never break a call', async () => {
        const { service, clock } = createService({ maxRetries: 1 });
        const boom = () => {
            throw new Error('A broken listener');
        };
        for (const name of ['retry', 'success', 'pause'] as const) service.on(name, boom);
        service.subscribe(boom);

        const saving = service.executeWithRetry(scriptedCall(clock, refusalFor(1), 'saved'));

        await expect(clock.resolve(saving)).resolves.toBe('saved');
    });

    it('may be taken off', async () => {
        const { service } = createService();
        const listener = vi.fn();
        const stop = service.on('success', listener);

        stop();
        await service.executeWithRetry(async () => 'saved');

        expect(listener).not.toHaveBeenCalled();
    });
});

describe('a logger', () => {
    it('that throws never breaks a call', async () => {
        const boom = () => {
            throw new Error('The disk is full');
        };
        const { service, clock } = createService({ logger: { debug: boom, info: boom, warn: boom, error: boom } });

        await expect(clock.resolve(service.executeWithRetry(scriptedCall(clock, refusal(), 'saved')))).resolves.toBe(
            'saved',
        );
    });

    it('of false keeps the console quiet', async () => {
        const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
        const { service, clock } = createService({ logger: false });

        await clock.resolve(service.executeWithRetry(scriptedCall(clock, refusal(), 'saved')));

        expect(warn).not.toHaveBeenCalled();
        warn.mockRestore();
    });
});

describe('dispose', () => {
    it('ends every wait with an AbortError, and leaves no timer', async () => {
        const { service, clock } = createService();
        const waiting = [1, 2].map(() => rejectionOf(service.executeWithRetry(scriptedCall(clock, refusal()))));
        await clock.advance(10);

        service.dispose();

        for (const reason of await Promise.all(waiting)) {
            expect(reason).toBeInstanceOf(DOMException);
            expect(reason).toMatchObject({ name: 'AbortError', message: 'Disposed' });
        }
        expect(clock.pendingTimers).toBe(0);
        expect(service.getStats()).toMatchObject({ calls: 2, aborted: 2, waiting: 0 });
    });

    it('takes the timer of an open circuit', async () => {
        const { service, clock } = createService();
        await rejectionOf(service.executeWithRetry(() => Promise.reject(refusalFor(60))));
        expect(clock.pendingTimers).toBe(1);

        service.dispose();

        expect(clock.pendingTimers).toBe(0);
    });

    it('forgets listeners and subscribers', async () => {
        const { service } = createService();
        const [listener, subscriber] = [vi.fn(), vi.fn()];
        service.on('success', listener);
        service.subscribe(subscriber);

        service.dispose();
        await service.executeWithRetry(async () => 'saved');
        service.resetCircuit();

        expect(listener).not.toHaveBeenCalled();
        expect(subscriber).not.toHaveBeenCalled();
    });
});
