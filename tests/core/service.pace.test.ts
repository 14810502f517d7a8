import { HttpError } from 'ra-core';
import { type RateLimitOptions, rateLimitFetch, runBulk } from 'ra-rate-limit';
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

/** A server that has accepted everything for so long is healthy. */
const CALM_MS = 30_000;

describe('after a refusal', () => {
    it('calls leave one after another', async () => {
        const { service, clock } = createService();
        const { call, accepted } = createServer(clock, 10);

        await clock.resolve(Promise.all(Array.from({ length: 10 }, () => service.executeWithRetry(call()))));

        expect(new Set(moments(accepted)).size).toBe(10);
    });

    it.each([
        [1, [0, 500, 1500], ['500', '0', '1500']],
        // After the second refusal, two seconds later.
        [2, [0, 2500, 3500], ['0', '2500', '3500']],
        [2, [0, 1500, 3500], ['1500', '0', '3500']],
    ])(
        'a call yields to those that came within a second for each time it was refused: %i, made at %j',
        async (refusals, madeAt, order) => {
            const { service, clock } = createService();
            const { call, accepted } = createServer(clock, refusals, () => refusalFor(2));
            const start = clock.now();
            const calls: Promise<void>[] = [];

            for (const at of madeAt) {
                await clock.advance(start + at - clock.now());
                calls.push(service.executeWithRetry(call(String(at))));
            }
            await clock.resolve(Promise.all(calls));

            expect(accepted.map(({ name }) => name)).toEqual(order);
        },
    );

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

    it('interactive calls leave one after another, however many bulk ones there were before', async () => {
        const { service, clock } = createService();
        const { call, accepted } = createServer(clock, 1);
        const bulk = Array.from({ length: 5 }, () => service.executeWithRetry(call(), { priority: 'bulk' }));
        await clock.resolve(Promise.all(bulk));

        await clock.resolve(Promise.all(Array.from({ length: 5 }, () => service.executeWithRetry(call()))));

        expect(new Set(moments(accepted.slice(5))).size).toBe(5);
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

    it('nor is one after calls that were aborted while they waited', async () => {
        const { service, clock } = createService();
        const { call, accepted } = createServer(clock, 3);
        const controller = new AbortController();
        const { signal } = controller;
        const waiting = [1, 2, 3].map(() => rejectionOf(service.executeWithRetry(call(), { signal })));
        await clock.advance(50);
        controller.abort();
        await Promise.all(waiting);
        await clock.advance(1000);

        await service.executeWithRetry(call());
        await service.executeWithRetry(call());

        expect(new Set(moments(accepted.slice(-2))).size).toBe(1);
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
        service.dispatcher.pause(2000);

        await clock.resolve(Promise.all([1, 2, 3, 4].map(() => service.executeWithRetry(call()))));

        expect(Math.min(...moments(accepted))).toBe(2000);
        expect(new Set(moments(accepted)).size).toBe(4);
    });
});

describe('the pace ends', () => {
    const burst = (service: ReturnType<typeof createService>['service'], call: () => Promise<void>) =>
        Promise.all(Array.from({ length: 10 }, () => service.executeWithRetry(call)));

    it('30 s after the refusal, once an answer comes: then all leave at once', async () => {
        const { service, clock } = createService();
        const { call, accepted } = createServer(clock, 1);
        const first = service.executeWithRetry(call());
        await clock.advance(CALM_MS);
        await first;
        await service.executeWithRetry(call());
        const before = accepted.length;

        await clock.resolve(burst(service, call()));

        expect(new Set(moments(accepted.slice(before))).size).toBe(1);
        expect(clock.pendingTimers).toBe(0);
    });

    it('not before that', async () => {
        const { service, clock } = createService();
        const { call, accepted } = createServer(clock, 1);
        const first = service.executeWithRetry(call());
        await clock.advance(CALM_MS - 1);
        await first;
        await service.executeWithRetry(call());
        const before = accepted.length;

        await clock.resolve(burst(service, call()));

        expect(new Set(moments(accepted.slice(before))).size).toBe(10);
    });

    it('30 s after the last of several refusals', async () => {
        const { service, clock } = createService();
        await clock.resolve(service.executeWithRetry(scriptedCall(clock, refusal(), 'saved')));
        await clock.advance(CALM_MS - 10_000);
        const two = [1, 2].map(() => service.executeWithRetry(scriptedCall(clock, refusal(), 'saved')));
        await clock.resolve(Promise.all(two));
        await clock.advance(CALM_MS - 10_000);
        const { call, accepted } = createServer(clock, 0);
        await service.executeWithRetry(call());

        await clock.resolve(burst(service, call()));

        expect(new Set(moments(accepted)).size).toBe(10);
    });

    it('although a lone call was refused meanwhile, which says nothing of the pace', async () => {
        const { service, clock } = createService();
        await clock.resolve(service.executeWithRetry(scriptedCall(clock, refusal(), 'saved')));
        await clock.advance(CALM_MS - 1000);
        await clock.resolve(service.executeWithRetry(scriptedCall(clock, refusal(), 'saved')));
        await clock.advance(1000);
        const { call, accepted } = createServer(clock, 0);
        await service.executeWithRetry(call());

        await clock.resolve(burst(service, call()));

        expect(new Set(moments(accepted)).size).toBe(1);
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
        const late = heldCall();
        const answered = service.executeWithRetry(late);
        await clock.resolve(service.executeWithRetry(scriptedCall(clock, refusal(), 'saved')));
        await clock.advance(CALM_MS);
        late.resolve('saved');
        await answered;
        service.dispatcher.pause(1000);
        const { call, accepted } = createServer(clock, 0);

        await clock.resolve(burst(service, call()));

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

describe('an hour without a call after the only refusal', () => {
    it('does not make the next refusals cost more than the first', async () => {
        const { service, clock } = createService();
        await clock.resolve(service.executeWithRetry(scriptedCall(clock, refusal(), 'saved')));
        await clock.advance(3_600_000);
        const start = clock.now();
        const calls = Array.from({ length: 10 }, (_, index) =>
            index < 3 ? scriptedCall(clock, refusal(), 'saved') : scriptedCall(clock, 'saved'),
        );

        await clock.resolve(Promise.all(calls.map(call => service.executeWithRetry(call))));

        expect(clock.now() - start).toBeLessThan(3000);
    });
});

describe('a healthy service', () => {
    it('is healthy again with the first call that is accepted 30 s after the only refusal', async () => {
        const { service, clock } = createService();
        await clock.resolve(service.executeWithRetry(scriptedCall(clock, refusal(), 'saved')));
        await clock.advance(CALM_MS);
        await service.executeWithRetry(async () => 'saved');
        const call = scriptedCall(clock, 'saved');

        const saving = service.executeWithRetry(call);

        expect(call).toHaveBeenCalledTimes(1); // on the spot, not after a turn in the queue
        await saving;
    });
});

describe('the quota that accepted answers tell of', () => {
    /** A server that lets ten calls through in each 10 s, and tells what is left. Notes which it let through when. */
    function createQuotaServer(clock: VirtualClock) {
        const start = clock.now();
        const accepted: number[] = [];
        let refused = 0;
        const fetch = async () => {
            const at = clock.now() - start;
            const resetMs = 10_000 - (at % 10_000);
            const used = accepted.filter(moment => moment >= at + resetMs - 10_000).length;
            const headers = (remaining: number) => ({
                RateLimit: `"ten";r=${remaining};t=${Math.ceil(resetMs / 1000)}`,
            });
            if (used === 10) {
                refused++;
                return new Response(null, { status: 429, headers: headers(0) });
            }
            accepted.push(at);
            return new Response('saved', { headers: headers(9 - used) });
        };
        return { fetch, accepted, refusedCount: () => refused };
    }

    function createClient() {
        const created = createService({ maxElapsedMs: Number.POSITIVE_INFINITY, maxDelayMs: 60_000 });
        const server = createQuotaServer(created.clock);
        const fetch = rateLimitFetch(created.service, { fetch: server.fetch });
        const save = async () => {
            const response = await fetch('/rest/v1/contacts');
            if (!response.ok) throw new HttpError('Too Many Requests', response.status);
        };
        const saveAll = (count: number) =>
            Promise.all(Array.from({ length: count }, () => created.service.executeWithRetry(save)));
        return { ...created, ...server, save, saveAll };
    }

    it('is kept by bulk work: none is refused, and one of each is left to people', async () => {
        const { service, clock, accepted, refusedCount, save } = createClient();

        await clock.resolve(runBulk(Array.from({ length: 18 }), save, { service }));

        expect(refusedCount()).toBe(0);
        expect(accepted.filter(at => at < 10_000)).toHaveLength(9);
        expect(accepted).toHaveLength(18);
        expect(new Set(accepted).size).toBe(18);
    });

    it('is there for people: what they save at once, after a refusal as well, is not spread over the time', async () => {
        const { service, clock, accepted, refusedCount, saveAll } = createClient();
        await clock.resolve(service.executeWithRetry(scriptedCall(clock, refusal(), 'saved')));

        await clock.resolve(saveAll(10));

        expect(refusedCount()).toBe(0);
        expect(Math.max(...accepted)).toBeLessThan(1000);
    });

    it('that is used up holds them back until there is more', async () => {
        const { service, clock, accepted, refusedCount, saveAll } = createClient();
        await clock.resolve(service.executeWithRetry(scriptedCall(clock, refusal(), 'saved')));

        await clock.resolve(saveAll(15));

        expect(refusedCount()).toBe(0);
        expect(accepted.filter(at => at < 1000)).toHaveLength(10);
        expect(accepted.filter(at => at >= 10_000)).toHaveLength(5);
    });

    it('is ignored while the service is healthy: all leave at once', async () => {
        const { accepted, clock, saveAll } = createClient();

        await clock.resolve(saveAll(10));
        await clock.advance(10_000);
        await clock.resolve(saveAll(5));

        expect(new Set(accepted)).toEqual(new Set([0, 10_000]));
        expect(clock.pendingTimers).toBe(0);
    });

    it('does not hold back people when it is used up for longer than they would wait', async () => {
        const { service, clock } = createService();
        service.dispatcher.setBulk({ adopt: () => undefined, end: () => {} });
        service.dispatcher.limit({ remaining: 0, resetMs: 3_600_000 });
        const save = scriptedCall(clock, 'saved');

        await clock.resolve(Promise.all([1, 2].map(() => service.executeWithRetry(save))));

        expect(Math.max(...save.sentAt)).toBeLessThan(1000);
    });

    it('told while it is healthy does not hold back the calls after a later refusal', async () => {
        const { service, clock } = createService();
        service.dispatcher.limit({ remaining: 1, resetMs: 600_000 });
        const { call, accepted } = createServer(clock, 2);

        await clock.resolve(Promise.all([1, 2].map(() => service.executeWithRetry(call()))));

        expect(accepted).toHaveLength(2);
        expect(Math.max(...moments(accepted))).toBeLessThan(1000);
    });
});

describe('on a clock that stands still', () => {
    it('a call refused at the very moment of another leaves a pace at which all succeed', async () => {
        const { service, clock } = createService();
        const first = [1, 2].map(() => service.executeWithRetry(scriptedCall(clock, refusal(), 'saved')));
        await clock.advance(0);
        const more = [1, 2, 3].map(() => service.executeWithRetry(scriptedCall(clock, refusal(), refusal(), 'saved')));

        await clock.resolve(Promise.all([...first, ...more]));

        expect(service.getStats()).toMatchObject({ succeeded: 5, waiting: 0 });
    });
});

describe('calls at once that the server refuses for a while', () => {
    /** A server that refuses the first requests of each call, and names no time. */
    function createRefused(calls: number, refusals: number, options: RateLimitOptions = {}) {
        const context = createService(options);
        const { service, clock } = context;
        const scripts = Array.from({ length: calls }, () =>
            scriptedCall(clock, ...Array.from({ length: refusals }, refusal), 'saved'),
        );
        const saving = Promise.allSettled(scripts.map(call => service.executeWithRetry(call)));
        return { ...context, scripts, saving };
    }

    it.each([
        [10, 2],
        [20, 2],
        [10, 3],
    ])('%i of them, each refused %i times, are all saved', async (calls, refusals) => {
        const { clock, saving } = createRefused(calls, refusals);

        const settled = await clock.resolve(saving);

        expect(settled.every(({ status }) => status === 'fulfilled')).toBe(true);
    });

    it('wait no longer than the backoff says, however many they are', async () => {
        const { clock, scripts, saving } = createRefused(5, 9, { initialDelayMs: 1, maxDelayMs: 5 });
        const start = clock.now();

        await clock.resolve(saving);

        expect(scripts.map(({ sentAt }) => sentAt.length)).toEqual([4, 4, 4, 4, 4]);
        expect(clock.now() - start).toBeLessThan(500);
    });

    it('go on at once when the one that was sent ahead is refused again while it is alone', async () => {
        const { service, clock } = createService();
        const refused = scriptedCall(clock, refusal(), refusal(), refusal(), 'saved');
        const other = scriptedCall(clock, 'saved');
        const first = service.executeWithRetry(refused);
        await clock.advance(650);

        const second = service.executeWithRetry(other);
        await clock.resolve(Promise.all([first, second]));

        expect(refused.sentAt).toEqual([0, 100, 300, 700]);
        expect(other.sentAt).toEqual([650]);
    });

    it('go on at once when the one that was sent ahead has failed', async () => {
        const { clock, scripts, saving } = createRefused(2, 2, { initialDelayMs: 10, maxRetries: 1 });

        await clock.resolve(saving);

        expect(Math.max(...scripts.flatMap(({ sentAt }) => sentAt))).toBeLessThan(100);
    });
});
