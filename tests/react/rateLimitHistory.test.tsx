import { HttpError } from 'ra-core';
import { rateLimitFetch, runBulk } from 'ra-rate-limit';
import { expect, test, vi } from 'vitest';
import {
    advance,
    call,
    createService,
    MINUTE,
    minuteOf,
    NOW,
    onFreshPage,
    refusal,
    renderHistory,
    THIS_MINUTE,
} from './historySupport.js';

onFreshPage();

test('before anything has happened there is nothing, and no timer', () => {
    const { result, renders } = renderHistory(createService());

    expect(result.current).toEqual({ minutes: [], events: [] });
    expect(new Set(renders).size).toBeLessThanOrEqual(2);
    expect(vi.getTimerCount()).toBe(0);
});

test('a call that is refused and sent again is counted, and its retry is an event', async () => {
    const service = createService();
    const { result } = renderHistory(service);

    await call(service, refusal(), 'saved');

    expect(result.current).toEqual({
        minutes: [minuteOf({ calls: 1, retries: 1, rateLimited: 1 })],
        events: [
            {
                at: NOW,
                type: 'retry',
                resource: 'contacts',
                operation: 'create',
                attempt: 1,
                maxRetries: 3,
                delayMs: 100,
            },
        ],
    });
});

test('calls that succeed are counted and are no events', async () => {
    const service = createService();
    const { result } = renderHistory(service);

    await call(service, 'saved');
    await call(service, 'saved');

    expect(result.current).toEqual({ minutes: [minuteOf({ calls: 2 })], events: [] });
});

test('calls that fail for a reason of their own, or are aborted, are counted in the minute in which they end', async () => {
    const service = createService();
    const { result } = renderHistory(service);

    await call(service, new HttpError('Conflict', 409));
    await advance(MINUTE);
    await call(service, new DOMException('Left', 'AbortError'));
    await advance(MINUTE);
    await service.executeWithRetry(() => 'saved', { signal: AbortSignal.abort() }).catch(() => {});
    await advance(MINUTE);

    expect(result.current.minutes).toEqual(
        [0, 1, 2].map(minutes => minuteOf({ calls: 1 }, THIS_MINUTE + minutes * MINUTE)),
    );
});

test('the whole story of an open circuit is told, the oldest first', async () => {
    const service = createService({ maxRetries: 0, circuitBreakerThreshold: 1, circuitResetMs: 10_000 });
    const { result } = renderHistory(service);
    const names = { resource: 'contacts', operation: 'create' };

    void service
        .executeWithRetry(() => Promise.reject(refusal()), { resourceName: 'contacts', operation: 'create' })
        .catch(() => {});
    await advance(2000);
    void service.executeWithRetry(() => 'saved', { resourceName: 'contacts', operation: 'create' }).catch(() => {});
    await advance(8000);
    await call(service, 'saved');

    expect(result.current.events).toEqual([
        { at: NOW, type: 'open', openUntil: NOW + 10_000, consecutiveFailures: 1 },
        { at: NOW, type: 'exhausted', ...names, attempts: 1, waitedMs: 0 },
        { at: NOW + 2000, type: 'reject', ...names, attempts: 0, waitedMs: 0 },
        { at: NOW + 10_000, type: 'halfOpen' },
        { at: NOW + 10_000, type: 'close' },
    ]);
    expect(result.current.minutes).toEqual([minuteOf({ calls: 3, rateLimited: 1, exhausted: 1, rejected: 1 })]);
});

test('the pause that a server asks for is an event', async () => {
    const service = createService();
    const { result } = renderHistory(service);
    const refused = new Response(null, { status: 429, headers: { 'Retry-After': '7' } });

    await rateLimitFetch(service, { fetch: async () => refused })('https://project.example/rest/v1/contacts');
    await advance(250);

    expect(result.current.events).toEqual([{ at: NOW, type: 'pause', until: NOW + 7000 }]);
});

test('it is plain data: no error, nothing of a record or an answer, nothing that JSON has no word for', async () => {
    const service = createService({ maxRetries: 1, circuitBreakerThreshold: 1 });
    const { result } = renderHistory(service);
    const answer = Object.assign(new HttpError('canary: message', 429, { details: 'canary: body' }), {
        cause: new Error('canary: cause'),
    });

    void service.executeWithRetry(() => Promise.reject(answer), { resourceName: 'contacts' }).catch(() => {});
    await advance(1000);
    void service.executeWithRetry(() => ({ data: 'canary: record' }), { resourceName: 'contacts' }).catch(() => {});
    const bulk = runBulk([{ name: 'canary: row' }], () => Promise.reject(answer), { service, concurrency: 1 });
    await advance(1000);
    service.resetCircuit();
    await advance(1000);

    const { events } = result.current;
    const types = events.map(({ type }) => type);
    expect(types).toEqual(expect.arrayContaining(['retry', 'exhausted', 'open', 'reject', 'close']));
    const ofBulk = events.filter(({ type, resource }) => type === 'retry' && resource === undefined);
    expect(ofBulk.length).toBeGreaterThan(0);
    for (const event of ofBulk) expect(event).not.toHaveProperty('maxRetries');
    expect(JSON.stringify(result.current)).not.toMatch(/canary|null/);
    expect(JSON.parse(JSON.stringify(result.current))).toEqual(result.current);
    service.dispose();
    await bulk.catch(() => {});
});

test('a name that is none does not fill the storage', async () => {
    const service = createService();
    const { result } = renderHistory(service);
    const context = { resourceName: 'x'.repeat(10_000), operation: { toString: () => 'create' } as unknown as string };

    void service.executeWithRetry(() => Promise.reject(refusal()), context).catch(() => {});
    await advance(250);

    expect(result.current.events[0]?.resource).toHaveLength(200);
    expect(JSON.stringify(result.current).length).toBeLessThan(1000);
});

test('what happens is counted in its minute, for an hour', async () => {
    const service = createService();
    const { result, rerender } = renderHistory(service);

    for (let minute = 0; minute < 70; minute++) {
        await call(service, 'saved');
        vi.setSystemTime(NOW + (minute + 1) * MINUTE);
    }
    vi.setSystemTime(NOW + 69 * MINUTE);
    rerender();

    const { minutes } = result.current;
    expect(minutes).toHaveLength(60);
    expect(minutes[0]).toEqual(minuteOf({ calls: 1 }, THIS_MINUTE + 10 * MINUTE));
    expect(minutes.at(-1)).toEqual(minuteOf({ calls: 1 }, THIS_MINUTE + 69 * MINUTE));

    vi.setSystemTime(NOW + 128 * MINUTE);
    rerender();
    expect(result.current.minutes).toEqual([minuteOf({ calls: 1 }, THIS_MINUTE + 69 * MINUTE)]);
    vi.setSystemTime(NOW + 129 * MINUTE);
    rerender();
    expect(result.current.minutes).toEqual([]);
});

test('when the clock is set back, no minute is of the future', async () => {
    const service = createService();
    const { result } = renderHistory(service);
    await call(service, 'saved');

    vi.setSystemTime(NOW - 24 * 60 * MINUTE);
    await call(service, 'saved');

    expect(result.current.minutes).toEqual([minuteOf({ calls: 1 }, THIS_MINUTE - 24 * 60 * MINUTE)]);
});

test('when the clock is set back, the events stay the oldest first', async () => {
    const service = createService();
    const { result } = renderHistory(service);
    await call(service, refusal(), 'saved');
    await advance(40_000);
    await call(service, 'saved');
    const setBack = NOW - 30 * MINUTE;

    vi.setSystemTime(setBack);
    await call(service, refusal(), 'saved');

    expect(result.current.events.map(({ at }) => at)).toEqual([setBack, setBack]);
});

test('a flood of refusals costs few renders, and the last 100 events are kept', async () => {
    const service = createService({ maxRetries: 2000, initialDelayMs: 0 });
    const { result, renders } = renderHistory(service);
    const before = renders.length;

    let refusals = 0;
    const flood = service.executeWithRetry(async () => {
        if (refusals++ < 2000) throw refusal();
    });
    await advance(1000);
    await flood;

    expect(renders.length - before).toBeLessThanOrEqual(5);
    expect(result.current.events.map(({ attempt }) => attempt)).toEqual(
        Array.from({ length: 100 }, (_, index) => 1901 + index),
    );
    expect(result.current.minutes).toEqual([minuteOf({ calls: 1, retries: 2000, rateLimited: 2000 })]);
}, 20_000);

test('events that come together are rendered together, a quarter of a second later', async () => {
    const service = createService({ maxRetries: 0 });
    const { result, renders } = renderHistory(service);
    const before = renders.length;

    for (let count = 0; count < 4; count++) {
        void service.executeWithRetry(() => Promise.reject(refusal())).catch(() => {});
    }
    await advance(249);
    expect(renders).toHaveLength(before);
    expect(vi.getTimerCount()).toBe(1);

    await advance(1);
    expect(renders).toHaveLength(before + 1);
    expect(result.current.events).toHaveLength(4);
});

test('it is the same object while nothing happens, and its parts do not change afterwards', async () => {
    const service = createService();
    const { result, rerender } = renderHistory(service);
    await call(service, refusal(), 'saved');
    const earlier = result.current;
    const copy = structuredClone(earlier);

    rerender();
    expect(result.current).toBe(earlier);

    await call(service, refusal(), 'saved');
    expect(result.current).not.toBe(earlier);
    expect(earlier).toEqual(copy);
});
