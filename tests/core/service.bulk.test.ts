import type { RateLimitEvents } from 'ra-rate-limit';
import { describe, expect, it } from 'vitest';
import type { CallContext } from '../../src/core/call';
import { createSession } from '../support/bulkSession';
import { createService } from '../support/createService';
import { heldCall, refusal, refusalFor, rejectionOf, scriptedCall } from '../support/scriptedCalls';

type Retry = RateLimitEvents['retry'];

/** A service with bulk work under way, and the context of its calls. */
function createBulk(options: Parameters<typeof createService>[0] = {}) {
    const created = createService(options);
    const { session } = createSession();
    const context: CallContext = { priority: 'bulk', bulk: session };
    created.service.dispatcher.setBulk({ adopt: () => undefined, end: () => {} });
    return { ...created, session, context };
}

describe('a call of bulk work', () => {
    it('is paced from the start', async () => {
        const { service, clock, context } = createBulk();
        const call = scriptedCall(clock, 'saved');

        await clock.resolve(Promise.all([1, 2, 3].map(() => service.executeWithRetry(call, context))));

        expect(call.sentAt[0]).toBe(0);
        expect(new Set(call.sentAt).size).toBe(3);
    });

    it('waits for as long as the refused one took, when the server names a shorter time: others are on their way', async () => {
        const { service, clock, context } = createBulk();
        const first = heldCall();
        const again = scriptedCall(clock, 'saved');
        const answers = [first, again];
        const saved = service.executeWithRetry(() => answers.shift()?.(), context);
        await clock.advance(400);

        first.reject(refusalFor(0.002));
        await clock.resolve(saved);

        expect(again.sentAt[0]).toBeGreaterThanOrEqual(800);
    });

    it('does not wait for as long as a call took that left before anybody looked at the clock', async () => {
        const { service, clock } = createService();
        const early = heldCall();
        const answers = [early, scriptedCall(clock, 'saved')];
        const saved = service.executeWithRetry(() => answers.shift()?.());
        service.dispatcher.setBulk(undefined);
        const call = scriptedCall(clock, 'saved');

        await clock.advance(5000);
        early.reject(refusalFor(0.002));
        await clock.advance(0);
        await clock.resolve(service.executeWithRetry(call, { priority: 'bulk' }));

        expect(call.sentAt[0]).toBeLessThan(6000);
        await clock.resolve(saved);
    });

    it('is told apart from what people wait for in the snapshot', async () => {
        const { service, clock, context } = createBulk();
        service.dispatcher.pause(1000);
        const bulk = [1, 2].map(() => service.executeWithRetry(scriptedCall(clock, 'saved'), context));

        const interactive = service.executeWithRetry(scriptedCall(clock, 'saved'));

        await clock.advance(0);
        expect(service.getSnapshot()).toMatchObject({ waiting: 3, waitingBulk: 2 });
        await clock.resolve(Promise.all([interactive, ...bulk]));
        expect(service.getSnapshot()).toMatchObject({ waiting: 0, waitingBulk: 0 });
    });

    it('is told apart from reads, which are nobody’s changes', async () => {
        const { service, clock, context } = createBulk();
        service.dispatcher.pause(1000);
        const send = (context: CallContext) => service.executeWithRetry(scriptedCall(clock, 'saved'), context);

        const calls = [send({ operation: 'getList' }), send({ operation: 'getMany' }), send({ operation: 'create' })];
        const bulk = send({ ...context, operation: 'getOne' });

        await clock.advance(0);
        expect(service.getSnapshot()).toMatchObject({ waiting: 4, waitingBulk: 1, waitingReads: 2 });
        await clock.resolve(Promise.all([...calls, bulk]));
        expect(service.getSnapshot()).toMatchObject({ waiting: 0, waitingBulk: 0, waitingReads: 0 });
    });

    it('is not held back by a lone interactive call, nor holds that back', async () => {
        const { service, clock, context } = createBulk();
        const bulk = scriptedCall(clock, 'saved');
        const interactive = scriptedCall(clock, 'saved');
        const all = Promise.all([1, 2, 3].map(() => service.executeWithRetry(bulk, context)));

        await clock.resolve(service.executeWithRetry(interactive));
        await clock.resolve(all);

        expect(interactive.sentAt).toEqual([0]);
    });

    it('is patient: it is repeated for as long as it is refused, and opens no circuit', async () => {
        const { service, clock, context, session } = createBulk({ maxRetries: 1, circuitBreakerThreshold: 1 });
        const call = scriptedCall(clock, ...Array.from({ length: 8 }, refusal), 'saved');

        await expect(clock.resolve(service.executeWithRetry(call, context))).resolves.toBe('saved');

        expect(session).toMatchObject({ rateLimited: 8, retries: 8 });
        expect(service.getStats()).toMatchObject({ calls: 1, succeeded: 1, retries: 8, aborted: 0 });
        expect(service.getCircuitState()).toMatchObject({ isOpen: false, consecutiveFailures: 0 });
    });

    it('waits longer and longer also where the backoff begins with nothing', async () => {
        const { service, clock, context, session } = createBulk({ initialDelayMs: 0 });
        const isOver = clock.now() + 60_000;
        const call = async () => {
            if (clock.now() < isOver) throw refusal();
            return 'saved';
        };
        await clock.resolve(Promise.all([1, 2, 3, 4].map(() => rejectionOf(service.executeWithRetry(call)))));

        await expect(clock.resolve(service.executeWithRetry(call, context))).resolves.toBe('saved');

        expect(session.rateLimited).toBeLessThan(50);
    });

    it('waits for a pause that is longer than the longest delay', async () => {
        const { service, clock, context } = createBulk();
        const call = scriptedCall(clock, refusalFor(3600), 'saved');

        await clock.resolve(service.executeWithRetry(call, context));

        expect(call.sentAt[1]).toBeGreaterThanOrEqual(3_600_000);
    });

    it('is never sent again sooner than its events say', async () => {
        const { service, clock, context, events } = createBulk({ jitterFactor: 0.2 });
        const call = scriptedCall(clock, refusal(), refusal(), refusalFor(3), refusal(), 'saved');

        await clock.resolve(service.executeWithRetry(call, context));

        const delays = events.filter(({ name }) => name === 'retry').map(({ event }) => (event as Retry).delayMs);
        const waits = call.sentAt.slice(1).map((at, index) => at - (call.sentAt[index] as number));
        // It is alone, and it is its turn at once. Timers have whole milliseconds.
        waits.forEach((wait, index) => {
            expect(Math.abs(wait - (delays[index] as number))).toBeLessThan(1);
        });
        expect(delays[2]).toBeGreaterThanOrEqual(3000);
        expect(events).toContainEqual({ name: 'retry', event: expect.objectContaining({ maxRetries: Infinity }) });
    });

    it('that is refused as the probe is sent again when the open period is over, as its event says', async () => {
        const { service, clock, context, events } = createBulk({ circuitBreakerThreshold: 1, maxRetries: 0 });
        await rejectionOf(service.executeWithRetry(() => Promise.reject(refusal())));
        await clock.advance(60_000);
        const call = scriptedCall(clock, refusal(), 'saved');

        await clock.resolve(service.executeWithRetry(call, context));

        const [retry] = events.filter(({ name }) => name === 'retry').map(({ event }) => event as Retry);
        expect(retry?.delayMs).toBe(60_000);
        expect(call.sentAt).toEqual([0, 60_000]);
    });

    it('that waits when the circuit opens is not turned away', async () => {
        const { service, clock, context, namesOfEvents } = createBulk({ circuitBreakerThreshold: 1, maxRetries: 0 });
        service.dispatcher.pause(1000);
        const call = scriptedCall(clock, 'saved');
        const saving = service.executeWithRetry(call, context);
        service.dispatcher.pause(60_000);
        expect(service.getCircuitState().isOpen).toBe(true);

        await expect(clock.resolve(saving)).resolves.toBe('saved');

        expect(call.sentAt[0]).toBeGreaterThanOrEqual(60_000);
        expect(namesOfEvents()).not.toContain('reject');
    });

    it('does not leave while its work is paused', async () => {
        const { service, clock, context, session } = createBulk();
        session.isPaused = true;
        const call = scriptedCall(clock, 'saved');
        const saving = service.executeWithRetry(call, context);
        await clock.advance(60_000);
        expect(call.sentAt).toEqual([]);

        session.isPaused = false;
        service.dispatcher.sweepBulk();
        await clock.resolve(saving);

        expect(call.sentAt).toEqual([60_000]);
    });

    it('rejects at once when its work is cancelled, while other calls wait on', async () => {
        const { service, clock, context, session } = createBulk();
        service.dispatcher.pause(5000);
        const call = scriptedCall(clock, 'saved');
        const interactive = service.executeWithRetry(call);
        const bulk = rejectionOf(service.executeWithRetry(scriptedCall(clock, 'saved'), context));

        session.cancel();
        service.dispatcher.sweepBulk();

        await expect(bulk).resolves.toBe(session.notSent);
        expect(service.getStats()).toMatchObject({ calls: 2, aborted: 1 });
        expect(service.getStats().waiting).toBe(1);
        await expect(clock.resolve(interactive)).resolves.toBe('saved');
        expect(call.sentAt).toEqual([5000]);
    });

    it('is not sent when its work was cancelled before', async () => {
        const { service, clock, context, session } = createBulk();
        session.cancel();
        const call = scriptedCall(clock, 'saved');

        await expect(rejectionOf(service.executeWithRetry(call, context))).resolves.toBe(session.notSent);

        expect(call).not.toHaveBeenCalled();
    });

    it('of another run goes on when one is cancelled', async () => {
        const { service, clock, context, session } = createBulk();
        service.dispatcher.pause(5000);
        const { session: other } = createSession();
        const saving = service.executeWithRetry(scriptedCall(clock, 'saved'), { priority: 'bulk', bulk: other });
        const cancelled = rejectionOf(service.executeWithRetry(scriptedCall(clock, 'saved'), context));

        session.cancel();
        service.dispatcher.sweepBulk();

        await cancelled;
        await expect(clock.resolve(saving)).resolves.toBe('saved');
    });
});

describe('the quota in bulk work', () => {
    it('leaves one call of each to people, and goes on after the reset', async () => {
        const { service, clock, context } = createBulk();
        const start = clock.now();
        const sentAt: number[] = [];
        const save = async () => {
            sentAt.push(clock.now() - start);
            const left = 10_000 - ((clock.now() - start) % 10_000);
            const sentInWindow = sentAt.filter(at => at >= clock.now() - start + left - 10_000).length;
            service.dispatcher.limit({ remaining: 5 - sentInWindow, resetMs: left });
        };

        await clock.resolve(Promise.all(Array.from({ length: 8 }, () => service.executeWithRetry(save, context))));

        expect(sentAt.filter(at => at < 10_000)).toHaveLength(4);
        expect(sentAt.filter(at => at >= 10_000)).toHaveLength(4);
        expect(sentAt[4]).toBeLessThan(15_000);
    });

    it('does not hold back a lone interactive call: that has the one that was left', async () => {
        const { service, clock } = createBulk();
        service.dispatcher.limit({ remaining: 1, resetMs: 10_000 });
        const call = scriptedCall(clock, 'saved');

        await clock.resolve(service.executeWithRetry(call));

        expect(call.sentAt).toEqual([0]);
    });

    it('is not kept where the server names times that it does not mean', async () => {
        const { service, clock, context } = createBulk({ respectRetryAfter: false });
        service.dispatcher.limit({ remaining: 0, resetMs: 3_600_000 });
        const call = scriptedCall(clock, 'saved');

        await clock.resolve(service.executeWithRetry(call, context));

        expect(call.sentAt).toEqual([0]);
    });

    it('is forgotten when the circuit is reset', async () => {
        const { service, clock, context } = createBulk();
        service.dispatcher.limit({ remaining: 1, resetMs: 3_600_000 });
        service.resetCircuit();
        const call = scriptedCall(clock, 'saved');

        await clock.resolve(Promise.all([1, 2].map(() => service.executeWithRetry(call, context))));

        expect(call.sentAt[1]).toBeLessThan(1000);
    });
});
