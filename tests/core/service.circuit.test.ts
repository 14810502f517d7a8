import { HttpError } from 'ra-core';
import { describe, expect, it, vi } from 'vitest';
import { createBrittle, EXHAUSTED, OPEN } from '../support/brittleService';
import { createService } from '../support/createService';
import { heldCall, refusal, refusalFor, rejectionOf, scriptedCall } from '../support/scriptedCalls';

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
