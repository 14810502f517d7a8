import { HttpError } from 'ra-core';
import { type RateLimitOptions, RateLimitService, rateLimitFetch, runBulk, withRateLimit } from 'ra-rate-limit';
import { describe, expect, it, vi } from 'vitest';
import { createService } from '../support/createService';
import { heldCall, refusal, refusalFor, rejectionOf, scriptedCall } from '../support/scriptedCalls';
import { VirtualClock } from '../support/virtualClock';

const OPEN = {
    code: 'RATE_LIMIT_CIRCUIT_OPEN',
    message: 'Too many requests. Please wait 1-2 minutes before trying again.',
};
const EXHAUSTED = { code: 'RATE_LIMIT_MAX_RETRIES_EXCEEDED' };

/** A service whose calls fail at the first refusal. */
const createBrittle = (options: RateLimitOptions = {}) => {
    const created = createService({ maxRetries: 0, ...options });
    const { service, clock } = created;
    const fail = () => clock.resolve(rejectionOf(service.executeWithRetry(scriptedCall(clock, refusal()))));
    const open = async () => {
        while (!service.getCircuitState().isOpen) await fail();
    };
    const openAndWait = async () => {
        await open();
        await clock.advance(60_000);
    };
    const statusOf = () => service.getCircuitState().status;
    return { ...created, fail, open, openAndWait, statusOf };
};

describe('failed calls in a row', () => {
    it('open the circuit when there are five', async () => {
        const { fail, service, clock } = createBrittle();

        const errors = [await fail(), await fail(), await fail(), await fail()];
        expect(service.getCircuitState()).toMatchObject({ status: 'closed', isOpen: false, consecutiveFailures: 4 });
        const fifth = await fail();

        for (const error of errors) expect(error).toMatchObject(EXHAUSTED);
        expect(fifth).toMatchObject({ ...OPEN, attempts: 1, retryAfterMs: 60_000 });
        expect(service.getCircuitState()).toEqual({
            status: 'open',
            isOpen: true,
            consecutiveFailures: 5,
            lastFailureTime: clock.now(),
            timeSinceLastFailure: 0,
            openUntil: clock.now() + 60_000,
        });
    });

    it('open it at the threshold and for the time that the options say', async () => {
        const { fail, service, clock } = createBrittle({ circuitBreakerThreshold: 2, circuitResetMs: 7000 });

        await fail();
        expect(service.getCircuitState().status).toBe('closed');
        await fail();

        expect(service.getCircuitState().openUntil).toBe(clock.now() + 7000);
    });

    it('are counted by call, not by attempt', async () => {
        const { service, clock } = createService({ maxRetries: 9 });

        await clock.resolve(rejectionOf(service.executeWithRetry(scriptedCall(clock, refusal()))));

        expect(service.getCircuitState()).toMatchObject({ status: 'closed', consecutiveFailures: 1 });
    });

    it.each([
        ['an answer', async () => 'saved'],
        ['an error of its own', () => Promise.reject(new HttpError('Conflict', 409))],
    ])('are forgotten with %s in between', async (_, answer) => {
        const { fail, service } = createBrittle({ circuitBreakerThreshold: 2 });

        await fail();
        await Promise.allSettled([service.executeWithRetry<unknown>(answer)]);
        expect(service.getCircuitState().consecutiveFailures).toBe(0);
        await fail();

        expect(service.getCircuitState()).toMatchObject({ status: 'closed', consecutiveFailures: 1 });
    });

    it('say so in the log and as an event', async () => {
        const { open, lines, events, clock } = createBrittle();

        await open();

        const opened = { openUntil: clock.now() + 60_000, consecutiveFailures: 5 };
        expect(lines.slice(-2)).toEqual([
            { level: 'error', message: '[RateLimit] Max retries exceeded', context: { attempts: 1 } },
            {
                level: 'error',
                message: '[RateLimit] Circuit breaker opened after 5 consecutive failures',
                context: opened,
            },
        ]);
        expect(events.filter(({ name }) => name === 'open')).toEqual([{ name: 'open', event: opened }]);
    });

    it('keep it open beyond circuitResetMs, until the moment that the server named', async () => {
        const { service, clock } = createBrittle({ circuitBreakerThreshold: 1, circuitResetMs: 1000 });

        const error = await clock.resolve(rejectionOf(service.executeWithRetry(scriptedCall(clock, refusalFor(8)))));

        expect(error).toMatchObject({ ...OPEN, retryAfterMs: 8000 });
        expect(service.getCircuitState().openUntil).toBe(clock.now() + 8000);
    });
});

describe('a circuit that opens for no time', () => {
    it('ends the call that opens it with the code of an open circuit, and lets the next one probe', async () => {
        const { service, clock, fail, namesOfEvents } = createBrittle({
            circuitBreakerThreshold: 1,
            circuitResetMs: 0,
        });

        expect(await fail()).toMatchObject(OPEN);
        expect(await fail()).toMatchObject(OPEN);
        await clock.resolve(service.executeWithRetry(scriptedCall(clock, 'saved')));

        expect(namesOfEvents().at(-1)).toBe('success');
        expect(service.getCircuitState().status).toBe('closed');
    });
});

describe('while the circuit is open', () => {
    it('a call is turned away at once, and the server is not asked', async () => {
        const { open, service, clock, events } = createBrittle();
        await open();
        await clock.advance(20_000);
        const call = scriptedCall(clock, 'saved');

        const error = await rejectionOf(
            service.executeWithRetry(call, { resourceName: 'contacts', operation: 'create' }),
        );

        expect(call).not.toHaveBeenCalled();
        const names = { resource: 'contacts', operation: 'create' };
        expect(error).toMatchObject({ ...OPEN, ...names, attempts: 0, retryAfterMs: 40_000 });
        expect(error).toHaveProperty('cause', undefined);
        expect(events.at(-1)).toEqual({ name: 'reject', event: { ...names, attempts: 0, waitedMs: 0, error } });
        expect(service.getStats()).toMatchObject({ rejected: 1, exhausted: 5, opened: 1 });
    });

    it('the answer to an earlier call does not close it, but ends the row of failures', async () => {
        const { open, service } = createBrittle();
        const early = heldCall();
        const answered = service.executeWithRetry(early);
        await open();

        early.resolve('saved');
        await expect(answered).resolves.toBe('saved');

        expect(service.getCircuitState()).toMatchObject({ status: 'open', consecutiveFailures: 0 });
        const later = heldCall();
        await expect(rejectionOf(service.executeWithRetry(later))).resolves.toMatchObject(OPEN);
        expect(later).not.toHaveBeenCalled();
    });

    it('the refusal of an earlier call is not retried', async () => {
        const { open, service, clock } = createBrittle({ maxRetries: 3 });
        const early = heldCall();
        const refused = rejectionOf(service.executeWithRetry(early));
        await open();
        await clock.advance(1000);

        early.reject(refusal());

        await expect(refused).resolves.toMatchObject({ ...OPEN, attempts: 1, retryAfterMs: 59_000 });
        expect(early).toHaveBeenCalledTimes(1);
        expect(service.getCircuitState().consecutiveFailures).toBe(6);
    });

    it('a pause that keeps it open for longer is in the snapshot, also for those who look all the time', async () => {
        const { open, service, clock } = createBrittle();
        await open();
        service.subscribe(() => service.getSnapshot());

        service.dispatcher.pause(90_000);

        expect(service.getSnapshot().openUntil).toBe(clock.now() + 90_000);
    });

    it('a refusal that names a later moment keeps it open for longer', async () => {
        const { open, service, clock, namesOfEvents } = createBrittle();
        const early = heldCall();
        const refused = rejectionOf(service.executeWithRetry(early));
        await open();
        const before = service.getSnapshot();

        early.reject(refusalFor(600));

        await expect(refused).resolves.toMatchObject({ ...OPEN, retryAfterMs: 600_000 });
        expect(namesOfEvents().filter(name => name === 'open')).toHaveLength(1);
        expect(service.getStats().opened).toBe(1);
        expect(service.getSnapshot().openUntil).toBeGreaterThan(before.openUntil ?? Number.POSITIVE_INFINITY);
        await clock.advance(599_999);
        expect(service.getCircuitState().status).toBe('open');
        await clock.advance(1);
        expect(service.getCircuitState().status).toBe('half-open');
    });

    it('a pause that ends later than it puts off the time to try again', async () => {
        const { service, clock, fail } = createBrittle({ circuitBreakerThreshold: 1, circuitResetMs: 1000 });
        const early = heldCall();
        const refused = rejectionOf(service.executeWithRetry(early));
        await fail();

        early.reject(refusalFor(5));

        await expect(refused).resolves.toMatchObject({ ...OPEN, retryAfterMs: 5000 });
        expect(service.getSnapshot().openUntil).toBe(clock.now() + 5000);
        const call = scriptedCall(clock, 'saved');
        await clock.advance(1000);
        await expect(rejectionOf(service.executeWithRetry(call))).resolves.toMatchObject({
            ...OPEN,
            retryAfterMs: 4000,
        });
        await clock.advance(4000);
        await clock.resolve(service.executeWithRetry(call));
        expect(call.sentAt).toEqual([5000]);
    });

    it('an open period without an end is told with the last moment that there is', async () => {
        const { service, fail } = createBrittle({
            circuitBreakerThreshold: 1,
            circuitResetMs: Number.MAX_SAFE_INTEGER,
        });
        const opened = vi.fn();
        service.on('open', ({ openUntil }) => opened(new Date(openUntil).toISOString()));

        await fail();

        expect(opened).toHaveBeenCalledExactlyOnceWith('+275760-09-13T00:00:00.000Z');
    });
});

describe('consecutive failures', () => {
    it('are none after an answer, also when a call that was aborted came between', async () => {
        const { service, clock, fail } = createBrittle({ circuitBreakerThreshold: 3 });
        await fail();
        await fail();
        await clock.advance(40_000);
        const controller = new AbortController();
        const early = heldCall();
        const aborted = rejectionOf(service.executeWithRetry(early, { signal: controller.signal }));
        controller.abort();
        early.reject(controller.signal.reason);
        await aborted;

        await clock.resolve(service.executeWithRetry(scriptedCall(clock, 'saved')));

        expect(service.getCircuitState().consecutiveFailures).toBe(0);
    });
});

describe('a call that is aborted while it is refused', () => {
    it('is no answer: it does not end the row of failures', async () => {
        const { service, clock, fail } = createBrittle();
        await fail();
        const controller = new AbortController();
        const call = heldCall();
        const aborted = rejectionOf(service.executeWithRetry(call, { signal: controller.signal }));

        controller.abort('gone');
        call.reject(refusal());

        await expect(clock.resolve(aborted)).resolves.toBe('gone');
        expect(service.getCircuitState().consecutiveFailures).toBe(1);
    });
});

describe('calls that wait when the circuit opens', () => {
    it('are turned away at once', async () => {
        const { service, clock } = createService({ circuitBreakerThreshold: 1, initialDelayMs: 5000 });
        const call = scriptedCall(clock, refusal());
        const waiting = Promise.all([
            rejectionOf(service.executeWithRetry(call, { operation: 'create' })),
            rejectionOf(service.executeWithRetry(call, { operation: 'update', priority: 'bulk' })),
        ]);
        await clock.advance(10);
        expect(service.getStats().waiting).toBe(2);

        await rejectionOf(service.executeWithRetry(() => Promise.reject(refusalFor(60))));

        const errors = await waiting;
        expect(errors).toMatchObject([
            { ...OPEN, operation: 'create', attempts: 1, retryAfterMs: 60_000 },
            { ...OPEN, operation: 'update', attempts: 1, retryAfterMs: 60_000 },
        ]);
        expect(errors[0]).toHaveProperty('cause.status', 429);
        expect(call).toHaveBeenCalledTimes(2);
        expect(service.getStats()).toMatchObject({ waiting: 0, rejected: 2, exhausted: 1 });
    });

    it('are each told once, also when a listener aborts them all in answer to the first', async () => {
        const { service, clock, namesOfEvents } = createService({ initialDelayMs: 5000 });
        const controller = new AbortController();
        const { signal } = controller;
        const call = scriptedCall(clock, refusal());
        const all = Promise.all([1, 2, 3].map(() => rejectionOf(service.executeWithRetry(call, { signal }))));
        await clock.advance(10);
        service.on('reject', () => controller.abort('all or nothing'));

        service.dispatcher.pause(60_000);

        await expect(all).resolves.toMatchObject([OPEN, 'all or nothing', 'all or nothing']);
        expect(namesOfEvents().filter(name => name === 'reject')).toHaveLength(1);
        expect(service.getStats()).toMatchObject({ rejected: 1, aborted: 2, exhausted: 0, waiting: 0 });
        expect(clock.pendingTimers).toBe(1); // for the end of the open period
    });

    it('are counted as aborted where the failure of the first is the reason', async () => {
        const { service, clock } = createService({ maxRetries: 0, circuitBreakerThreshold: 99 });
        const controller = new AbortController();
        const { signal } = controller;
        const first = rejectionOf(service.executeWithRetry(() => Promise.reject(refusal()), { signal }));
        service.dispatcher.pause(1000);
        const second = rejectionOf(service.executeWithRetry(async () => 'saved', { signal }));

        controller.abort(await clock.resolve(first));

        await expect(second).resolves.toBe(await first);
        expect(service.getStats()).toMatchObject({ calls: 2, exhausted: 1, aborted: 1 });
    });

    it('are each told once, when several run out of time together', async () => {
        const { service, clock, namesOfEvents } = createService({ maxElapsedMs: 1000 });
        const all = Promise.all(
            [1, 2, 3].map(() => rejectionOf(service.executeWithRetry(scriptedCall(clock, refusal())))),
        );
        await clock.advance(10);
        service.dispatcher.pause(1000);

        const errors = await clock.resolve(all);

        expect(errors).toMatchObject([EXHAUSTED, EXHAUSTED, EXHAUSTED]);
        expect(namesOfEvents().filter(name => name === 'exhausted' || name === 'reject')).toHaveLength(3);
        expect(service.getStats()).toMatchObject({ exhausted: 3, rejected: 0, opened: 0, waiting: 0 });
    });

    it('run out of time, refused again and again by a server that accepts nothing, until it opens', async () => {
        const { service, clock } = createService();
        void rejectionOf(service.executeWithRetry(heldCall()));
        const end = clock.now() + 10 * 60_000;

        while (!service.getCircuitState().isOpen && clock.now() < end) {
            await clock.resolve(rejectionOf(service.executeWithRetry(scriptedCall(clock, refusal()))));
        }

        expect(service.getCircuitState().status).toBe('open');
        expect(service.getStats().exhausted).toBe(5);
    });
});

describe('a server that names a moment further off than the longest delay', () => {
    it('opens the circuit until then, at the first refusal', async () => {
        const { service, clock, lines } = createService();
        const call = scriptedCall(clock, refusalFor(3600));

        const error = await rejectionOf(service.executeWithRetry(call));

        expect(call).toHaveBeenCalledTimes(1);
        expect(error).toMatchObject({ ...OPEN, attempts: 1, retryAfterMs: 3_600_000 });
        expect(service.getCircuitState()).toMatchObject({
            status: 'open',
            consecutiveFailures: 1,
            openUntil: clock.now() + 3_600_000,
        });
        expect(lines.map(({ message }) => message)).toEqual([
            '[RateLimit] Circuit breaker opened after 1 consecutive failures',
        ]);
    });

    it('is believed for a day at most', async () => {
        const { service, clock } = createService();

        await rejectionOf(service.executeWithRetry(() => Promise.reject(refusalFor(30 * 86_400))));

        expect(service.getCircuitState().openUntil).toBe(clock.now() + 86_400_000);
    });

    it('is tried again at that moment, not before', async () => {
        const { service, clock } = createService();
        await rejectionOf(service.executeWithRetry(() => Promise.reject(refusalFor(3600))));
        const call = scriptedCall(clock, 'saved');

        await clock.advance(3_599_999);
        await rejectionOf(service.executeWithRetry(call));
        expect(call).not.toHaveBeenCalled();
        await clock.advance(1);

        await expect(service.executeWithRetry(call)).resolves.toBe('saved');
    });

    it('makes a circuit that opens for circuitResetMs stay open for longer', async () => {
        const { service, clock } = createBrittle({ circuitBreakerThreshold: 1, circuitResetMs: 1000 });

        await rejectionOf(service.executeWithRetry(() => Promise.reject(refusalFor(60))));

        expect(service.getCircuitState().openUntil).toBe(clock.now() + 60_000);
    });
});

describe('when the open period is over', () => {
    it('the circuit is half-open, and listeners hear of it in time, once', async () => {
        const { open, clock, service, namesOfEvents } = createBrittle();
        await open();

        await clock.advance(59_999);
        const before = service.getSnapshot();
        expect(before).toMatchObject({ status: 'open', isOpen: true, openUntil: clock.now() + 1 });
        expect(namesOfEvents()).not.toContain('halfOpen');
        await clock.advance(1);

        const after = service.getSnapshot();
        expect(after).toMatchObject({ status: 'half-open', isOpen: false, openUntil: null });
        expect(service.getSnapshot()).toBe(after);
        expect(namesOfEvents().at(-1)).toBe('halfOpen');
        await service.executeWithRetry(async () => 'saved');
        expect(namesOfEvents().filter(name => name === 'halfOpen')).toHaveLength(1);
        expect(clock.pendingTimers).toBe(0);
    });

    describe('nobody is told who does not listen', () => {
        const openUnheard = async () => {
            const clock = new VirtualClock();
            const service = new RateLimitService({ clock, logger: false, maxRetries: 0, circuitBreakerThreshold: 1 });
            await rejectionOf(service.executeWithRetry(() => Promise.reject(refusal())));
            return { clock, service, listener: vi.fn() };
        };

        it('so that no timer is left', async () => {
            const { clock, service } = await openUnheard();

            expect(clock.pendingTimers).toBe(0);

            await clock.advance(60_000);
            expect(service.getCircuitState().status).toBe('half-open');
        });

        it('but those who begin to meanwhile are', async () => {
            const { clock, service, listener } = await openUnheard();
            await clock.advance(20_000);

            service.on('halfOpen', listener);
            await clock.advance(39_999);
            expect(listener).not.toHaveBeenCalled();
            await clock.advance(1);

            expect(listener).toHaveBeenCalledTimes(1);
        });

        it('but a screen that begins to show the state is', async () => {
            const { clock, service, listener } = await openUnheard();

            service.subscribe(listener);
            await clock.advance(60_000);

            expect(listener).toHaveBeenCalledTimes(1);
        });

        it('and a listener to something else is none', async () => {
            const { clock, service, listener } = await openUnheard();

            service.on('open', listener);

            expect(clock.pendingTimers).toBe(0);
        });

        it('and no timer is left by who begins to listen while the service is disposed', async () => {
            const { clock, service } = await openUnheard();
            const running = runBulk([1], async () => {}, { service });
            await clock.advance(0);
            const stop = service.subscribe(() => {
                stop();
                service.subscribe(() => {});
            });

            service.dispose();

            await expect(running).resolves.toMatchObject({ status: 'cancelled' });
            expect(clock.pendingTimers).toBe(0);
        });

        it('nor is one that has stopped to listen', async () => {
            const { clock, service, listener } = await openUnheard();
            service.subscribe(listener)();
            await clock.advance(70_000);

            service.on('halfOpen', listener);
            await rejectionOf(service.executeWithRetry(() => Promise.reject(refusal())));

            expect(clock.pendingTimers).toBe(1);
            expect(listener).not.toHaveBeenCalled();
        });
    });

    it('a late timer keeps no calls away, and is silent when the circuit has closed meanwhile', async () => {
        const { service, clock, statusOf, namesOfEvents } = createBrittle({ circuitBreakerThreshold: 1 });
        const setTimeout = clock.setTimeout;
        clock.setTimeout = (callback, ms) => setTimeout(callback, ms + 10_000);
        await rejectionOf(service.executeWithRetry(() => Promise.reject(refusal())));
        await clock.advance(60_000);
        expect(service.getSnapshot()).toMatchObject({ status: 'half-open', isOpen: false, openUntil: null });

        await expect(service.executeWithRetry(async () => 'saved')).resolves.toBe('saved');

        const listener = vi.fn();
        service.subscribe(listener);
        await clock.advance(10_000);
        expect(namesOfEvents().slice(-2)).toEqual(['close', 'success']);
        expect(listener).not.toHaveBeenCalled();
        expect(statusOf()).toBe('closed');
    });

    it('an early timer does not let them in', async () => {
        const { service, clock, statusOf, namesOfEvents } = createBrittle({ circuitBreakerThreshold: 1 });
        const setTimeout = clock.setTimeout;
        clock.setTimeout = (callback, ms) => setTimeout(callback, ms / 2);
        await rejectionOf(service.executeWithRetry(() => Promise.reject(refusal())));

        await clock.advance(30_000);
        expect(statusOf()).toBe('open');
        expect(namesOfEvents()).not.toContain('halfOpen');
        await clock.advance(30_001);

        expect(namesOfEvents().filter(name => name === 'halfOpen')).toHaveLength(1);
    });

    it('a period longer than timers can be ends all the same', async () => {
        const longest = 2 ** 31 - 1;
        const { service, clock, statusOf, namesOfEvents } = createBrittle({
            circuitBreakerThreshold: 1,
            circuitResetMs: longest + 5000,
        });
        const setTimeout = vi.spyOn(clock, 'setTimeout');
        await rejectionOf(service.executeWithRetry(() => Promise.reject(refusal())));

        await clock.advance(longest);
        expect(statusOf()).toBe('open');
        await clock.advance(5000);

        expect(namesOfEvents()).toContain('halfOpen');
        expect(setTimeout.mock.calls.map(([, ms]) => ms)).toEqual([longest, 5000]);
    });

    it('that was made longer ends once, at the later moment', async () => {
        const { open, service, clock, namesOfEvents } = createBrittle();
        await open();
        service.dispatcher.pause(90_000);
        expect(clock.pendingTimers).toBe(1);

        await clock.advance(89_999);
        expect(namesOfEvents()).not.toContain('halfOpen');
        await clock.advance(100_000);

        expect(namesOfEvents().filter(name => name === 'halfOpen')).toHaveLength(1);
    });

    it('that has no length is over at once', async () => {
        const { fail, namesOfEvents, statusOf, clock } = createBrittle({
            circuitBreakerThreshold: 1,
            circuitResetMs: 0,
        });

        await fail();

        expect(namesOfEvents()).toEqual(['open', 'halfOpen', 'exhausted']);
        expect(statusOf()).toBe('half-open');
        expect(clock.pendingTimers).toBe(0);
    });

    it('its timer keeps no script running that has nothing else to do', async () => {
        const { service, clock } = createBrittle({ circuitBreakerThreshold: 1 });
        const unref = vi.fn();
        clock.setTimeout = vi.fn(() => ({ unref }) as never);

        await rejectionOf(service.executeWithRetry(() => Promise.reject(refusal())));

        expect(unref).toHaveBeenCalledTimes(1);
    });

    it('a clock that has no handles will do', async () => {
        const { service, clock } = createBrittle({ circuitBreakerThreshold: 1 });
        clock.setTimeout = () => undefined as never;

        const error = await rejectionOf(service.executeWithRetry(() => Promise.reject(refusal())));

        expect(error).toMatchObject(OPEN);
    });

    it('that a listener closes as it opens turns nobody away, and leaves no timer', async () => {
        const { service, clock, namesOfEvents } = createBrittle({ circuitBreakerThreshold: 1 });
        service.on('open', () => service.resetCircuit());
        const refused = heldCall();
        const failing = rejectionOf(service.executeWithRetry(refused));
        const other = heldCall();
        const others = [1, 2, 3].map(() => service.executeWithRetry(other));
        service.dispatcher.pause(1000);
        const waiting = [1, 2].map(() => service.executeWithRetry(async () => 'saved'));

        refused.reject(refusal());

        await expect(failing).resolves.toMatchObject(OPEN);
        await expect(clock.resolve(Promise.all(waiting))).resolves.toEqual(['saved', 'saved']);
        other.resolve('saved');
        await Promise.all(others);
        expect(namesOfEvents()).not.toContain('reject');
        expect(clock.pendingTimers).toBe(0);
    });

    it('opened for no time turns waiting calls away with the code of an open one', async () => {
        const { service, clock, events } = createBrittle({ circuitBreakerThreshold: 1, circuitResetMs: 0 });
        const refused = heldCall();
        const failing = rejectionOf(service.executeWithRetry(refused));
        service.dispatcher.pause(1000);
        const ahead = heldCall();
        const calls = [1, 2, 3].map(() => service.executeWithRetry(ahead).catch((error: unknown) => error));
        await clock.advance(1010);
        expect(ahead).toHaveBeenCalledTimes(1);

        refused.reject(refusal());

        await expect(failing).resolves.toMatchObject(OPEN);
        await expect(Promise.all(calls.slice(1))).resolves.toMatchObject([OPEN, OPEN]);
        expect(events).toContainEqual({ name: 'reject', event: expect.objectContaining({ attempts: 0 }) });
    });

    it('exactly one call is let through, and the others wait for its outcome', async () => {
        const { openAndWait, service, clock } = createBrittle();
        await openAndWait();
        const probe = heldCall();
        const other = scriptedCall(clock, 'saved');

        const answered = service.executeWithRetry(probe);
        const others = Promise.all([1, 2, 3].map(() => service.executeWithRetry(other)));
        await clock.advance(20_000);
        expect(probe).toHaveBeenCalledTimes(1);
        expect(other).not.toHaveBeenCalled();
        expect(service.getStats().waiting).toBe(3);

        probe.resolve('probed');
        await expect(answered).resolves.toBe('probed');
        await clock.resolve(others);
        expect(other).toHaveBeenCalledTimes(3);
    });

    it('an interactive call that waits goes before a bulk one', async () => {
        const { openAndWait, service, clock } = createBrittle();
        await openAndWait();
        const probe = heldCall();
        const order: string[] = [];
        const call = (priority: 'bulk' | 'interactive') =>
            service.executeWithRetry(async () => void order.push(priority), { priority });
        const all = Promise.all([service.executeWithRetry(probe), call('bulk'), call('interactive')]);

        await clock.advance(10);
        probe.resolve('probed');
        await clock.resolve(all);

        expect(order).toEqual(['interactive', 'bulk']);
    });

    it.each([
        ['answers', (probe: ReturnType<typeof heldCall>) => probe.resolve('saved')],
        ['rejects with an error of its own', (probe: ReturnType<typeof heldCall>) => probe.reject(new Error('409'))],
    ])('a probe that %s closes the circuit, and the others go on one by one', async (_, answer) => {
        const { openAndWait, service, clock, namesOfEvents } = createBrittle();
        await openAndWait();
        const probe = heldCall();
        const other = scriptedCall(clock, 'saved');
        const probed = Promise.allSettled([service.executeWithRetry(probe)]);
        const others = Promise.all([1, 2, 3, 4, 5].map(() => service.executeWithRetry(other)));
        await clock.advance(0);

        answer(probe);
        await probed;

        expect(service.getCircuitState()).toMatchObject({ status: 'closed', consecutiveFailures: 0 });
        expect(namesOfEvents()).toContain('close');
        await clock.resolve(others);
        expect(new Set(other.sentAt).size).toBe(5);
    });

    it('the next call leaves as soon as the probe is answered', async () => {
        const { openAndWait, service, clock } = createBrittle();
        await openAndWait();
        const probe = heldCall();
        const next = heldCall();
        const calls = [probe, next].map(call => service.executeWithRetry(call));
        await clock.advance(0);
        expect(next).not.toHaveBeenCalled();

        probe.resolve('saved');
        await clock.advance(0);

        expect(next).toHaveBeenCalledTimes(1);
        next.resolve('saved');
        await Promise.all(calls);
    });

    it('the next calls wait when the answer to the probe says that nothing is left of the quota', async () => {
        const { openAndWait, service, clock } = createBrittle();
        await openAndWait();
        const probe = heldCall();
        const next = scriptedCall(clock, 'saved');
        const calls = [probe, next, next].map(call => service.executeWithRetry(call));
        await clock.advance(100);

        service.dispatcher.limit({ remaining: 0, resetMs: 5000 });
        probe.resolve('saved');
        await clock.resolve(Promise.all(calls));

        expect(Math.min(...next.sentAt)).toBe(5100);
    });

    it('the next calls wait when a read has heard in the open period that nothing is left of the quota', async () => {
        const { open, service, clock } = createBrittle();
        await open();
        await clock.advance(58_000);
        service.dispatcher.limit({ remaining: 0, resetMs: 8000 });
        await clock.advance(2000);
        const [probe, next] = [scriptedCall(clock, 'saved'), scriptedCall(clock, 'saved')];

        await clock.resolve(Promise.all([probe, next, next].map(call => service.executeWithRetry(call))));

        expect(probe.sentAt).toEqual([0]);
        expect(Math.min(...next.sentAt)).toBe(6000);
    });

    it('a refused probe opens it again, without a retry, and turns the waiting calls away', async () => {
        const { openAndWait, service, clock, statusOf, namesOfEvents } = createBrittle({ maxRetries: 3 });
        await openAndWait();
        const probe = heldCall();
        const other = scriptedCall(clock, 'saved');
        const refused = rejectionOf(service.executeWithRetry(probe));
        const others = Promise.all([1, 2].map(() => rejectionOf(service.executeWithRetry(other))));
        await clock.advance(1000);

        probe.reject(refusal());

        await expect(refused).resolves.toMatchObject({ ...OPEN, attempts: 1, retryAfterMs: 60_000 });
        await expect(others).resolves.toMatchObject([OPEN, OPEN]);
        expect(probe).toHaveBeenCalledTimes(1);
        expect(other).not.toHaveBeenCalled();
        expect(statusOf()).toBe('open');
        expect(service.getCircuitState()).toMatchObject({ consecutiveFailures: 6, openUntil: clock.now() + 60_000 });
        expect(namesOfEvents().filter(name => name === 'open')).toHaveLength(2);
    });

    it('a listener that then aborts one of the waiting calls lets none of the others out', async () => {
        const { openAndWait, service, clock } = createBrittle();
        await openAndWait();
        const controller = new AbortController();
        const probe = heldCall();
        const other = scriptedCall(clock, 'saved');
        const refused = rejectionOf(service.executeWithRetry(probe));
        const aborted = rejectionOf(service.executeWithRetry(other, { signal: controller.signal }));
        const waiting = rejectionOf(service.executeWithRetry(other));
        service.on('open', () => controller.abort('gone'));
        await clock.advance(5000);

        probe.reject(refusal());

        await expect(refused).resolves.toMatchObject(OPEN);
        await expect(aborted).resolves.toBe('gone');
        await expect(waiting).resolves.toMatchObject(OPEN);
        expect(other).not.toHaveBeenCalled();
    });

    it.each([
        [5, 5000],
        [0.5, 1000],
        [90, 90_000],
    ])('a probe refused for %d s opens it until then, but for circuitResetMs at least', async (seconds, openMs) => {
        const { open, service, clock, events } = createBrittle({ circuitResetMs: 1000 });
        await open();
        await clock.advance(1000);

        const error = await rejectionOf(service.executeWithRetry(() => Promise.reject(refusalFor(seconds))));

        expect(error).toMatchObject({ ...OPEN, retryAfterMs: openMs });
        expect(service.getCircuitState().openUntil).toBe(clock.now() + openMs);
        expect(events.filter(({ name }) => name === 'open')).toMatchObject([
            {},
            { event: { openUntil: clock.now() + openMs } },
        ]);
    });

    it('a probe refused with a time in the headers only opens it until then', async () => {
        const { open, service, clock } = createBrittle({ circuitResetMs: 1000 });
        await open();
        await clock.advance(1000);

        const error = await rejectionOf(
            service.executeWithRetry(async () => {
                service.dispatcher.pause(5000);
                throw refusal();
            }),
        );

        expect(error).toMatchObject({ ...OPEN, retryAfterMs: 5000 });
        expect(service.getCircuitState().openUntil).toBe(clock.now() + 5000);
    });

    it('a probe that never answers has the floor for 30 s, then another call probes', async () => {
        const { openAndWait, service, clock, statusOf } = createBrittle();
        await openAndWait();
        const silent = heldCall();
        const next = scriptedCall(clock, 'saved');
        const late = rejectionOf(service.executeWithRetry(silent));
        await clock.advance(1);
        const waiting = service.executeWithRetry(next);

        await clock.advance(29_998);
        expect(next).not.toHaveBeenCalled();
        await clock.advance(1);

        await expect(waiting).resolves.toBe('saved');
        expect(statusOf()).toBe('closed');

        silent.reject(refusal());
        await expect(late).resolves.toMatchObject(EXHAUSTED);
        expect(statusOf()).toBe('closed');
    });

    it('a pause that began meanwhile holds back the call that takes over from a silent probe', async () => {
        const { openAndWait, service, clock } = createBrittle({ maxElapsedMs: Number.POSITIVE_INFINITY });
        await openAndWait();
        void service.executeWithRetry(heldCall());
        await clock.advance(0);
        const next = scriptedCall(clock, 'saved');
        const waiting = service.executeWithRetry(next);
        await clock.advance(29_000);

        service.dispatcher.pause(8000);

        await expect(clock.resolve(waiting)).resolves.toBe('saved');
        expect(next.sentAt[0]).toBeGreaterThanOrEqual(37_000);
    });

    it('an aborted probe hands over to the next call', async () => {
        const { openAndWait, service, clock, statusOf } = createBrittle();
        await openAndWait();
        const controller = new AbortController();
        const probe = heldCall();
        const next = heldCall();
        const aborted = rejectionOf(service.executeWithRetry(probe, { signal: controller.signal }));
        const waiting = service.executeWithRetry(next);
        await clock.advance(0);

        controller.abort('gone');
        probe.reject('gone');

        await expect(aborted).resolves.toBe('gone');
        await clock.advance(50);
        expect(next).toHaveBeenCalledTimes(1);
        expect(statusOf()).toBe('half-open');
        next.resolve('saved');
        await expect(waiting).resolves.toBe('saved');
        expect(statusOf()).toBe('closed');
    });

    it('one that is aborted while there is a pace hands over at once as well', async () => {
        const { service, clock } = createService({ maxRetries: 0, circuitBreakerThreshold: 1, circuitResetMs: 1000 });
        await rejectionOf(service.executeWithRetry(() => Promise.reject(refusal())));
        await clock.advance(1000);
        const controller = new AbortController();
        const probe = heldCall();
        const aborted = rejectionOf(service.executeWithRetry(probe, { signal: controller.signal }));
        const next = scriptedCall(clock, 'saved');
        const waiting = Promise.all([1, 2].map(() => service.executeWithRetry(next)));
        await clock.advance(10);

        controller.abort('gone');
        probe.reject('gone');

        await expect(aborted).resolves.toBe('gone');
        await expect(clock.resolve(waiting)).resolves.toEqual(['saved', 'saved']);
        expect(next.sentAt[0]).toBeLessThan(100);
    });

    it('an earlier call that is aborted meanwhile lets no second probe out', async () => {
        const { openAndWait, service, clock } = createBrittle();
        const controller = new AbortController();
        const early = heldCall();
        const aborted = rejectionOf(service.executeWithRetry(early, { signal: controller.signal }));
        await openAndWait();
        const [probe, other] = [heldCall(), heldCall()];
        void service.executeWithRetry(probe);
        void service.executeWithRetry(other);
        await clock.advance(0);

        controller.abort('gone');
        early.reject('gone');

        await expect(aborted).resolves.toBe('gone');
        await clock.advance(1000);
        expect(probe).toHaveBeenCalledTimes(1);
        expect(other).not.toHaveBeenCalled();
    });

    it('a method without a promise that is called meanwhile lets no second probe out', async () => {
        const { openAndWait, service, clock } = createBrittle();
        const provider = withRateLimit({ peek: () => 'at once' }, { service });
        provider.peek();
        await openAndWait();
        const [probe, other] = [heldCall(), heldCall()];
        void service.executeWithRetry(probe);
        void service.executeWithRetry(other);
        await clock.advance(0);

        expect(provider.peek()).toBe('at once');

        void service.executeWithRetry(other);
        await clock.advance(1000);
        expect(probe).toHaveBeenCalledTimes(1);
        expect(other).not.toHaveBeenCalled();
    });

    it('and no call had failed, a late answer to an earlier one leaves one call to be the probe', async () => {
        const { service, clock } = createBrittle();
        const early = heldCall();
        const saving = service.executeWithRetry(early);
        service.dispatcher.pause(40_000);
        await clock.advance(40_000);

        early.resolve('late');
        await saving;
        const others = [heldCall(), heldCall()];
        for (const other of others) void service.executeWithRetry(other);
        await clock.advance(1000);

        expect(others.map(other => other.mock.calls.length)).toEqual([1, 0]);
    });

    it('the answers of earlier calls leave the decision to the probe', async () => {
        const { openAndWait, service, clock, statusOf } = createBrittle({ circuitBreakerThreshold: 1 });
        const [answered, refused] = [heldCall(), heldCall()];
        const early = Promise.allSettled([service.executeWithRetry(answered), service.executeWithRetry(refused)]);
        await openAndWait();
        const probe = heldCall();
        const probing = service.executeWithRetry(probe);
        await clock.advance(0);

        answered.resolve('late');
        refused.reject(refusal());
        await early;
        expect(statusOf()).toBe('half-open');

        probe.resolve('saved');
        await probing;
        expect(statusOf()).toBe('closed');
    });

    it('a call that was refused earlier and only now fails is told when it makes sense to try again', async () => {
        const { service, clock, fail } = createBrittle({ circuitBreakerThreshold: 1 });
        const early = heldCall();
        const refused = rejectionOf(service.executeWithRetry(early));
        await fail();
        await clock.advance(61_000);

        early.reject(refusal());

        await expect(refused).resolves.toMatchObject({ ...EXHAUSTED, retryAfterMs: 200 });
    });
});

describe('resetCircuit', () => {
    it('in answer to the opening leaves no timer, and nothing to be told later', async () => {
        const { fail, service, clock, namesOfEvents, statusOf } = createBrittle({ circuitBreakerThreshold: 1 });
        service.on('open', () => service.resetCircuit());

        await fail();
        await clock.advance(120_000);

        expect(statusOf()).toBe('closed');
        expect(namesOfEvents()).toEqual(['open', 'close', 'exhausted']);
    });

    it('closes the circuit, zeroes its counters and says so', async () => {
        const { open, service, clock, namesOfEvents } = createBrittle();
        await open();

        service.resetCircuit();

        expect(service.getCircuitState()).toEqual({
            status: 'closed',
            isOpen: false,
            consecutiveFailures: 0,
            lastFailureTime: null,
            timeSinceLastFailure: null,
            openUntil: null,
        });
        expect(namesOfEvents().at(-1)).toBe('close');
        expect(service.getSnapshot()).toMatchObject({ status: 'closed', consecutiveFailures: 0 });
        expect(clock.pendingTimers).toBe(0);
        await expect(service.executeWithRetry(async () => 'saved')).resolves.toBe('saved');
    });

    it('does not say that a closed circuit closed', async () => {
        const { fail, service, namesOfEvents } = createBrittle();
        await fail();

        service.resetCircuit();

        expect(service.getCircuitState().consecutiveFailures).toBe(0);
        expect(namesOfEvents()).not.toContain('close');
    });

    it('lets calls go on at once that wait for a retry or the end of a pause', async () => {
        const { service, clock } = createService();
        const call = scriptedCall(clock, refusalFor(8), 'saved');
        const saving = service.executeWithRetry(call);
        await clock.advance(1000);
        expect(service.getSnapshot()).toMatchObject({ waiting: 1, pausedUntil: clock.now() + 7000 });

        service.resetCircuit();

        await expect(saving).resolves.toBe('saved');
        expect(call.sentAt).toEqual([0, 1000]);
        expect(service.getSnapshot()).toMatchObject({ waiting: 0, pausedUntil: null });
    });

    it('lets many calls go on one after another', async () => {
        const { service, clock } = createService();
        const call = scriptedCall(clock, 'saved');
        service.dispatcher.pause(8000);
        const saving = Promise.all(Array.from({ length: 5 }, () => service.executeWithRetry(call)));
        await clock.advance(1000);

        service.resetCircuit();
        await clock.resolve(saving);

        expect(call.sentAt[0]).toBe(1000);
        expect(new Set(call.sentAt).size).toBe(5);
        expect(call.sentAt.at(-1)).toBeLessThan(2000);
    });

    it('is told to those who look on, also of a circuit that was closed', async () => {
        const { fail, service } = createBrittle();
        await fail();
        expect(service.getSnapshot().consecutiveFailures).toBe(1);
        const listener = vi.fn();
        service.subscribe(listener);

        service.resetCircuit();

        expect(listener).toHaveBeenCalled();
        expect(service.getSnapshot().consecutiveFailures).toBe(0);
    });

    it('lets calls go on that wait for a probe, whose late answer changes nothing', async () => {
        const { openAndWait, service, clock, statusOf } = createBrittle();
        await openAndWait();
        const probe = heldCall();
        const other = scriptedCall(clock, 'saved');
        const probing = rejectionOf(service.executeWithRetry(probe));
        const waiting = service.executeWithRetry(other);
        await clock.advance(0);

        service.resetCircuit();
        await expect(clock.resolve(waiting)).resolves.toBe('saved');
        probe.reject(refusal());

        await expect(probing).resolves.toMatchObject(EXHAUSTED);
        expect(statusOf()).toBe('closed');
    });
});

describe('a probe', () => {
    it('whose connection breaks leaves it to the next call', async () => {
        const { service, openAndWait, statusOf } = createBrittle();
        await openAndWait();

        await rejectionOf(service.executeWithRetry(() => Promise.reject(new TypeError('Failed to fetch'))));

        expect(statusOf()).toBe('half-open');
        expect(service.getCircuitState().consecutiveFailures).toBe(5);
        await service.executeWithRetry(async () => 'saved');
        expect(statusOf()).toBe('closed');
    });

    it.each(['header', 'body'])(
        'that is refused for 20 s, told in the %s, keeps the circuit open for the minute all the same',
        async kind => {
            const { service, openAndWait } = createBrittle();
            await openAndWait();
            const response = new Response('', {
                status: 429,
                headers: kind === 'header' ? { 'Retry-After': '20' } : {},
            });
            const fetch = rateLimitFetch(service, { fetch: async () => response });
            const probe = async () => {
                const { status } = await fetch('http://project.example/rest/v1/contacts');
                throw new HttpError('Too Many Requests', status, kind === 'body' ? { retry_after: 20 } : {});
            };

            const error = await rejectionOf(service.executeWithRetry(probe));

            expect(error).toMatchObject({ ...OPEN, retryAfterMs: 60_000 });
        },
    );

    it.each([true, false])(
        'of supabase-js that resolves without an answer leaves it to the next call (aborted: %s)',
        async isAborted => {
            const { service, openAndWait, statusOf } = createBrittle();
            await openAndWait();
            const { signal } = isAborted ? { signal: AbortSignal.abort() } : new AbortController();
            const controller = new AbortController();
            const held = heldCall();
            const probe = service.executeWithRetry(held, { signal: controller.signal });
            if (signal.aborted) controller.abort();
            const before = service.getStats();

            held.resolve({ data: null, error: { message: 'TypeError: Failed to fetch' }, status: 0 });
            await probe;

            expect(statusOf()).toBe('half-open');
            expect(service.getCircuitState().consecutiveFailures).toBe(5);
            const counter = isAborted ? 'aborted' : 'succeeded';
            expect(service.getStats()).toEqual({ ...before, [counter]: before[counter] + 1 });
            await service.executeWithRetry(async () => 'saved');
            expect(statusOf()).toBe('closed');
        },
    );
});
