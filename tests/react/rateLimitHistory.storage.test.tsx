import { cleanup } from '@testing-library/react';
import { HttpError } from 'ra-core';
import { expect, test, vi } from 'vitest';
import {
    call,
    createService,
    KEY,
    MINUTE,
    minuteOf,
    NOW,
    onFreshPage,
    refusal,
    renderHistory,
    THIS_MINUTE,
} from './historySupport.js';

onFreshPage();

/** A new page: a service that has counted nothing yet, and the storage of the tab. */
function reload() {
    window.dispatchEvent(new Event('pagehide'));
    return createService();
}

test('it survives a reload: nothing is lost, doubled or negative', async () => {
    const before = createService();
    renderHistory(before);
    await call(before, refusal(), 'saved');
    await call(before, 'saved');

    const after = reload();
    cleanup();
    const { result } = renderHistory(after);
    expect(result.current.minutes).toEqual([minuteOf({ calls: 2, retries: 1, rateLimited: 1 })]);
    expect(result.current.events.map(({ type }) => type)).toEqual(['retry']);

    await call(after, 'saved');
    expect(result.current.minutes).toEqual([minuteOf({ calls: 3, retries: 1, rateLimited: 1 })]);

    const third = reload();
    cleanup();
    expect(renderHistory(third).result.current.minutes).toEqual([minuteOf({ calls: 3, retries: 1, rateLimited: 1 })]);
});

test.each(['pagehide', 'visibilitychange'])('it is written on %s', async name => {
    const service = createService();
    renderHistory(service);
    await call(service, refusal(), 'saved');
    expect(sessionStorage.getItem(KEY)).toBeNull();

    (name === 'pagehide' ? window : document).dispatchEvent(new Event(name));

    expect(JSON.parse(sessionStorage.getItem(KEY) as string)).toMatchObject({
        minutes: [{ calls: 1 }],
        events: [{ type: 'retry' }],
    });
});

test('it is written when the last user goes, with what nothing had told', async () => {
    const service = createService();
    const { unmount } = renderHistory(service);
    await call(service, new HttpError('Conflict', 409));

    unmount();

    expect(JSON.parse(sessionStorage.getItem(KEY) as string)).toEqual({
        minutes: [minuteOf({ calls: 1 })],
        events: [],
    });
});

test('each storage key has a history of its own', async () => {
    const service = createService();
    const { result, unmount } = renderHistory(service, { storageKey: 'billing' });
    await call(service, refusal(), 'saved');
    unmount();

    expect(result.current.events).toHaveLength(1);
    expect(sessionStorage.getItem('billing')).toContain('retry');
    expect(sessionStorage.getItem(KEY)).toBeNull();
    expect(renderHistory(createService(), { storageKey: 'other' }).result.current.events).toEqual([]);
});

test.each([
    ['is no JSON', '{"minutes":['],
    ['is of something else', '"dark"'],
    ['is null', 'null'],
    ['is a list', '[1, 2]'],
    ['has no lists', '{"minutes": {"length": 3}, "events": "retry"}'],
    ['has no entries in its lists', '{"minutes": [null, 1, [], "x"], "events": [null, {}, 7, {"at": 1}]}'],
    [
        'has unknown events',
        JSON.stringify({
            events: [
                { at: NOW, type: 'success' },
                { at: NOW, type: 'toString' },
            ],
        }),
    ],
    [
        'has impossible moments',
        '{"minutes": [{"at": 1e300}, {"at": null}], "events": [{"at": -1e300, "type": "open"}, {"at": "now", "type": "open"}]}',
    ],
    [
        'has impossible counts',
        JSON.stringify({ minutes: [minuteOf({ calls: -1 }), minuteOf({ retries: 0.5 }), minuteOf({ rejected: '9' })] }),
    ],
    ['has minutes that are none', JSON.stringify({ minutes: [minuteOf({ calls: 1 }, NOW - 5 * MINUTE)] })],
    ['is too old', JSON.stringify({ minutes: [minuteOf({ calls: 1 }, THIS_MINUTE - 60 * MINUTE)] })],
    [
        'is of the future',
        JSON.stringify({
            minutes: [minuteOf({ calls: 1 }, THIS_MINUTE + MINUTE)],
            events: [{ at: NOW + 1, type: 'open' }],
        }),
    ],
])('stored data that %s is dropped, and recording begins anew', async (_, stored) => {
    sessionStorage.setItem(KEY, stored);
    const service = createService();
    const { result } = renderHistory(service);
    expect(result.current).toEqual({ minutes: [], events: [] });

    await call(service, refusal(), 'saved');

    expect(result.current.minutes).toEqual([minuteOf({ calls: 1, retries: 1, rateLimited: 1 })]);
    expect(result.current.events).toHaveLength(1);
});

test('of stored data, only what is known is taken', () => {
    const event = {
        ...{ at: NOW - 500, type: 'retry', resource: 'contacts', operation: 7, attempt: '1', delayMs: 100 },
        ...{ error: { message: 'canary' }, extra: true },
    };
    const minute = { ...minuteOf({ calls: 5 }), html: '<script>' };
    sessionStorage.setItem(
        KEY,
        `{"minutes": [${JSON.stringify(minute)}], "events": [{"__proto__": {"at": 1, "type": "open"}}, ${JSON.stringify(event)}]}`,
    );

    const { result } = renderHistory(createService());

    expect(result.current).toEqual({
        minutes: [minuteOf({ calls: 5 })],
        events: [{ at: NOW - 500, type: 'retry', resource: 'contacts', delayMs: 100 }],
    });
});

test('of too much stored data the newest is taken, in order, and each minute once', () => {
    const events = Array.from({ length: 150 }, (_, index) => ({ at: NOW - index, type: 'close' }));
    const minutes = Array.from({ length: 90 }, (_, index) => minuteOf({ calls: 1 }, THIS_MINUTE - index * MINUTE));
    sessionStorage.setItem(KEY, JSON.stringify({ minutes: [...minutes, ...minutes], events }));

    const { result } = renderHistory(createService());

    expect(result.current.events.map(({ at }) => at)).toEqual(Array.from({ length: 100 }, (_, i) => NOW - 99 + i));
    expect(result.current.minutes.map(({ at }) => at)).toEqual(
        Array.from({ length: 60 }, (_, index) => THIS_MINUTE - (59 - index) * MINUTE),
    );
});

test('where storage is blocked, it works without', async () => {
    vi.stubGlobal('sessionStorage', undefined);
    const service = createService();
    const { result, unmount } = renderHistory(service);

    await call(service, refusal(), 'saved');
    expect(result.current.events).toHaveLength(1);
    window.dispatchEvent(new Event('pagehide'));
    unmount();
    expect(renderHistory(service).result.current.events).toHaveLength(1);
});

test('storage that throws at each touch does no harm', async () => {
    const thrower = () => {
        throw new DOMException('Full', 'QuotaExceededError');
    };
    vi.spyOn(Storage.prototype, 'getItem').mockImplementation(thrower);
    vi.spyOn(Storage.prototype, 'setItem').mockImplementation(thrower);
    const service = createService();
    const { result, unmount } = renderHistory(service);

    await call(service, refusal(), 'saved');
    expect(result.current.events).toHaveLength(1);
    expect(() => window.dispatchEvent(new Event('pagehide'))).not.toThrow();
    expect(unmount).not.toThrow();
});
