import { RateLimitService, runBulk } from 'ra-rate-limit';
import { describe, expect, it, vi } from 'vitest';
import { createBrittle, EXHAUSTED, OPEN } from '../support/brittleService';
import { createService } from '../support/createService';
import { heldCall, refusal, refusalFor, rejectionOf, scriptedCall } from '../support/scriptedCalls';
import { VirtualClock } from '../support/virtualClock';

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
        it.each(['on', 'subscribe'] as const)('nor who no longer does, with %s', async way => {
            const clock = new VirtualClock();
            const service = new RateLimitService({ clock, logger: false });
            const stop = way === 'on' ? service.on('halfOpen', () => {}) : service.subscribe(() => {});
            service.dispatcher.pause(3_600_000);
            expect(clock.pendingTimers).toBe(1);

            stop();

            expect(clock.pendingTimers).toBe(0);
        });

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

    it('that a listener closes while calls are turned away spares those that are left', async () => {
        const { service, clock } = createBrittle({ circuitBreakerThreshold: 1 });
        service.on('reject', () => service.resetCircuit());
        const refused = heldCall();
        const failing = rejectionOf(service.executeWithRetry(refused));
        service.dispatcher.pause(1000);
        const first = rejectionOf(service.executeWithRetry(async () => 'saved'));
        const others = [1, 2].map(() => service.executeWithRetry(async () => 'saved'));

        refused.reject(refusal());

        await expect(failing).resolves.toMatchObject(OPEN);
        await expect(first).resolves.toMatchObject(OPEN);
        await expect(clock.resolve(Promise.all(others))).resolves.toEqual(['saved', 'saved']);
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
