import 'fake-indexeddb/auto';
import { locks } from 'node:worker_threads';
import { act, renderHook, waitFor } from '@testing-library/react';
import { CoreAdminContext } from 'ra-core';
import { withRateLimit } from 'ra-rate-limit';
import { useBulkImport } from 'ra-rate-limit/react';
import { type ReactNode, StrictMode, useEffect } from 'react';
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { findResumable, loadImport } from '../../src/react/import/importStore';
import { type Contact, contacts, createTable, goSilentAfter, hold, openPage, requestsOf } from './importSupport';
import { importUntilClosed, names, onFreshKey, resumeKey } from './resumeSupport';

onFreshKey();

test('nothing is kept of an import that came to its end', async () => {
    const table = createTable();
    const page = openPage(table, { resumeKey });

    await page.run(contacts(3));

    expect(page.now).toMatchObject({ status: 'done', resumable: null });
    const later = openPage(table, { resumeKey });
    await later.run(contacts(3));
    expect(table.records).toHaveLength(6);
});

/** From now on, the connection to IndexedDB that is used first is broken. A new one works. */
function breakConnection(): void {
    const { transaction } = IDBDatabase.prototype;
    let broken: IDBDatabase | undefined;
    const spy = vi.spyOn(IDBDatabase.prototype, 'transaction').mockImplementation(function (
        this: IDBDatabase,
        ...args: Parameters<typeof transaction>
    ) {
        broken ??= this;
        if (this === broken) throw new DOMException('The database connection is closing.', 'InvalidStateError');
        return transaction.apply(this, args);
    });
    onTestFinished(() => spy.mockRestore());
}

test('what is kept when the connection to IndexedDB breaks is removed: it would be out of date', async () => {
    const table = createTable({ hasBatches: false });
    const { answer } = table;
    table.answer = async (insert, records) => {
        if (table.requests.length === 5) breakConnection();
        return answer(insert, records);
    };

    const result = await openPage(table, { resumeKey, concurrency: 1 }).run(contacts(10));

    expect(result).toMatchObject({ status: 'done', succeeded: 10 });
    expect((await loadImport(resumeKey)).stored).toBeUndefined();
});

/** A page that was told of an import of eight rows to resume, and whose connection broke then. */
async function openWithBrokenConnection() {
    const table = createTable({ hasBatches: false });
    await importUntilClosed(table, contacts(8), { keyColumn: 'import_key' });
    const later = openPage(table, { resumeKey, keyColumn: 'import_key' });
    await later.findResumable();
    breakConnection();
    return { table, later };
}

test('what is kept is read over another connection when the first is broken', async () => {
    const { table, later } = await openWithBrokenConnection();

    const result = await later.run(contacts(8));

    expect(result).toMatchObject({ status: 'done', total: 8, succeeded: 8 });
    expect(table.names().sort()).toEqual(names(8));
});

test('what is kept is still offered when the first connection is broken', async () => {
    const { later } = await openWithBrokenConnection();

    await act(async () => {
        document.dispatchEvent(new Event('visibilitychange'));
        await findResumable(resumeKey);
    });

    expect(later.now.resumable).toMatchObject({ total: 8 });
});

test('what is kept is removed over another connection when the first is broken', async () => {
    const { later } = await openWithBrokenConnection();

    await act(() => later.now.discard());

    await waitFor(() => expect(later.now.resumable).toBeNull());
    expect((await loadImport(resumeKey)).stored).toBeUndefined();
});

test('what is kept of an import is removed at its end though the connection broke before the last answer', async () => {
    const table = createTable({ hasBatches: false });
    const letGo = hold(table);
    const { end } = openPage(table, { resumeKey }).begin(contacts(1));
    await waitFor(async () => expect((await findResumable(resumeKey))?.total).toBe(1));
    breakConnection();

    letGo();
    await act(() => end);

    expect((await loadImport(resumeKey)).stored).toBeUndefined();
});

test('what is kept belongs to the rows that are imported, where none of the earlier ones was sent', async () => {
    const options = { resumeKey, keyColumn: 'import_key', transform: () => new Promise<object>(() => {}) };
    const page = openPage(createTable(), options);
    page.begin(contacts(3), { keep: 'first.csv' });
    await waitFor(async () => expect((await findResumable(resumeKey))?.kept).toBe('first.csv'));
    page.die();
    const later = openPage(createTable(), options);
    await later.findResumable();

    later.begin(contacts(3), { keep: 'second.csv' });

    await waitFor(async () => expect((await findResumable(resumeKey))?.kept).toBe('second.csv'));
});

describe('when the screen goes away', () => {
    test('the import can be resumed, and goes on where it was', async () => {
        const table = createTable({ hasBatches: false });
        const letGo = hold(table);
        const startedAt = Date.now();
        const first = openPage(table, { resumeKey, concurrency: 2 });
        const { end } = first.begin(contacts(8));
        await requestsOf(table, 2);
        first.unmount();
        const second = openPage(table, { resumeKey });
        letGo();
        await end;

        const resumable = await second.findResumable();
        expect(resumable).toEqual({ processed: 2, total: 8, startedAt: expect.any(Number) });
        expect(Math.abs(Number(resumable?.startedAt) - startedAt)).toBeLessThan(1000);
        const result = await second.run(contacts(8));

        expect(table.names()).toEqual(names(8));
        expect(result).toMatchObject({
            status: 'done',
            total: 8,
            succeeded: 8,
            failed: 0,
            unknown: 0,
            notAttempted: 0,
        });
        expect(second.now).toMatchObject({ resumable: null, progress: { processed: 8, total: 8, succeeded: 8 } });
    });

    test('it is offered when what is under way has ended, and not before', async () => {
        const table = createTable({ hasBatches: false });
        const letGo = hold(table);
        const options = { resumeKey, keyColumn: 'import_key', concurrency: 2 };
        const first = openPage(table, options);
        const { end } = first.begin(contacts(8));
        await requestsOf(table, 2);
        first.unmount();
        const second = openPage(table, options);

        letGo();
        await end;

        await expect(second.findResumable()).resolves.toMatchObject({ processed: 2 });
    });

    test('the next import waits for what is under way', async () => {
        const table = createTable({ hasBatches: false });
        const letGo = hold(table);
        const first = openPage(table, { resumeKey, concurrency: 1 });
        first.begin(contacts(4));
        await requestsOf(table, 1);
        first.unmount();

        const second = openPage(table, { resumeKey });
        const { end } = second.begin(contacts(4));
        letGo();
        await act(() => end);

        expect(table.names()).toEqual(names(4));
        expect(second.now).toMatchObject({ status: 'done', result: { succeeded: 4 } });
    });

    test('in strict mode an import that starts by itself sends each row once', async () => {
        const table = createTable({ hasBatches: false });
        const dataProvider = withRateLimit(table.dataProvider, { logger: false });
        const statuses: string[] = [];
        const { result } = renderHook(
            () => {
                const bulkImport = useBulkImport<Contact>({ resource: 'contacts', resumeKey });
                const { start } = bulkImport;
                useEffect(() => void start(contacts(5)), [start]);
                statuses.push(bulkImport.status);
                return bulkImport;
            },
            {
                wrapper: ({ children }: { children: ReactNode }) => (
                    <StrictMode>
                        <CoreAdminContext dataProvider={dataProvider}>{children}</CoreAdminContext>
                    </StrictMode>
                ),
            },
        );

        await waitFor(() => expect(result.current.status).toBe('done'));

        expect(result.current.result).toMatchObject({ succeeded: 5, total: 5 });
        expect([...new Set(statuses)]).toEqual(['idle', 'running', 'done']);
        expect(table.names()).toEqual(names(5));
    });
});

describe('when the page is closed', () => {
    test.each([true, false])(
        'with a key, rows under way are sent again and get in once (batches: %s)',
        async hasBatches => {
            const table = createTable({ hasBatches });
            const options = { keyColumn: 'import_key', batchSize: 4 };
            const sent = await importUntilClosed(table, contacts(20), options);

            const second = openPage(table, { resumeKey, ...options });
            const resumable = await second.findResumable();
            const result = await second.run(contacts(20));

            expect(resumable).toMatchObject({ total: 20 });
            expect(resumable?.processed).toBeGreaterThanOrEqual(2);
            expect(table.names().sort()).toEqual(names(20).sort());
            expect(result).toMatchObject({ status: 'done', succeeded: 20, total: 20, errors: [] });
            const again = table.requests.slice(sent).flatMap(({ records }) => records.map(({ name }) => name));
            expect(again.length).toBe(20 - Number(resumable?.processed));
            const keys = table.records.map(({ import_key }) => import_key);
            expect(new Set(keys).size).toBe(20);
            expect(keys[0]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
        },
    );

    test('without a key, rows under way are reported as unknown and not sent again', async () => {
        const table = createTable({ hasBatches: false });
        const sent = await importUntilClosed(table, contacts(10), {});
        const underWay = table.requests.slice(sent - 2).map(({ records: [record] }) => record?.name);

        const second = openPage(table, { resumeKey });
        await second.findResumable();
        const result = await second.run(contacts(10));

        expect(table.names().sort()).toEqual(names(10).sort());
        expect(result).toMatchObject({ status: 'done', total: 10, succeeded: 8, unknown: 2, failed: 0 });
        expect(result?.errors.map(({ item }) => item?.name)).toEqual(underWay);
        for (const { index, rowNumber, outcome, error } of result?.errors ?? []) {
            expect(rowNumber).toBe(index + 2);
            expect(outcome).toBe('unknown');
            expect(error).toMatchObject({
                code: 'pageClosed',
                message: 'The page was closed before the server answered',
            });
        }
    });

    test('without a key, that holds when the browser dies without a word', async () => {
        const table = createTable({ hasBatches: false });
        goSilentAfter(table, 0);
        const first = openPage(table, { resumeKey, concurrency: 1 });
        first.begin(contacts(3));
        await requestsOf(table, 1);
        first.die();
        table.answer = async insert => insert();

        const second = openPage(table, { resumeKey });
        await second.findResumable();
        const result = await second.run(contacts(3));

        expect(table.names()).toEqual(names(3));
        expect(result).toMatchObject({ succeeded: 2, unknown: 1 });
    });

    test('what has ended is kept twice a second, without waiting for the page to close', async () => {
        const table = createTable({ hasBatches: false });
        goSilentAfter(table, 1);
        openPage(table, { resumeKey, keyColumn: 'import_key', concurrency: 1 }).begin(contacts(3));

        await waitFor(async () => expect(await findResumable(resumeKey)).toMatchObject({ processed: 1 }));
    });

    test('errors from before are in the result, with their rows', async () => {
        const table = createTable({ hasBatches: false });
        const rows = contacts(8).with(0, { name: 'bad' }).with(1, { name: 'wrong' }).with(7, { name: 'bad' });
        const validate = ({ name }: Contact) => (name === 'wrong' ? { name: 'is wrong' } : undefined);
        await importUntilClosed(table, rows, { keyColumn: 'import_key', validate });

        const second = openPage(table, { resumeKey, keyColumn: 'import_key', validate });
        await second.findResumable();
        const result = await second.run(rows);

        expect(result).toMatchObject({ status: 'done', total: 8, succeeded: 5, failed: 3 });
        expect(result?.errors).toMatchObject([
            {
                index: 0,
                rowNumber: 2,
                item: { name: 'bad' },
                outcome: 'failed',
                error: { name: 'HttpError', message: 'The name is bad', status: 400, body: { code: '23514' } },
            },
            {
                index: 1,
                rowNumber: 3,
                item: { name: 'wrong' },
                error: { message: 'name: is wrong', fields: { name: 'is wrong' } },
            },
            { index: 7, rowNumber: 9, item: { name: 'bad' }, error: { status: 400 } },
        ]);
        expect(result?.errors[0]?.error).toBeInstanceOf(Error);
    });
});

describe('two tabs', () => {
    beforeEach(() => {
        Object.defineProperty(navigator, 'locks', { value: locks, configurable: true });
    });

    afterEach(() => {
        Reflect.deleteProperty(navigator, 'locks');
    });

    test('do not run the same import at the same time', async () => {
        const table = createTable({ hasBatches: false });
        const letGo = hold(table);
        const first = openPage(table, { resumeKey });
        const { end } = first.begin(contacts(4));
        await requestsOf(table, 1);

        const second = openPage(table, { resumeKey });
        await expect(second.findResumable()).resolves.toMatchObject({ runsElsewhere: true });
        await second.run(contacts(4));

        expect(second.now.status).toBe('failed');
        expect(String(second.now.error)).toContain('This import is under way in another tab');
        await expect(second.now.discard()).rejects.toMatchObject({ code: 'runsElsewhere' });
        await expect(second.findResumable()).resolves.not.toBeNull();
        letGo();
        await act(() => end);
        expect(table.names()).toEqual(names(4));
        expect(first.now).toMatchObject({ status: 'done', result: { succeeded: 4 } });
    });

    test('an import that was broken off in the other one runs nowhere, and another that runs is not taken for it', async () => {
        const table = createTable({ hasBatches: false });
        const letGo = hold(table);
        const first = openPage(table, { resumeKey, keyColumn: 'import_key', concurrency: 1 });
        const { end } = first.begin(contacts(2));
        await requestsOf(table, 1);
        act(() => first.now.cancel());
        letGo();
        await act(() => end);
        const letOtherGo = hold(table);
        const other = openPage(table, { resumeKey: `${resumeKey}-other` }).begin(contacts(1));

        const offered = await openPage(table, { resumeKey }).findResumable();

        expect(offered).not.toHaveProperty('runsElsewhere');
        letOtherGo();
        await act(() => other.end);
    });

    test('can run imports without a key of theirs at the same time', async () => {
        const table = createTable();
        const letGo = hold(table);
        const { end } = openPage(table).begin(contacts(1));
        await requestsOf(table, 1);

        const { end: otherEnd } = openPage(table).begin(contacts(1));
        await requestsOf(table, 2);

        letGo();
        await act(() => Promise.all([end, otherEnd]));
        expect(table.records).toHaveLength(2);
    });

    test('can run it one after another, and others at any time', async () => {
        const table = createTable();
        const letGo = hold(table);
        const first = openPage(table, { resumeKey });
        const { end } = first.begin(contacts(1));
        await requestsOf(table, 1);
        letGo();
        await openPage(table, { resumeKey: `${resumeKey}-other` }).run(contacts(1));
        await act(() => end);

        await openPage(table, { resumeKey }).run(contacts(1));

        expect(table.records).toHaveLength(3);
    });
});
