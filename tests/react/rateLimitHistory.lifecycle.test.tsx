import { act, cleanup, renderHook } from '@testing-library/react';
import type { RateLimitService } from 'ra-rate-limit';
import { useRateLimitHistory, useRecordRateLimitHistory } from 'ra-rate-limit/react';
import { type ReactNode, StrictMode } from 'react';
import { renderToString } from 'react-dom/server';
import { expect, test, vi } from 'vitest';
import {
    advance,
    around,
    call,
    createService,
    KEY,
    minuteOf,
    onFreshPage,
    refusal,
    renderHistory,
} from './historySupport.js';

onFreshPage();

/** Counts the listeners that somebody has added and not removed. */

function watchListeners(service: RateLimitService) {
    const listeners = new Set<unknown>();
    for (const target of [window, document]) {
        const { addEventListener, removeEventListener } = target;
        vi.spyOn(target, 'addEventListener').mockImplementation((name: string, listener: unknown) => {
            if (name === 'pagehide' || name === 'visibilitychange') listeners.add(`${name}`);
            addEventListener.call(target, name, listener as EventListener);
        });
        vi.spyOn(target, 'removeEventListener').mockImplementation((name: string, listener: unknown) => {
            listeners.delete(`${name}`);
            removeEventListener.call(target, name, listener as EventListener);
        });
    }
    const on = service.on.bind(service) as (name: string, listener: () => void) => () => void;
    service.on = ((name: string, listener: () => void) => {
        const key = Symbol(name);
        const off = on(name, listener);
        listeners.add(key);
        return () => {
            listeners.delete(key);
            off();
        };
    }) as RateLimitService['on'];
    return listeners;
}

test('components share it, and after the last one nothing is left behind', async () => {
    const service = createService({ maxRetries: 0 });
    const listeners = watchListeners(service);
    const first = renderHistory(service);
    const atFirst = listeners.size;
    const second = renderHistory(service);
    expect(atFirst).toBeGreaterThan(0);
    expect(listeners.size).toBe(atFirst);

    first.unmount();
    void service.executeWithRetry(() => Promise.reject(refusal())).catch(() => {});
    await advance(250);
    expect(second.result.current.events).toHaveLength(1);
    expect(first.result.current.events).toHaveLength(0);

    service.resetCircuit();
    service.dispose();
    second.unmount();
    expect(listeners.size).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
});

test('a render that was to come is cancelled when the last component goes', async () => {
    const service = createService();
    const { unmount, renders } = renderHistory(service);
    await act(() => service.executeWithRetry(() => 'saved'));
    await act(() => service.executeWithRetry(() => Promise.resolve('saved')));
    expect(vi.getTimerCount()).toBe(1);

    unmount();
    expect(vi.getTimerCount()).toBe(0);
    const before = renders.length;
    await advance(1000);

    expect(renders).toHaveLength(before);
});

test('calls made while nobody records are not taken for those of the minute in which somebody comes back', async () => {
    const service = createService();
    const first = renderHistory(service);
    await call(service, 'saved');
    first.unmount();
    for (let count = 0; count < 5; count++) await call(service, refusal(), 'saved');

    const { result } = renderHistory(service);
    await call(service, 'saved');

    expect(result.current).toEqual({ minutes: [minuteOf({ calls: 2 })], events: [] });
});

test('in strict mode nothing is counted twice', async () => {
    const service = createService();
    const listeners = watchListeners(service);
    const { result, unmount } = renderHistory(service, { reactStrictMode: true });

    await call(service, refusal(), 'saved');

    expect(result.current.minutes).toEqual([minuteOf({ calls: 1, retries: 1, rateLimited: 1 })]);
    expect(result.current.events).toHaveLength(1);
    unmount();
    expect(listeners.size).toBe(0);
});

test('a layout records without being rendered again, from the start on and whoever comes and goes', async () => {
    const service = createService();
    const listeners = watchListeners(service);
    let renders = 0;
    const layout = renderHook(
        () => {
            renders++;
            useRecordRateLimitHistory();
        },
        { wrapper: around(service) },
    );

    await call(service, refusal(), 'saved');
    const page = renderHistory(service);
    expect(page.result.current.events).toHaveLength(1);
    page.unmount();
    await act(() => service.executeWithRetry(() => Promise.resolve('saved')));
    expect(vi.getTimerCount()).toBe(0);
    await call(service, refusal(), 'saved');
    expect(renderHistory(service).result.current.minutes).toEqual([minuteOf({ calls: 3, retries: 2, rateLimited: 2 })]);

    expect(renders).toBe(1);
    cleanup();
    layout.unmount();
    expect(listeners.size).toBe(0);
});

test('a layout that records alone has no timer', async () => {
    const service = createService();
    renderHook(() => useRecordRateLimitHistory({ storageKey: 'layout' }), { wrapper: around(service) });

    await act(() => service.executeWithRetry(() => Promise.resolve('saved')));

    expect(vi.getTimerCount()).toBe(0);
    window.dispatchEvent(new Event('pagehide'));
    expect(sessionStorage.getItem('layout')).toContain('"calls":1');
});

const Page = () => <p>{JSON.stringify(useRateLimitHistory())}</p>;

const Layout = ({ children }: { children: ReactNode }) => {
    useRecordRateLimitHistory();
    return children;
};

test('on a server there is nothing to show, and nothing is left behind', () => {
    sessionStorage.setItem(KEY, JSON.stringify({ minutes: [minuteOf({ calls: 5 })] }));
    const service = createService();
    // The answer is that of a server, even where something is recorded already: what was sent must fit.
    renderHistory(service).unmount();
    const listeners = watchListeners(service);
    const Around = around(service);

    const html = renderToString(
        <StrictMode>
            <Around>
                <Layout>
                    <Page />
                </Layout>
            </Around>
        </StrictMode>,
    );

    expect(html).toBe('<p>{&quot;minutes&quot;:[],&quot;events&quot;:[]}</p>');
    expect(listeners.size).toBe(0);
});

test('without a service it says what to do', () => {
    vi.spyOn(console, 'error').mockImplementation(() => {});

    expect(() => renderHook(() => useRateLimitHistory())).toThrow(/no rate limit service found/);
});
