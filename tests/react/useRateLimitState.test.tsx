import { act, cleanup, render, renderHook, screen } from '@testing-library/react';
import { HttpError } from 'ra-core';
import { RateLimitService, rateLimitFetch } from 'ra-rate-limit';
import { RateLimitContextProvider, type RateLimitState, useRateLimitState } from 'ra-rate-limit/react';
import { type ReactNode, StrictMode } from 'react';
import { hydrateRoot } from 'react-dom/client';
import { renderToString } from 'react-dom/server';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { VirtualClock } from '../support/virtualClock';

const NOW = Date.UTC(2026, 0, 1);

beforeEach(() => {
    vi.useFakeTimers({ now: NOW });
});

afterEach(() => {
    cleanup();
    vi.useRealTimers();
});

const createService = () =>
    new RateLimitService({ logger: false, maxRetries: 0, circuitBreakerThreshold: 1, circuitResetMs: 2500 });

/** Renders the hook and keeps what each render saw. */
function renderState(service: RateLimitService, { reactStrictMode = false } = {}) {
    const renders: RateLimitState[] = [];
    const wrapper = ({ children }: { children: ReactNode }) => (
        <RateLimitContextProvider service={service}>{children}</RateLimitContextProvider>
    );
    const { result, unmount } = renderHook(
        () => {
            const state = useRateLimitState();
            renders.push(state);
            return state;
        },
        { wrapper, reactStrictMode },
    );
    return { result, unmount, renders };
}

/** The server answers some request with a 429 that asks everyone to wait. */
async function refuseFor(service: RateLimitService, seconds: number) {
    const refusal = new Response(null, { status: 429, headers: { 'Retry-After': String(seconds) } });
    await rateLimitFetch(service, { fetch: async () => refusal })('https://project.example/rest/v1/contacts');
}

const pause = (service: RateLimitService, seconds: number) => act(() => refuseFor(service, seconds));

const refuse = () => Promise.reject(new HttpError('Too Many Requests', 429));

const openCircuit = (service: RateLimitService) =>
    act(async () => {
        await service.executeWithRetry(refuse).catch(() => {});
    });

const advance = (ms: number) => act(() => vi.advanceTimersByTimeAsync(ms));

test('a healthy service is closed, with nothing to wait for and no timer', () => {
    const { result, renders } = renderState(createService());

    expect(result.current).toEqual({
        status: 'closed',
        isOpen: false,
        consecutiveFailures: 0,
        lastFailureTime: null,
        openUntil: null,
        pausedUntil: null,
        waiting: 0,
        waitingBulk: 0,
        waitingReads: 0,
        retryInMs: null,
    });
    expect(renders).toHaveLength(1);
    expect(vi.getTimerCount()).toBe(0);
});

test('healthy calls do not render anything again', async () => {
    const service = createService();
    const { renders } = renderState(service);

    await act(() => service.executeWithRetry(() => Promise.resolve('saved')));

    expect(renders).toHaveLength(1);
});

test('it renders again when the circuit opens, half-opens and closes', async () => {
    const service = createService();
    const { result } = renderState(service);

    await openCircuit(service);
    expect(result.current).toMatchObject({ status: 'open', isOpen: true, openUntil: NOW + 2500, retryInMs: 2500 });
    expect(result.current).toMatchObject({ consecutiveFailures: 1, lastFailureTime: NOW });

    await advance(2500);
    expect(result.current).toMatchObject({ status: 'half-open', isOpen: false, retryInMs: null });

    await act(() => service.executeWithRetry(() => Promise.resolve('saved')));
    expect(result.current).toMatchObject({ status: 'closed', consecutiveFailures: 0, retryInMs: null });
});

test('it tells how many calls wait', async () => {
    const service = createService();
    const { result } = renderState(service);
    await pause(service, 2);

    const calls: Promise<string>[] = [];
    act(() => {
        for (const name of ['Ada', 'Blaise']) calls.push(service.executeWithRetry(() => Promise.resolve(name)));
    });
    expect(result.current.waiting).toBe(2);

    await advance(3000);
    await expect(Promise.all(calls)).resolves.toEqual(['Ada', 'Blaise']);
    expect(result.current.waiting).toBe(0);
});

test('retryInMs counts down to null, once for each whole second that is left', async () => {
    const service = createService();
    const { renders } = renderState(service);

    await openCircuit(service);
    await advance(500);
    await advance(1000);
    await advance(1000);

    const shown = renders.map(({ retryInMs }) => retryInMs);
    expect([...new Set(shown)]).toEqual([null, 2500, 2000, 1000]);
    expect(shown.at(-1)).toBeNull();
});

test('it counts by the clock of the service', async () => {
    const clock = new VirtualClock();
    const service = new RateLimitService({ clock, logger: false });
    const { result } = renderState(service);
    await pause(service, 3);

    await act(() => clock.advance(1000));

    expect(result.current.retryInMs).toBe(2000);
});

test('it does not render between the seconds', async () => {
    const service = createService();
    const { renders } = renderState(service);
    await pause(service, 3);
    const before = renders.length;

    await advance(999);

    expect(renders).toHaveLength(before);
});

test('the later of the two is what is left: the pause of the server or the open circuit', async () => {
    const service = createService();
    const { result } = renderState(service);
    await openCircuit(service);

    await pause(service, 7);

    expect(result.current).toMatchObject({ pausedUntil: NOW + 7000, retryInMs: 7000 });
});

test('the countdown ends, and its timer with it, when the circuit is reset by hand', async () => {
    const service = createService();
    const { result } = renderState(service);
    await openCircuit(service);

    act(() => service.resetCircuit());

    expect(result.current).toMatchObject({ status: 'closed', openUntil: null, pausedUntil: null, retryInMs: null });
    expect(vi.getTimerCount()).toBe(0);
});

test('after unmounting nothing ticks and nothing renders', async () => {
    const service = createService();
    const { renders, unmount } = renderState(service);
    await pause(service, 5);
    expect(vi.getTimerCount()).toBe(1);

    unmount();
    const before = renders.length;
    await pause(service, 9);

    expect(vi.getTimerCount()).toBe(0);
    expect(renders).toHaveLength(before);
});

test('in strict mode there is one timer as well, and none after unmounting', async () => {
    const service = createService();
    const { result, unmount } = renderState(service, { reactStrictMode: true });

    await pause(service, 3);
    expect(vi.getTimerCount()).toBe(1);
    await advance(1000);
    expect(result.current.retryInMs).toBe(2000);
    expect(vi.getTimerCount()).toBe(1);

    unmount();
    expect(vi.getTimerCount()).toBe(0);
});

const Countdown = () => {
    const { status, retryInMs } = useRateLimitState();
    return <p>{`${status}, ${retryInMs === null ? 'ready' : `${retryInMs} ms`}`}</p>;
};

test('it shows the state of the service that it is given next', async () => {
    const paused = createService();
    await refuseFor(paused, 4);
    const on = (service: RateLimitService) => (
        <RateLimitContextProvider service={service}>
            <Countdown />
        </RateLimitContextProvider>
    );

    const { rerender } = render(on(paused));
    expect(screen.getByText('closed, 4000 ms')).toBeTruthy();
    rerender(on(createService()));

    expect(screen.getByText('closed, ready')).toBeTruthy();
    expect(vi.getTimerCount()).toBe(0);
});

test('on a server it renders as in a browser at first, whatever the state, and starts no timer', async () => {
    const service = createService();
    await refuseFor(service, 2);

    const html = renderToString(
        <StrictMode>
            <RateLimitContextProvider service={service}>
                <Countdown />
            </RateLimitContextProvider>
        </StrictMode>,
    );

    expect(html).toBe('<p>closed, ready</p>');
    expect(vi.getTimerCount()).toBe(0);
});

test('what a server rendered is taken over, and then what is so is shown', async () => {
    const page = (service: RateLimitService) => (
        <RateLimitContextProvider service={service}>
            <Countdown />
        </RateLimitContextProvider>
    );
    const container = document.createElement('div');
    container.innerHTML = renderToString(page(createService()));
    const service = createService();
    await refuseFor(service, 2);
    const onRecoverableError = vi.fn();

    const root = await act(async () => hydrateRoot(container, page(service), { onRecoverableError }));

    expect(onRecoverableError).not.toHaveBeenCalled();
    expect(container.innerHTML).toBe('<p>closed, 2000 ms</p>');
    act(() => root.unmount());
});
