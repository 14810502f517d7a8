import { describe, expect, it } from 'vitest';
import { createService } from '../support/createService';
import { heldCall, refusal, refusalFor, rejectionOf, scriptedCall } from '../support/scriptedCalls';
import type { VirtualClock } from '../support/virtualClock';

/** A server that refuses the first calls, and notes when each was sent and what it was. */
function createServer(clock: VirtualClock, refusals: number, refuse = refusal) {
    const start = clock.now();
    const accepted: { name: string; at: number }[] = [];
    let sent = 0;
    const call =
        (name = 'call') =>
        async () => {
            if (++sent <= refusals) throw refuse();
            accepted.push({ name, at: clock.now() - start });
        };
    return { call, accepted };
}

const moments = (accepted: { at: number }[]) => accepted.map(({ at }) => at);

/** So many accepted calls take the first gap of 100 ms below 5 ms, 2 % each. */
const CALLS_UNTIL_HEALTHY = 149;

describe('after a refusal', () => {
    it('calls leave one after another', async () => {
        const { service, clock } = createService();
        const { call, accepted } = createServer(clock, 10);

        await clock.resolve(Promise.all(Array.from({ length: 10 }, () => service.executeWithRetry(call()))));

        expect(new Set(moments(accepted)).size).toBe(10);
    });

    it('calls made later leave one after another too', async () => {
        const { service, clock } = createService();
        const { call, accepted } = createServer(clock, 1);
        await clock.resolve(service.executeWithRetry(call()));

        await clock.resolve(Promise.all(Array.from({ length: 10 }, () => service.executeWithRetry(call()))));

        expect(new Set(moments(accepted.slice(1))).size).toBe(10);
    });

    it('a Promise.all of 500 calls all succeed, when the server takes them one after another', async () => {
        const { service, clock } = createService();
        const { call, accepted } = createServer(clock, 450);

        await clock.resolve(Promise.all(Array.from({ length: 500 }, () => service.executeWithRetry(call()))));

        expect(accepted).toHaveLength(500);
    });

    it('interactive calls leave before bulk ones', async () => {
        const { service, clock } = createService();
        const { call, accepted } = createServer(clock, 6);
        const start = (priority: 'interactive' | 'bulk') => service.executeWithRetry(call(priority), { priority });

        const all = ['bulk', 'bulk', 'interactive', 'bulk', 'interactive', 'interactive'] as const;
        await clock.resolve(Promise.all(all.map(start)));

        expect(accepted.map(({ name }) => name)).toEqual([
            'interactive',
            'interactive',
            'interactive',
            'bulk',
            'bulk',
            'bulk',
        ]);
    });

    it('an interactive call overtakes the bulk that waits', async () => {
        const { service, clock } = createService();
        const { call, accepted } = createServer(clock, 5);
        const bulk = Promise.all(
            Array.from({ length: 5 }, () => service.executeWithRetry(call('bulk'), { priority: 'bulk' })),
        );
        await clock.advance(101);
        const before = accepted.length;

        const interactive = service.executeWithRetry(call('interactive'));
        await clock.resolve(Promise.all([bulk, interactive]));

        expect(accepted[before]?.name).toBe('interactive');
        expect(accepted).toHaveLength(6);
    });

    it('a lone call is not delayed', async () => {
        const { service, clock } = createService();
        const { call, accepted } = createServer(clock, 2);
        await clock.resolve(service.executeWithRetry(call()));
        expect(moments(accepted)).toEqual([300]);

        await service.executeWithRetry(call());
        await service.executeWithRetry(call());

        expect(moments(accepted)).toEqual([300, 300, 300]);
    });

    it('the first call after one that failed is not delayed either', async () => {
        const { service, clock } = createService({ maxRetries: 1 });
        await clock.resolve(rejectionOf(service.executeWithRetry(scriptedCall(clock, refusal()))));
        const call = scriptedCall(clock, 'saved');

        await clock.resolve(service.executeWithRetry(call));

        expect(call.sentAt).toEqual([0]);
    });

    it('of a call that is not the service’s own, calls leave one after another from its moment on', async () => {
        const { service, clock } = createService();
        const { call, accepted } = createServer(clock, 0);
        service.pause(2000);

        await clock.resolve(Promise.all([1, 2, 3, 4].map(() => service.executeWithRetry(call()))));

        expect(Math.min(...moments(accepted))).toBe(2000);
        expect(new Set(moments(accepted)).size).toBe(4);
    });
});

describe('the pace ends', () => {
    const burst = (service: ReturnType<typeof createService>['service'], call: () => Promise<void>) =>
        Promise.all(Array.from({ length: 10 }, () => service.executeWithRetry(call)));

    it('when the server has accepted everything for a while: then all leave at once', async () => {
        const { service, clock } = createService();
        const { call, accepted } = createServer(clock, 1);
        await clock.resolve(service.executeWithRetry(call()));
        for (let index = 0; index < CALLS_UNTIL_HEALTHY - 1; index++) await service.executeWithRetry(call());
        const before = accepted.length;

        await clock.resolve(burst(service, call()));

        expect(new Set(moments(accepted.slice(before))).size).toBe(1);
        expect(clock.pendingTimers).toBe(0);
    });

    it('not before that', async () => {
        const { service, clock } = createService();
        const { call, accepted } = createServer(clock, 1);
        await clock.resolve(service.executeWithRetry(call()));
        for (let index = 0; index < CALLS_UNTIL_HEALTHY - 3; index++) await service.executeWithRetry(call());
        const before = accepted.length;

        await clock.resolve(burst(service, call()));

        expect(new Set(moments(accepted.slice(before))).size).toBeGreaterThan(1);
    });

    it('not with time alone, while nothing is sent', async () => {
        const { service, clock } = createService();
        const { call, accepted } = createServer(clock, 1);
        await clock.resolve(service.executeWithRetry(call()));
        await clock.advance(3_600_000);

        await clock.resolve(burst(service, call()));

        expect(new Set(moments(accepted.slice(1))).size).toBe(10);
    });

    it('and begins again with a pause that is seen before another call is sent', async () => {
        const { service, clock } = createService();
        const others = Array.from({ length: CALLS_UNTIL_HEALTHY }, () => heldCall());
        const refused = service.executeWithRetry(scriptedCall(clock, refusal(), 'saved'));
        const early = Promise.all([refused, ...others.map(call => service.executeWithRetry(call))]);
        await clock.advance(10);
        for (const call of others) call.resolve('saved');
        await clock.advance(10);
        service.pause(1000);
        const { call, accepted } = createServer(clock, 0);

        await clock.resolve(burst(service, call()));
        await early;

        expect(Math.min(...moments(accepted))).toBeGreaterThanOrEqual(1000);
        expect(new Set(moments(accepted)).size).toBe(10);
    });

    it('is as fast as before after calls that were refused alone', async () => {
        const { service, clock } = createService({ circuitBreakerThreshold: 99 });
        for (let index = 0; index < 5; index++) {
            await clock.resolve(rejectionOf(service.executeWithRetry(scriptedCall(clock, refusal()))));
        }
        const { call, accepted } = createServer(clock, 0);

        await clock.resolve(burst(service, call()));

        expect(Math.max(...moments(accepted))).toBeLessThan(1000);
    });

    it('not while nothing was sent: the wait that the server asked for is not a quiet time', async () => {
        const { service, clock } = createService({ maxDelayMs: 600_000, maxElapsedMs: Number.POSITIVE_INFINITY });
        const { call, accepted } = createServer(clock, 10, () => refusalFor(600));

        await clock.resolve(burst(service, call()));

        expect(Math.min(...moments(accepted))).toBe(600_000);
        expect(new Set(moments(accepted)).size).toBe(10);
    });

    it('not by the late answer to a call that was sent before the refusal', async () => {
        const { service, clock } = createService({ maxDelayMs: 600_000, maxElapsedMs: Number.POSITIVE_INFINITY });
        const { call, accepted } = createServer(clock, 10, () => refusalFor(600));
        const early = heldCall();
        const answered = service.executeWithRetry(early);
        const all = burst(service, call());
        await clock.advance(1000);

        early.resolve('at last');
        await answered;
        await clock.resolve(all);

        expect(new Set(moments(accepted)).size).toBe(10);
    });
});

describe('a healthy service', () => {
    it('is healthy again as soon as its only refused call has been accepted and the pace has ended', async () => {
        const { service, clock } = createService();
        await clock.resolve(service.executeWithRetry(scriptedCall(clock, refusal(), 'saved')));
        for (let index = 1; index < CALLS_UNTIL_HEALTHY; index++) await service.executeWithRetry(async () => 'saved');
        const call = scriptedCall(clock, 'saved');

        const saving = service.executeWithRetry(call);

        expect(call).toHaveBeenCalledTimes(1); // on the spot, not after a turn in the queue
        await saving;
    });
});
