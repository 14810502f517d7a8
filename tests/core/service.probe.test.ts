import { FunctionsFetchError } from '@supabase/supabase-js';
import { AxiosError } from 'axios';
import { HttpError } from 'ra-core';
import { rateLimitFetch, withRateLimit } from 'ra-rate-limit';
import { describe, expect, it } from 'vitest';
import { createBrittle, EXHAUSTED, OPEN } from '../support/brittleService';
import { createService } from '../support/createService';
import { heldCall, refusal, refusalFor, rejectionOf, scriptedCall } from '../support/scriptedCalls';

describe('when the open period is over', () => {
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

    it('a method that calls a wrapped one closes the circuit, though calls wait for less than 30 s', async () => {
        const { openAndWait, service, statusOf, clock } = createBrittle({ maxElapsedMs: 10_000 });
        await openAndWait();
        const inner = withRateLimit({ create: async () => 'saved' }, { service });
        const outer = withRateLimit({ saveBoth: async () => inner.create() }, { service });

        await expect(clock.resolve(outer.saveBoth())).resolves.toBe('saved');

        expect(statusOf()).toBe('closed');
    });

    it('calls that do not wait at all do not all go at once', async () => {
        const { openAndWait, service, clock } = createBrittle({ maxElapsedMs: 0 });
        await openAndWait();
        const probe = heldCall();
        void service.executeWithRetry(probe);
        const other = scriptedCall(clock, 'saved');

        await clock.advance(999);
        await rejectionOf(clock.resolve(service.executeWithRetry(other)));

        expect(other).not.toHaveBeenCalled();
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

describe('a probe', () => {
    it.each<[string, () => unknown]>([
        ['fetch', () => new TypeError('Failed to fetch')],
        ['a fetch that has waited long enough', () => new DOMException('signal timed out', 'TimeoutError')],
        ['ky', () => Object.assign(new Error('Request failed'), { name: 'NetworkError' })],
        ['an Edge Function', () => new FunctionsFetchError({})],
        ['axios', () => new AxiosError('Network Error', 'ERR_NETWORK')],
        ['axios that has waited long enough', () => new AxiosError('timeout of 100ms exceeded', 'ECONNABORTED')],
    ])('whose connection breaks leaves it to the next call: %s', async (_, error) => {
        const { service, openAndWait, statusOf } = createBrittle();
        await openAndWait();

        await rejectionOf(service.executeWithRetry(() => Promise.reject(error())));

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

    it('of supabase-js that resolves with an error of the server closes it', async () => {
        const { service, openAndWait, statusOf } = createBrittle();
        await openAndWait();

        await service.executeWithRetry(async () => ({ data: null, error: { message: 'duplicate key' }, status: 409 }));

        expect(statusOf()).toBe('closed');
    });

    it('of an Edge Function that resolves without an answer leaves it to the next call', async () => {
        const { service, openAndWait, statusOf } = createBrittle();
        await openAndWait();

        await service.executeWithRetry(async () => ({ data: null, error: new FunctionsFetchError({}) }));

        expect(statusOf()).toBe('half-open');
    });

    it.each<[string, () => unknown]>([
        ['axios', () => new AxiosError('Request failed', 'ERR_BAD_RESPONSE', undefined, {}, { status: 500 } as never)],
        ['react-admin', () => new HttpError('Internal Server Error', 500)],
    ])('that is answered with an error of the server closes it: %s', async (_, error) => {
        const { service, openAndWait, statusOf } = createBrittle();
        await openAndWait();

        await rejectionOf(service.executeWithRetry(() => Promise.reject(error())));

        expect(statusOf()).toBe('closed');
    });

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

it('a read that is refused before there is a probe opens the circuit for as long as the server says', async () => {
    const { service, openAndWait, clock } = createBrittle();
    await openAndWait();
    const headers = { 'Retry-After': '20' };

    await rateLimitFetch(service, { fetch: async () => new Response('', { status: 429, headers }) })('/contacts');

    expect(service.getCircuitState().openUntil).toBe(clock.now() + 20_000);
});
