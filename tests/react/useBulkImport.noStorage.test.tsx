import { act, cleanup, waitFor } from '@testing-library/react';
import { afterEach, expect, onTestFinished, test, vi } from 'vitest';
import { contacts, createTable, hold, openPage, requestsOf } from './importSupport';

afterEach(() => {
    cleanup();
    vi.unstubAllGlobals();
});

/** What a private window of some browsers has. */
const locked = {
    open() {
        throw new DOMException('A mutation operation was attempted on a database that did not allow mutations.');
    },
};

test.each([
    ['there is no IndexedDB', undefined],
    ['IndexedDB is locked', locked],
])('where %s, an import runs all the same, and cannot be resumed', async (_, indexedDB) => {
    vi.stubGlobal('indexedDB', indexedDB);
    const table = createTable({ hasBatches: false });
    const letGo = hold(table);
    const page = openPage(table, { resumeKey: 'contacts', concurrency: 1 });
    const { end } = page.begin(contacts(3));
    await requestsOf(table, 1);
    await waitFor(() => expect(page.now).toMatchObject({ status: 'running', isKept: false }));
    act(() => page.now.cancel());
    letGo();
    await act(() => end);
    await act(() => page.now.discard());

    const result = await page.run(contacts(3));

    expect(page.now.resumable).toBeNull();
    expect(result).toMatchObject({ status: 'done', succeeded: 3, errors: [] });
    expect(table.names()).toEqual(['Contact 0', 'Contact 0', 'Contact 1', 'Contact 2']);
});

test('where locks are denied, as to a frame in a sandbox, an import runs all the same', async () => {
    const locks = {
        request: () => Promise.reject(new DOMException('Access to the Locks API is denied.', 'SecurityError')),
        query: () => Promise.reject(new DOMException('Access to the Locks API is denied.', 'SecurityError')),
    };
    Object.defineProperty(navigator, 'locks', { value: locks, configurable: true });
    onTestFinished(() => void Reflect.deleteProperty(navigator, 'locks'));
    const table = createTable();

    const result = await openPage(table, { resumeKey: 'contacts' }).run(contacts(3));

    expect(result).toMatchObject({ status: 'done', succeeded: 3, errors: [] });
    expect(table.names()).toEqual(['Contact 0', 'Contact 1', 'Contact 2']);
});

test('where IndexedDB never answers, as browsers have it once in a while, an import runs after three seconds', async () => {
    vi.stubGlobal('indexedDB', { open: () => new EventTarget() });
    const table = createTable({ hasBatches: false });

    const result = await openPage(table, { resumeKey: 'contacts' }).run(contacts(3));

    expect(result).toMatchObject({ status: 'done', succeeded: 3, errors: [] });
});

test('where it answers, but never has written anything, an import runs as well', async () => {
    const never = () => new EventTarget();
    const store = {
        put: never,
        delete: never,
        get: answerNothing,
        getAll: answerNothing,
        transaction: new EventTarget(),
    };
    const database = { transaction: () => ({ objectStore: () => store }) };
    vi.stubGlobal('indexedDB', { open: () => answered(database) });
    vi.stubGlobal('IDBKeyRange', { bound: () => ({}) });
    const table = createTable({ hasBatches: false });

    const result = await openPage(table, { resumeKey: 'contacts' }).run(contacts(3));

    expect(result).toMatchObject({ status: 'done', succeeded: 3, errors: [] });
});

/** A request of IndexedDB that succeeds. */
function answered(result: unknown) {
    const request: { result: unknown; onsuccess?: () => void } = { result };
    queueMicrotask(() => request.onsuccess?.());
    return request;
}

const answerNothing = () => answered(undefined);
