import { cleanup, renderHook } from '@testing-library/react';
import {
    CoreAdminContext,
    combineDataProviders,
    type DataProvider,
    DataProviderContext,
    testDataProvider,
} from 'ra-core';
import { getRateLimitService, RateLimitService, withRateLimit } from 'ra-rate-limit';
import { RateLimitContextProvider, useRateLimitService } from 'ra-rate-limit/react';
import type { ReactNode } from 'react';
import { afterEach, expect, test, vi } from 'vitest';

afterEach(cleanup);

type Wrapper = (props: { children: ReactNode }) => ReactNode;

const inAdmin =
    (dataProvider: DataProvider): Wrapper =>
    ({ children }) => <CoreAdminContext dataProvider={dataProvider}>{children}</CoreAdminContext>;

const withProvider =
    (dataProvider: DataProvider): Wrapper =>
    ({ children }) => <DataProviderContext.Provider value={dataProvider}>{children}</DataProviderContext.Provider>;

const find = (wrapper: Wrapper) => renderHook(() => useRateLimitService(), { wrapper }).result.current;

/** React prints what a component throws, and here it is meant to throw. */
function messageOf(wrapper?: Wrapper): string {
    vi.spyOn(console, 'error').mockImplementation(() => {});
    try {
        renderHook(() => useRateLimitService(), wrapper ? { wrapper } : {});
    } catch (error) {
        return String(error);
    } finally {
        vi.restoreAllMocks();
    }
    return 'nothing was thrown';
}

test('it is the service of the data provider that the admin was given', () => {
    const service = new RateLimitService();
    const dataProvider = withRateLimit(testDataProvider(), { service });

    expect(find(inAdmin(dataProvider))).toBe(service);
});

test('it is found where withRateLimit made one of its own', () => {
    const dataProvider = withRateLimit(testDataProvider());

    expect(find(inAdmin(dataProvider))).toBe(getRateLimitService(dataProvider));
});

test('it is found in a copy of the data provider with more methods', () => {
    const service = new RateLimitService();
    const dataProvider = { ...withRateLimit(testDataProvider(), { service }), ban: () => Promise.resolve() };

    expect(find(inAdmin(dataProvider))).toBe(service);
});

test('a RateLimitContextProvider goes before the data provider', () => {
    const ofTheProvider = new RateLimitService();
    const ofTheContext = new RateLimitService();
    const dataProvider = withRateLimit(testDataProvider(), { service: ofTheProvider });
    const wrapper: Wrapper = ({ children }) => (
        <DataProviderContext.Provider value={dataProvider}>
            <RateLimitContextProvider service={ofTheContext}>{children}</RateLimitContextProvider>
        </DataProviderContext.Provider>
    );

    expect(find(wrapper)).toBe(ofTheContext);
});

test('the nearest RateLimitContextProvider wins', () => {
    const outer = new RateLimitService();
    const inner = new RateLimitService();
    const wrapper: Wrapper = ({ children }) => (
        <RateLimitContextProvider service={outer}>
            <RateLimitContextProvider service={inner}>{children}</RateLimitContextProvider>
        </RateLimitContextProvider>
    );

    expect(find(wrapper)).toBe(inner);
});

test.each([
    [{}, '[object Object]'],
    [undefined, 'undefined'],
])('a RateLimitContextProvider with %o for a service says so', (service, got) => {
    const wrapper: Wrapper = ({ children }) => (
        <RateLimitContextProvider service={service as never}>{children}</RateLimitContextProvider>
    );

    expect(messageOf(wrapper)).toContain(`service must be a RateLimitService, got ${got}`);
});

test('a data provider that is not wrapped: the error says what to do', () => {
    const message = messageOf(withProvider(testDataProvider()));

    expect(message).toContain('ra-rate-limit: no rate limit service found');
    expect(message).toContain('withRateLimit()');
    expect(message).toContain('RateLimitContextProvider');
});

test('a combined data provider, which answers any name with a function, is told from a wrapped one', () => {
    const combined = combineDataProviders(() => withRateLimit(testDataProvider()));

    expect(messageOf(withProvider(combined))).toContain('no rate limit service found');
});

test('outside of any admin there is the same error, not a crash', () => {
    expect(messageOf()).toContain('no rate limit service found');
});
