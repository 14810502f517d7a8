import { act, cleanup, renderHook } from '@testing-library/react';
import { HttpError } from 'ra-core';
import { type RateLimitOptions, RateLimitService } from 'ra-rate-limit';
import {
    RateLimitContextProvider,
    type RateLimitHistory,
    type RateLimitHistoryOptions,
    useRateLimitHistory,
} from 'ra-rate-limit/react';
import type { ReactNode } from 'react';
import { afterEach, beforeEach, vi } from 'vitest';

export const KEY = 'ra-rate-limit.history';
export const MINUTE = 60_000;
/** In the middle of a minute. */
export const NOW = Date.UTC(2026, 0, 1, 12, 0, 30);
export const THIS_MINUTE = Date.UTC(2026, 0, 1, 12, 0);

/** Each test begins at `NOW`, with an empty storage. */
export function onFreshPage() {
    beforeEach(() => {
        vi.useFakeTimers({ now: NOW });
    });

    afterEach(() => {
        vi.restoreAllMocks();
        vi.unstubAllGlobals();
        cleanup();
        sessionStorage.clear();
        vi.useRealTimers();
    });
}

export const createService = (options?: RateLimitOptions) =>
    new RateLimitService({ logger: false, jitterFactor: 0, ...options });

interface HookOptions extends RateLimitHistoryOptions {
    reactStrictMode?: boolean;
}

/** Renders the hook and keeps what each render saw. */
export function renderHistory(service: RateLimitService, { reactStrictMode = false, ...options }: HookOptions = {}) {
    const renders: RateLimitHistory[] = [];
    const { result, unmount, rerender } = renderHook(
        () => {
            const history = useRateLimitHistory(options);
            renders.push(history);
            return history;
        },
        { wrapper: around(service), reactStrictMode },
    );
    return { result, renders, unmount, rerender };
}

export const around =
    (service: RateLimitService) =>
    ({ children }: { children: ReactNode }) => (
        <RateLimitContextProvider service={service}>{children}</RateLimitContextProvider>
    );

export const advance = (ms: number) => act(() => vi.advanceTimersByTimeAsync(ms));

export const refusal = (seconds?: number) =>
    new HttpError('Too Many Requests', 429, seconds === undefined ? undefined : { retry_after: seconds });

/** Makes a call that answers as the list says, and waits until it has ended and was told. */
export async function call(service: RateLimitService, ...answers: unknown[]) {
    const operation = async () => {
        const answer = answers.shift();
        if (answer instanceof Error) throw answer;
        return answer;
    };
    const ended = service
        .executeWithRetry(operation, { resourceName: 'contacts', operation: 'create' })
        .catch(() => undefined);
    await advance(0);
    while (vi.getTimerCount() > 0) await act(() => vi.advanceTimersToNextTimerAsync());
    await ended;
}

export const minuteOf = (counts: object, at = THIS_MINUTE) => ({
    ...{ at, calls: 0, retries: 0, rateLimited: 0, exhausted: 0, rejected: 0 },
    ...counts,
});
