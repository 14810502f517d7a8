// @vitest-environment jsdom
// TanStack Query retries nothing where there is no window.
import { QueryClient, QueryObserver, type QueryObserverResult } from '@tanstack/react-query';
import { HttpError } from 'ra-core';
import { RateLimitError, shouldRetryQuery, withRateLimit } from 'ra-rate-limit';
import { describe, expect, it } from 'vitest';
import { throwingProxy } from '../fixtures/hostileValues';
import { createProvider } from '../support/createProvider';
import { refusal } from '../support/scriptedCalls';

const rateLimitError = new RateLimitError({
    code: 'RATE_LIMIT_CIRCUIT_OPEN',
    message: 'Zu viele Anfragen',
    retryAfterMs: 1000,
    attempts: 4,
});

it('lets a query that fails be sent three times more', () => {
    const failures = [0, 1, 2, 3, 4];
    expect(failures.map(count => shouldRetryQuery(count, new Error('Failed to fetch')))).toEqual([
        true,
        true,
        true,
        false,
        false,
    ]);
});

it('never repeats what the rate limit ended', () => {
    expect(shouldRetryQuery(0, rateLimitError)).toBe(false);
});

it('knows the error of another copy of this package', () => {
    const stranger = Object.assign(new Error(), {
        name: 'RateLimitError',
        code: 'RATE_LIMIT_MAX_RETRIES_EXCEEDED',
    });
    expect(shouldRetryQuery(0, stranger)).toBe(false);
});

it.each([
    ['a 429 that was not retried yet', new HttpError('Too Many Requests', 429)],
    ['the error of another library', Object.assign(new Error(), { name: 'RateLimitError', code: 'E429' })],
    ['an error with our code alone', Object.assign(new Error(), { code: 'RATE_LIMIT_CIRCUIT_OPEN' })],
    ['an error that cannot be looked at', throwingProxy()],
    ['nothing', undefined],
])('repeats %s', (_case, error) => {
    expect(shouldRetryQuery(0, error)).toBe(true);
});

describe('in TanStack Query', () => {
    async function requestsOfRead(retry: typeof shouldRetryQuery | undefined, error: Error) {
        let requests = 0;
        const getList = async () => {
            requests++;
            throw error;
        };
        const dataProvider = withRateLimit(createProvider({ getList }), {
            methods: ['getList'],
            initialDelayMs: 0,
            logger: false,
        });
        const queryClient = new QueryClient({
            defaultOptions: { queries: { retryDelay: 0, ...(retry && { retry }) } },
        });
        const observer = new QueryObserver(queryClient, {
            queryKey: ['contacts'],
            queryFn: () => dataProvider.getList('contacts', {} as never),
        });
        const outcome = await new Promise<QueryObserverResult>(resolve => {
            observer.subscribe(result => result.isError && resolve(result));
        });
        observer.destroy();
        return { error: outcome.error, requests };
    }

    it('a wrapped read is sent 4 × 4 times by default', async () => {
        const { requests } = await requestsOfRead(undefined, refusal());
        expect(requests).toBe(16);
    });

    it('a wrapped read is sent 4 times with it', async () => {
        const { requests, error } = await requestsOfRead(shouldRetryQuery, refusal());
        expect(requests).toBe(4);
        expect(error).toBeInstanceOf(RateLimitError);
    });

    it('a read that fails for another reason is sent 4 times, as by default', async () => {
        const { requests } = await requestsOfRead(shouldRetryQuery, new HttpError('Bad Gateway', 502));
        expect(requests).toBe(4);
    });
});
