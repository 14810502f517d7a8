import { describe, expect, it, vi } from 'vitest';
import { createService } from '../support/createService';
import { heldCall, refusal, refusalFor, rejectionOf, scriptedCall } from '../support/scriptedCalls';

describe('a pause that the server asked for', () => {
    it('holds back every call of the service until its end', async () => {
        const { service, clock, events } = createService();
        const refused = scriptedCall(clock, refusalFor(5), 'first');
        const other = scriptedCall(clock, 'second');

        const all = Promise.all([service.executeWithRetry(refused)]);
        await clock.advance(1000);
        const later = service.executeWithRetry(other);
        await clock.resolve(Promise.all([all, later]));

        expect(Math.min(...other.sentAt, ...refused.sentAt.slice(1))).toBeGreaterThanOrEqual(5000);
        expect(events.filter(({ name }) => name === 'pause')).toEqual([
            { name: 'pause', event: { until: expect.any(Number) } },
        ]);
    });

    it('is waited for to its end, also after the late answer to an earlier call', async () => {
        const { service, clock } = createService({ maxDelayMs: 100_000, maxElapsedMs: 100_000 });
        const early = heldCall();
        const saving = service.executeWithRetry(early);
        service.dispatcher.pause(60_000);
        await clock.advance(40_000);
        early.resolve('late');
        await saving;
        const call = scriptedCall(clock, 'saved');

        await clock.resolve(service.executeWithRetry(call));

        expect(call.sentAt).toEqual([20_000]);
    });

    it('is never shortened by another refusal', async () => {
        const { service, clock, namesOfEvents } = createService();
        const start = clock.now();
        const [long, short] = [scriptedCall(clock, refusalFor(8), 'a'), scriptedCall(clock, refusalFor(2), 'b')];

        await clock.resolve(Promise.all([service.executeWithRetry(long), service.executeWithRetry(short)]));

        expect(Math.min(long.sentAt[1] ?? 0, short.sentAt[1] ?? 0)).toBeGreaterThanOrEqual(8000);
        expect(namesOfEvents().filter(name => name === 'pause')).toHaveLength(1);
        expect(service.getSnapshot().pausedUntil).toBe(start + 8000);
    });

    it('keeps a burst of concurrent calls from hammering on, and from coming back all at once', async () => {
        const { service, clock, namesOfEvents } = createService({ maxElapsedMs: 600_000 });
        let sent = 0;
        const sentAt: number[] = [];
        const start = clock.now();
        const call = async () => {
            sentAt.push(clock.now() - start);
            if (++sent <= 20) throw refusalFor(10);
        };

        await clock.resolve(Promise.all(Array.from({ length: 20 }, () => service.executeWithRetry(call))));

        const retries = sentAt.slice(20);
        expect(retries).toHaveLength(20);
        expect(Math.min(...retries)).toBe(10_000);
        expect(new Set(retries).size).toBe(20);
        expect(namesOfEvents().filter(name => name === 'pause')).toHaveLength(1);
    });

    it('uses up a call’s patience: one that could not be sent in time is told so at once', async () => {
        const { service, clock, lines, events } = createService({ maxElapsedMs: 4000 });
        service.dispatcher.pause(5000);
        const call = scriptedCall(clock, 'saved');

        const error = await rejectionOf(service.executeWithRetry(call, { operation: 'create' }));

        expect(call).not.toHaveBeenCalled();
        expect(error).toMatchObject({
            code: 'RATE_LIMIT_MAX_RETRIES_EXCEEDED',
            attempts: 0,
            retryAfterMs: 5000,
            operation: 'create',
        });
        expect(service.getCircuitState().consecutiveFailures).toBe(0);
        expect(lines.at(-1)).toEqual({
            level: 'error',
            message: '[RateLimit] Max retries exceeded',
            context: { operation: 'create', attempts: 0 },
        });
        expect(events.at(-1)).toEqual({
            name: 'exhausted',
            event: { operation: 'create', attempts: 0, waitedMs: 0, error },
        });
    });

    it('is waited for by a call that has just enough patience', async () => {
        const { service, clock } = createService({ maxElapsedMs: 5000 });
        service.dispatcher.pause(5000);
        const call = scriptedCall(clock, 'saved');

        await clock.resolve(service.executeWithRetry(call));

        expect(call.sentAt).toEqual([5000]);
    });

    it('of a few milliseconds is as long as it says, and after further refusals 800 and 1000 ms: clients refused together come back apart', async () => {
        const { service, clock } = createService();
        const call = scriptedCall(clock, refusalFor(0.002), refusalFor(0.002), refusalFor(0.002), 'saved');

        await clock.resolve(service.executeWithRetry(call));

        expect(call.sentAt).toEqual([0, 2, 802, 1802]);
    });

    it('of less than a second is made a second at most by a long backoff, and not the first', async () => {
        const { service, clock } = createService({ initialDelayMs: 8000 });
        const call = scriptedCall(clock, refusalFor(0.5), refusalFor(0.5), refusalFor(2), 'saved');

        await clock.resolve(service.executeWithRetry(call));

        expect(call.sentAt).toEqual([0, 500, 1500, 3500]);
    });

    it('adds up with the waits before it', async () => {
        const { service, clock } = createService({ maxElapsedMs: 5100, maxRetries: 10 });
        const call = scriptedCall(clock, refusal(), refusalFor(5), refusal());

        const error = await clock.resolve(rejectionOf(service.executeWithRetry(call)));

        expect(call.sentAt).toEqual([0, 100, 5100]);
        expect(error).toMatchObject({ code: 'RATE_LIMIT_MAX_RETRIES_EXCEEDED', attempts: 3 });
    });

    it('ends a wait when the waits of the call add up to its patience', async () => {
        const { service, clock, events } = createService({ maxElapsedMs: 1000 });
        const call = scriptedCall(clock, refusal(), refusal(), 'saved');
        const waiting = rejectionOf(service.executeWithRetry(call));
        await clock.advance(150);
        service.dispatcher.pause(5000);

        await clock.advance(849);
        expect(service.getStats().waiting).toBe(1);
        await clock.advance(1);

        await expect(waiting).resolves.toMatchObject({ attempts: 2 });
        expect(events.at(-1)).toMatchObject({ name: 'exhausted', event: { attempts: 2, waitedMs: 1000 } });
        expect(call.sentAt).toEqual([0, 100]);
    });

    it('that another call brings on ends a wait at the end of its patience', async () => {
        const { service, clock } = createService({ maxElapsedMs: 1000 });
        const call = scriptedCall(clock, refusal(), 'saved');
        const waiting = rejectionOf(service.executeWithRetry(call));
        await clock.advance(50);
        service.dispatcher.pause(5000);

        await clock.advance(949);
        expect(service.getStats().waiting).toBe(1);
        await clock.advance(1);

        await expect(waiting).resolves.toMatchObject({
            code: 'RATE_LIMIT_MAX_RETRIES_EXCEEDED',
            attempts: 1,
            retryAfterMs: 4050,
        });
    });

    it.each([
        ['counts for the circuit when the server has accepted nothing since it refused the call', false, 1],
        ['says nothing of a server that accepts others', true, 0],
    ])('that runs out of time %s', async (_, isOtherAccepted, failures) => {
        const { service, clock } = createService({ maxElapsedMs: 1000 });
        const other = heldCall();
        const others = service.executeWithRetry(other);
        const waiting = rejectionOf(service.executeWithRetry(scriptedCall(clock, refusal())));
        await clock.advance(50);
        service.dispatcher.pause(5000);

        if (isOtherAccepted) {
            other.resolve('saved');
            await others;
        }
        await clock.advance(950);

        await expect(waiting).resolves.toMatchObject({ code: 'RATE_LIMIT_MAX_RETRIES_EXCEEDED', attempts: 1 });
        expect(service.getCircuitState().consecutiveFailures).toBe(failures);
    });

    it('says nothing of a server that was not asked', async () => {
        const { service, clock } = createService({ maxElapsedMs: 1000 });
        service.dispatcher.pause(900);
        const waiting = rejectionOf(service.executeWithRetry(scriptedCall(clock, 'saved')));

        service.dispatcher.pause(5000);
        await clock.advance(1000);

        await expect(waiting).resolves.toMatchObject({ code: 'RATE_LIMIT_MAX_RETRIES_EXCEEDED', attempts: 0 });
        expect(service.getCircuitState().consecutiveFailures).toBe(0);
    });
});

describe('a priority that there is none of', () => {
    it('is that of a person: the call waits like any other, and is sent', async () => {
        const { service, clock } = createService();
        service.dispatcher.pause(1000);
        const save = scriptedCall(clock, 'saved');

        const saving = service.executeWithRetry(save, { priority: 'high' as never });

        await expect(clock.resolve(saving)).resolves.toBe('saved');
        expect(save.sentAt).toEqual([1000]);
    });
});

describe('a pause that was seen in a response', () => {
    it('holds back calls for as long', async () => {
        const { service, clock, events } = createService();
        const until = clock.now() + 3000;
        service.dispatcher.pause(3000);
        const call = scriptedCall(clock, 'saved');

        await clock.resolve(service.executeWithRetry(call));

        expect(call.sentAt).toEqual([3000]);
        expect(events[0]).toEqual({ name: 'pause', event: { until } });
    });

    it('is never shortened by one that ends earlier', () => {
        const { service, clock, namesOfEvents } = createService();
        service.dispatcher.pause(3000);
        service.dispatcher.pause(2000);
        service.dispatcher.pause(3000);

        expect(service.getSnapshot().pausedUntil).toBe(clock.now() + 3000);
        expect(namesOfEvents()).toEqual(['pause']);
    });

    it('is nothing with respectRetryAfter: false', async () => {
        const { service, clock } = createService({ respectRetryAfter: false });
        service.dispatcher.pause(3000);

        const calls = [1, 2].map(() => scriptedCall(clock, 'saved'));
        const saving = calls.map(call => service.executeWithRetry(call));

        expect(service.getSnapshot().pausedUntil).toBeNull();
        for (const call of calls) expect(call.sentAt).toEqual([0]); // on the spot: no pause, and no pace either
        await Promise.all(saving);
    });

    it('opens the circuit when the time is further off than the longest delay', async () => {
        const { service, clock } = createService();
        service.dispatcher.pause(3_600_000);
        const call = scriptedCall(clock, 'saved');

        const error = await rejectionOf(service.executeWithRetry(call));

        expect(error).toMatchObject({ code: 'RATE_LIMIT_CIRCUIT_OPEN', attempts: 0, retryAfterMs: 3_600_000 });
        expect(call).not.toHaveBeenCalled();
    });

    it('lets the call whose response it was wait for that time, though its error does not tell it', async () => {
        const { service, clock } = createService();
        let sent = 0;
        const start = clock.now();
        const sentAt: number[] = [];
        const call = async () => {
            sentAt.push(clock.now() - start);
            if (++sent > 1) return 'saved';
            service.dispatcher.pause(4000);
            throw refusal();
        };

        await clock.resolve(service.executeWithRetry(call));

        expect(sentAt).toEqual([0, 4000]);
    });
});

describe('a signal', () => {
    it('that has aborted already keeps the call from being sent', async () => {
        const { service, clock, events } = createService();
        const call = scriptedCall(clock, 'saved');

        const reason = await rejectionOf(service.executeWithRetry(call, { signal: AbortSignal.abort('never mind') }));

        expect(reason).toBe('never mind');
        expect(call).not.toHaveBeenCalled();
        expect(service.getStats()).toMatchObject({ calls: 1, aborted: 1, failed: 0, exhausted: 0 });
        expect(events).toEqual([]);
    });

    it('that has not aborted changes nothing', async () => {
        const { service, clock } = createService();
        const { signal } = new AbortController();
        const call = scriptedCall(clock, 'saved');

        void service.executeWithRetry(call, { signal });

        expect(call).toHaveBeenCalledTimes(1);
    });

    it('ends a wait for a retry at once, with its reason, as neither success nor failure', async () => {
        const { service, clock, namesOfEvents } = createService();
        const controller = new AbortController();
        const call = scriptedCall(clock, refusal());
        const waiting = rejectionOf(service.executeWithRetry(call, { signal: controller.signal }));
        await clock.advance(50);

        controller.abort();

        const reason = await waiting;
        expect(reason).toBe(controller.signal.reason);
        expect(reason).toHaveProperty('name', 'AbortError');
        expect(clock.pendingTimers).toBe(0);
        expect(namesOfEvents()).toEqual(['retry']);
        expect(service.getStats()).toMatchObject({ aborted: 1, exhausted: 0, rejected: 0, waiting: 0 });
        expect(service.getCircuitState().consecutiveFailures).toBe(0);
        await clock.advance(10_000);
        expect(call).toHaveBeenCalledTimes(1);
    });

    it('ends a wait for the end of a pause', async () => {
        const { service, clock } = createService();
        service.dispatcher.pause(5000);
        const controller = new AbortController();
        const call = scriptedCall(clock, 'saved');
        const waiting = rejectionOf(service.executeWithRetry(call, { signal: controller.signal }));
        await clock.advance(1000);

        controller.abort('enough');

        await expect(waiting).resolves.toBe('enough');
        expect(call).not.toHaveBeenCalled();
        expect(clock.pendingTimers).toBe(0);
    });

    it('that aborts the request lets its error through, as neither success nor failure', async () => {
        const { service, clock } = createService({ maxRetries: 0 });
        await clock.resolve(rejectionOf(service.executeWithRetry(scriptedCall(clock, refusal()))));
        const controller = new AbortController();
        const call = heldCall();
        const aborted = rejectionOf(service.executeWithRetry(call, { signal: controller.signal }));
        await clock.advance(0);

        controller.abort();
        const error = new Error('The request was cancelled');
        call.reject(error);

        await expect(aborted).resolves.toBe(error);
        expect(service.getStats()).toMatchObject({ aborted: 1, failed: 0 });
        expect(service.getCircuitState().consecutiveFailures).toBe(1);
    });

    it('that nobody told of counts as well, by the AbortError of the request', async () => {
        const { service } = createService();

        await rejectionOf(service.executeWithRetry(() => Promise.reject(new DOMException('Aborted', 'AbortError'))));

        expect(service.getStats()).toMatchObject({ aborted: 1, failed: 0 });
    });

    it('that aborts while a refusal is under way ends the call, without a retry, a failure or a log line', async () => {
        const { service, clock, lines, namesOfEvents } = createService({ maxRetries: 0, circuitBreakerThreshold: 1 });
        const controller = new AbortController();
        const call = heldCall();
        const aborted = rejectionOf(service.executeWithRetry(call, { signal: controller.signal }));

        controller.abort('left the page');
        call.reject(refusal());

        await expect(aborted).resolves.toBe('left the page');
        expect(lines).toEqual([]);
        expect(namesOfEvents()).toEqual([]);
        expect(service.getStats()).toMatchObject({ aborted: 1, rateLimited: 1, exhausted: 0, retries: 0 });
        expect(service.getCircuitState()).toMatchObject({ status: 'closed', consecutiveFailures: 0 });
        expect(clock.pendingTimers).toBe(0);
    });

    it('that aborts while a refusal is under way does not make the moment that it names forgotten', async () => {
        const { service, clock } = createService();
        const controller = new AbortController();
        const call = heldCall();
        const aborted = rejectionOf(service.executeWithRetry(call, { signal: controller.signal }));

        controller.abort();
        call.reject(refusalFor(6));
        await aborted;

        expect(service.getSnapshot().pausedUntil).toBe(clock.now() + 6000);
    });

    it('that aborts while a probe is refused hands over to the next call', async () => {
        const { service, clock } = createService({ maxRetries: 0, circuitBreakerThreshold: 1 });
        await rejectionOf(service.executeWithRetry(() => Promise.reject(refusal())));
        await clock.advance(60_000);
        const controller = new AbortController();
        const probe = heldCall();
        const aborted = rejectionOf(service.executeWithRetry(probe, { signal: controller.signal }));
        const next = service.executeWithRetry(async () => 'saved');
        await clock.advance(0);

        controller.abort('gone');
        probe.reject(refusal());

        await expect(aborted).resolves.toBe('gone');
        await expect(clock.resolve(next)).resolves.toBe('saved');
    });

    it('is listened to while the call waits, no longer', async () => {
        const { service, clock } = createService();
        const { signal } = new AbortController();
        const added = vi.spyOn(signal, 'addEventListener');
        const removed = vi.spyOn(signal, 'removeEventListener');
        const call = scriptedCall(clock, refusal(), refusal(), 'saved');

        await clock.resolve(service.executeWithRetry(call, { signal }));

        expect(added).toHaveBeenCalledTimes(2);
        expect(removed.mock.calls.map(([, listener]) => listener)).toEqual(
            added.mock.calls.map(([, listener]) => listener),
        );
    });

    it('that aborts as the circuit turns the call away counts once', async () => {
        const { service, clock } = createService({ circuitBreakerThreshold: 1 });
        const controller = new AbortController();
        const waiting = rejectionOf(
            service.executeWithRetry(scriptedCall(clock, refusal()), { signal: controller.signal }),
        );
        await clock.advance(10);

        controller.abort('gone');
        service.dispatcher.pause(60_000);

        await expect(waiting).resolves.toBe('gone');
        expect(service.getStats()).toMatchObject({ aborted: 1, rejected: 0 });
    });
});
