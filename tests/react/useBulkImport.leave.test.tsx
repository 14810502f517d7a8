import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { act, cleanup, renderHook, waitFor } from '@testing-library/react';
import { CoreAdminContext, DataProviderContext, useLocation, useNavigate } from 'ra-core';
import { withRateLimit } from 'ra-rate-limit';
import { useBulkImport } from 'ra-rate-limit/react';
import type { ReactNode } from 'react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type Contact, contacts, createTable, hold, openPage, requestsOf } from './importSupport';

const confirm = vi.fn(() => true);

beforeEach(() => {
    vi.stubGlobal('confirm', confirm);
    confirm.mockClear();
});

afterEach(() => {
    cleanup();
    vi.unstubAllGlobals();
    window.location.hash = '';
});

/** Whether the browser would ask before it closes the page. */
const isAskedAbout = () => !window.dispatchEvent(new Event('beforeunload', { cancelable: true }));

/** A screen with links, an import under way, and another one. */
async function importAmidNavigation() {
    const table = createTable({ hasBatches: false });
    const dataProvider = withRateLimit(table.dataProvider, { logger: false });
    const wrapper = ({ children }: { children: ReactNode }) => (
        <CoreAdminContext dataProvider={dataProvider}>{children}</CoreAdminContext>
    );
    const { result } = renderHook(
        () => ({
            bulkImport: useBulkImport<Contact>({ resource: 'contacts' }),
            idle: useBulkImport<Contact>({ resource: 'companies' }),
            navigate: useNavigate(),
            location: useLocation(),
        }),
        { wrapper },
    );
    const letGo = hold(table);
    let end: Promise<unknown> = Promise.resolve();
    act(() => {
        end = result.current.bulkImport.start(contacts(2));
    });
    await requestsOf(table, 1);
    const finish = async () => {
        letGo();
        await act(() => end);
    };
    return { result, finish, go: (to: string) => act(async () => result.current.navigate(to)) };
}

test('closing the page asks first while an import is running or paused, and not otherwise', async () => {
    const table = createTable();
    const letGo = hold(table);
    const page = openPage(table);
    expect(isAskedAbout()).toBe(false);

    const { end } = page.begin(contacts(2));
    await requestsOf(table, 1);
    expect(isAskedAbout()).toBe(true);
    act(() => page.now.pause());
    expect(isAskedAbout()).toBe(true);

    act(() => page.now.resume());
    letGo();
    await act(() => end);
    expect(isAskedAbout()).toBe(false);
});

test('closing the page asks no more when the screen is gone', async () => {
    const table = createTable();
    hold(table);
    const page = openPage(table);
    page.begin(contacts(2));
    await requestsOf(table, 1);

    page.unmount();

    expect(isAskedAbout()).toBe(false);
});

test('another address in the app asks first, though the router asks an idle import only: who stays, stays', async () => {
    confirm.mockReturnValueOnce(false);
    const { result, go, finish } = await importAmidNavigation();

    await go('/companies');

    expect(confirm).toHaveBeenCalledExactlyOnceWith('The import has not ended. Leave the page anyway?');
    expect(result.current.location.pathname).toBe('/');
    expect(result.current.bulkImport.status).toBe('running');
    await go('/tags');
    expect(confirm).toHaveBeenCalledTimes(2);
    await finish();
});

test('another address in the app asks first: who leaves, leaves', async () => {
    const { result, go, finish } = await importAmidNavigation();

    await go('/companies');

    await waitFor(() => expect(result.current.location.pathname).toBe('/companies'));
    expect(confirm).toHaveBeenCalledTimes(1);
    await finish();
});

test('another page or filter of the same screen asks nothing', async () => {
    const { result, go, finish } = await importAmidNavigation();

    await go('/?page=2');

    expect(result.current.location.search).toBe('?page=2');
    expect(confirm).not.toHaveBeenCalled();
    await finish();
});

test('after the end nothing is asked', async () => {
    const { result, go, finish } = await importAmidNavigation();
    await finish();

    await go('/companies');

    expect(result.current.location.pathname).toBe('/companies');
    expect(confirm).not.toHaveBeenCalled();
});

test('the question is asked in the language of the app', async () => {
    confirm.mockReturnValueOnce(false);
    const translate = vi.fn((key: string) => `translated ${key}`);
    const i18nProvider = { translate, changeLocale: async () => {}, getLocale: () => 'fr' };
    const table = createTable();
    const dataProvider = withRateLimit(table.dataProvider, { logger: false });
    const { result } = renderHook(
        () => ({ bulkImport: useBulkImport<Contact>({ resource: 'contacts' }), navigate: useNavigate() }),
        {
            wrapper: ({ children }: { children: ReactNode }) => (
                <CoreAdminContext dataProvider={dataProvider} i18nProvider={i18nProvider}>
                    {children}
                </CoreAdminContext>
            ),
        },
    );
    hold(table);
    await waitFor(() => expect(result.current).not.toBeNull());
    act(() => void result.current.bulkImport.start(contacts(1)));

    await act(async () => result.current.navigate('/companies'));

    expect(confirm).toHaveBeenCalledExactlyOnceWith('translated ra-rate-limit.import.leave');
});

test('outside of a router that can be asked, the import works all the same', async () => {
    const table = createTable();
    const dataProvider = withRateLimit(table.dataProvider, { logger: false });
    const { result } = renderHook(() => useBulkImport<Contact>({ resource: 'contacts' }), {
        wrapper: ({ children }: { children: ReactNode }) => (
            <QueryClientProvider client={new QueryClient()}>
                <DataProviderContext.Provider value={dataProvider}>{children}</DataProviderContext.Provider>
            </QueryClientProvider>
        ),
    });

    await act(() => result.current.start(contacts(2)));

    expect(table.records).toHaveLength(2);
});
