import 'fake-indexeddb/auto';
import { locks } from 'node:worker_threads';
import { act, cleanup, renderHook, waitFor } from '@testing-library/react';
import { CoreAdminContext, HttpError } from 'ra-core';
import { withRateLimit } from 'ra-rate-limit';
import { useBulkImport } from 'ra-rate-limit/react';
import { type ReactNode, StrictMode, useEffect } from 'react';
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { findResumable, loadImport, saveImport } from '../../src/react/importStore';
import {
    type Contact,
    contacts,
    createTable,
    goSilentAfter,
    hold,
    openPage,
    requestsOf,
    type Table,
} from './importSupport';

/** Of its own for each test: those that never end keep writing. */
let resumeKey: string;
let count = 0;
beforeEach(() => {
    resumeKey = `import-${count++}`;
});

afterEach(cleanup);

const names = (count: number) => contacts(count).map(({ name }) => name);

/**
 * Imports rows, and closes the page after two requests, with two more under way. These got through, but nobody heard of it.
 *
 * @returns how many requests were sent
 */
async function importUntilClosed(table: Table, rows: Contact[], options: object): Promise<number> {
    const { answer } = table;
    goSilentAfter(table, 2);
    const page = openPage(table, { resumeKey, concurrency: 2, ...options });
    page.begin(rows);
    await requestsOf(table, 4);
    page.close();
    table.answer = answer;
    return table.requests.length;
}

test('nothing is kept of an import that came to its end', async () => {
    const table = createTable();
    const page = openPage(table, { resumeKey });

    await page.run(contacts(3));

    expect(page.now).toMatchObject({ status: 'done', resumable: null });
    const later = openPage(table, { resumeKey });
    await later.run(contacts(3));
    expect(table.records).toHaveLength(6);
});

test('with keys, other rows are told from these though no answer had come when the page was closed', async () => {
    const table = createTable();
    const { answer } = table;
    goSilentAfter(table, 0);
    const page = openPage(table, { resumeKey, keyColumn: 'import_key' });
    page.begin(contacts(10));
    await requestsOf(table, 1);
    await waitFor(async () => expect((await loadImport(resumeKey)).stored?.reach.count).toBe(10));
    page.die();
    table.answer = answer;
    const others = contacts(10).map(({ name }) => ({ name: `Other ${name}` }));
    const later = openPage(table, { resumeKey, keyColumn: 'import_key' });
    await later.findResumable();

    await later.run(others);

    expect(later.now).toMatchObject({ status: 'failed', error: { code: 'otherRows' } });
});

describe('with keys, a row that may have got in before the page was closed', () => {
    /** Row 3 of five got in, and nobody heard of it: its answer was lost, or the page closed before. */
    async function importInDoubt(table: Table, isClosed: boolean) {
        const { answer } = table;
        const options = { resumeKey, keyColumn: 'import_key', concurrency: 1 };
        const page = openPage(table, options);
        table.answer = async (insert, records) => {
            const value = await answer(insert, records);
            if (table.requests.length < 3) return value;
            if (isClosed) return new Promise(() => {});
            act(() => page.now.cancel());
            throw new TypeError('Failed to fetch');
        };
        const { end } = page.begin(contacts(5));
        await requestsOf(table, 3);
        if (isClosed) page.close();
        else expect(await act(() => end)).toMatchObject({ unknown: 1 });
        table.answer = answer;
        const later = openPage(table, options);
        await later.findResumable();
        return { later, answer };
    }

    test.each([
        ['closed', true],
        ['cancelled', false],
    ])('has not failed when the server has a problem of its own afterwards: %s', async (_, isClosed) => {
        const table = createTable({ hasBatches: false });
        const { later, answer } = await importInDoubt(table, isClosed);
        table.answer = async (insert, records) => {
            if (records[0]?.name === 'Contact 2') throw new HttpError('Internal Server Error', 500);
            return answer(insert, records);
        };

        const result = await later.run(contacts(5));

        expect(result).toMatchObject({
            succeeded: 4,
            failed: 0,
            unknown: 1,
            errors: [{ index: 2, outcome: 'unknown' }],
        });
        await waitFor(() => expect(later.now.resumable).not.toBeNull());
        table.answer = answer;
        await expect(later.run(contacts(5))).resolves.toMatchObject({ status: 'done', succeeded: 5, errors: [] });
        expect(table.names().sort()).toEqual(names(5));
    });

    test('has not failed when it cannot be prepared any more, since it is in the table', async () => {
        const table = createTable({ hasBatches: false });
        await importInDoubt(table, true);
        const validate = ({ name }: Contact) => (table.names().includes(name) ? 'is taken' : undefined);
        const again = openPage(table, { resumeKey, keyColumn: 'import_key', validate });
        await again.findResumable();

        const result = await again.run(contacts(5));

        expect(result).toMatchObject({ succeeded: 4, failed: 0, unknown: 1 });
    });

    test('has failed when the server will never take it', async () => {
        const table = createTable({ hasBatches: false });
        const { later } = await importInDoubt(table, true);
        table.answer = () => Promise.reject(new HttpError('Bad Request', 400));

        const result = await later.run(contacts(5));

        expect(result).toMatchObject({ succeeded: 2, failed: 3, unknown: 0 });
    });

    test.each([
        ['has failed where its own key is no conflict, in batches,', true, 'failed'],
        ['is still in doubt where its own key may be one', false, 'unknown'],
    ])('and is in conflict with another one %s', async (_, hasBatches, outcome) => {
        const table = createTable({ hasBatches });
        goSilentAfter(table, 0);
        const options = { resumeKey, keyColumn: 'import_key', concurrency: 1 };
        const page = openPage(table, options);
        page.begin(contacts(1));
        await requestsOf(table, 1);
        page.close();
        const body = { details: 'Key (email)=(ada@example.com) already exists.' };
        table.answer = () => Promise.reject(new HttpError('duplicate key value', 409, body));
        const later = openPage(table, options);
        await later.findResumable();

        const result = await later.run(contacts(1));

        expect(result?.errors).toMatchObject([{ index: 0, outcome }]);
    });
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

test('rows are told apart by numbers that JSON does not know', async () => {
    const table = createTable({ hasBatches: false });
    const rows = contacts(8).map((row, index) => ({ ...row, balance: BigInt(index) }));
    await importUntilClosed(table, rows, { keyColumn: 'import_key' });
    const later = openPage(table, { resumeKey, keyColumn: 'import_key' });
    await later.findResumable();

    await later.run(rows.map(row => ({ ...row, balance: 99n })));

    expect(later.now).toMatchObject({ status: 'failed', error: { code: 'otherRows' } });
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

describe('an import that did not end', () => {
    async function cancelAfterOne(table: Table, rows: Contact[], options: object = {}) {
        const letGo = hold(table);
        const page = openPage(table, { resumeKey, concurrency: 1, ...options });
        const { end } = page.begin(rows);
        await requestsOf(table, 1);
        act(() => page.now.cancel());
        letGo();
        await act(() => end);
        return page;
    }

    test('can be resumed when it was cancelled', async () => {
        const table = createTable({ hasBatches: false });
        const page = await cancelAfterOne(table, contacts(4));
        expect(page.now.result).toMatchObject({ status: 'cancelled', succeeded: 1, notAttempted: 3 });
        await expect(page.findResumable()).resolves.toMatchObject({ processed: 1, total: 4 });

        const result = await page.run(contacts(4));

        expect(table.names()).toEqual(names(4));
        expect(result).toMatchObject({ status: 'done', succeeded: 4, total: 4 });
    });

    test('is resumed with what it has cost before', async () => {
        const table = createTable({ hasBatches: false });
        const { answer } = table;
        let cancel = () => {};
        table.answer = async (insert, records) => {
            if (table.requests.length === 1) throw new HttpError('Too Many Requests', 429);
            cancel();
            return answer(insert, records);
        };
        const page = openPage(table, { resumeKey, concurrency: 1 });
        cancel = () => page.now.cancel();
        const cancelled = await page.run(contacts(3));
        cancel = () => {};
        const { stored } = await loadImport(resumeKey);
        expect(stored?.durationMs).toBeGreaterThan(0);
        if (stored) await saveImport(resumeKey, { ...stored, durationMs: 3_600_000 });

        const result = await page.run(contacts(3));

        expect(cancelled).toMatchObject({ status: 'cancelled', succeeded: 1, rateLimited: 1, retries: 1 });
        expect(result).toMatchObject({ status: 'done', succeeded: 3, rateLimited: 1, retries: 1 });
        expect(result?.durationMs).toBeGreaterThan(3_600_000);
        expect(result?.durationMs).toBeLessThan(3_660_000);
    });

    test('is not kept when nothing of it was sent', async () => {
        const table = createTable();
        const page = openPage(table, { resumeKey });
        const { end } = page.begin(contacts(4));
        act(() => page.now.cancel());
        await act(() => end);

        const later = openPage(table, { resumeKey });
        await later.run(contacts(2));

        expect(table.names()).toEqual(names(2));
    });

    test('can be resumed when its rows could not be read', async () => {
        const table = createTable();
        async function* read() {
            yield* contacts(120);
            throw new Error('The file is gone');
        }
        const page = openPage(table, { resumeKey });
        await page.run(read(), { total: 200 });
        expect(page.now.status).toBe('failed');
        await page.findResumable();

        await page.run(contacts(200));

        expect(table.names()).toEqual(names(200));
    });

    test.each([
        ['other rows', [{ name: 'Somebody else' }, ...contacts(4).slice(1)], {}],
        ['more rows', contacts(5), {}],
        ['rows for another resource', contacts(4), { resource: 'companies' }],
        ['rows with a key', contacts(4), { keyColumn: 'import_key' }],
    ])('does not go on with %s', async (_, rows, options) => {
        const table = createTable({ hasBatches: false });
        await cancelAfterOne(table, contacts(4));
        const second = openPage(table, { resumeKey, ...options });
        await second.findResumable();

        await second.run(rows);

        expect(second.now).toMatchObject({ status: 'failed', result: null });
        expect(String(second.now.error)).toContain('An earlier import of other rows has not ended');
        expect(table.requests).toHaveLength(1);
        await expect(second.findResumable()).resolves.toMatchObject({ processed: 1 });
    });

    test('does not go on with another number of rows, where it begins alike', async () => {
        const table = createTable();
        await cancelAfterOne(table, contacts(200));
        const second = openPage(table, { resumeKey });
        await second.findResumable();

        await second.run(contacts(201));

        expect(second.now.status).toBe('failed');
        expect(table.requests).toHaveLength(1);
    });

    test('does not end well with fewer rows than have ended', async () => {
        const table = createTable();
        async function* readThenFail() {
            yield* contacts(140);
            throw new Error('The file is gone');
        }
        await openPage(table, { resumeKey }).run(readThenFail());
        const second = openPage(table, { resumeKey });
        await second.findResumable();

        await second.run(new Set(contacts(101)));

        expect(second.now.status).toBe('failed');
        expect(String(second.now.error)).toContain('There are fewer rows than at first');
        expect(table.records).toHaveLength(140);
    });

    test.each([
        ['without one of them', (rows: Contact[]) => rows.toSpliced(150, 1)],
        ['with one more', (rows: Contact[]) => rows.toSpliced(150, 0, { name: 'Somebody else' })],
        ['with another one', (rows: Contact[]) => rows.with(199, { name: 'Somebody else' })],
    ])('sends nothing of the rows %s, however far into them', async (_, change) => {
        const table = createTable({ hasBatches: false });
        const rows = contacts(300);
        await importUntilClosed(table, rows.slice(0, 220), {
            keyColumn: 'import_key',
            transform: (row: Contact, { index }: { index: number }) => (index < 200 ? null : row),
        });
        const sent = table.requests.length;
        const second = openPage(table, { resumeKey, keyColumn: 'import_key' });
        await second.findResumable();

        await second.run(new Set(change(rows)));

        expect(second.now.status).toBe('failed');
        expect(String(second.now.error)).toContain('An earlier import of other rows has not ended');
        expect(table.requests).toHaveLength(sent);
    });

    test('has what was kept with it', async () => {
        const table = createTable({ hasBatches: false });
        const letGo = hold(table);
        const page = openPage(table, { resumeKey, concurrency: 1 });
        const { end } = page.begin(contacts(2), { keep: { file: 'contacts.csv' } });
        await requestsOf(table, 1);
        act(() => page.now.cancel());
        letGo();
        await act(() => end);

        await expect(page.findResumable()).resolves.toMatchObject({ kept: { file: 'contacts.csv' } });
        await act(() => page.now.discard());

        const later = await cancelAfterOne(createTable({ hasBatches: false }), contacts(2));
        await expect(later.findResumable()).resolves.not.toHaveProperty('kept');
    });

    test('can be resumed where the browser cannot keep what was to be kept with it', async () => {
        const table = createTable({ hasBatches: false });
        const letGo = hold(table);
        const page = openPage(table, { resumeKey, concurrency: 1 });
        const { end } = page.begin(contacts(2), { keep: () => 'IndexedDB takes no functions' });
        await requestsOf(table, 1);
        act(() => page.now.cancel());
        letGo();
        await act(() => end);

        await expect(page.findResumable()).resolves.not.toHaveProperty('kept');
    });

    test('is not imported anew when it was resumed in another tab meanwhile', async () => {
        const table = createTable({ hasBatches: false });
        await importUntilClosed(table, contacts(6), { keyColumn: 'import_key' });
        const pages = [1, 2].map(() => openPage(table, { resumeKey, keyColumn: 'import_key' }));
        const [first, second] = await Promise.all(pages.map(async page => (await page.findResumable()) && page));
        await first?.run(contacts(6));

        await second?.run(contacts(6));

        expect(second?.now).toMatchObject({ status: 'failed', error: { code: 'endedElsewhere' } });
        expect(table.names().sort()).toEqual(names(6));
        await second?.run(contacts(1));
        expect(second?.now.status).toBe('done');
    });

    test.each([
        ['the tab', () => document.dispatchEvent(new Event('visibilitychange'))],
        ['the window, which was visible all the time', () => window.dispatchEvent(new Event('focus'))],
    ])('is looked for again when the person comes back to %s', async (_, comeBack) => {
        const table = createTable({ hasBatches: false });
        const first = await cancelAfterOne(table, contacts(6));
        const second = openPage(table, { resumeKey });
        await second.findResumable();
        await first.run(contacts(6));

        comeBack();

        await waitFor(() => expect(second.now.resumable).toBeNull());
    });

    test('is forgotten when it is discarded: the next one begins anew', async () => {
        const table = createTable({ hasBatches: false });
        const page = await cancelAfterOne(table, contacts(2));
        await page.findResumable();

        await act(() => page.now.discard());

        expect(page.now.resumable).toBeNull();
        await page.run([{ name: 'Somebody else' }]);
        expect(table.names()).toEqual(['Contact 0', 'Somebody else']);
    });

    test('is forgotten at once: what is started without a break between begins anew', async () => {
        const table = createTable();
        await importUntilClosed(table, contacts(500), { keyColumn: 'import_key' });
        const later = openPage(table, { resumeKey });
        await later.findResumable();
        const { discard, start } = later.now;

        const result = await act(async () => {
            await discard();
            return start(contacts(1));
        });

        expect(result).toMatchObject({ status: 'done', total: 1, succeeded: 1 });
    });

    test('cannot be discarded while it runs', async () => {
        const table = createTable();
        const letGo = hold(table);
        const page = openPage(table, { resumeKey });
        const { end } = page.begin(contacts(2));
        await requestsOf(table, 1);

        await act(() => page.now.discard());

        await expect(findResumable(resumeKey)).resolves.not.toBeNull();
        letGo();
        await act(() => end);
    });

    test('without a resumeKey there is none', async () => {
        const table = createTable({ hasBatches: false });
        const page = await cancelAfterOne(table, contacts(2), { resumeKey: undefined });

        await act(() => page.now.discard());

        expect(page.now).toMatchObject({ status: 'cancelled', resumable: null });
    });
});

describe('with a key', () => {
    const keyColumn = 'import_key';

    /** The first request gets through, and its answer is lost on the way. */
    const loseFirstAnswer = (table: Table) => {
        table.answer = async insert => {
            const answer = insert();
            if (table.requests.length === 1) throw new TypeError('Failed to fetch');
            return answer;
        };
    };

    test.each([true, false])('a request whose answer was lost is repeated (batches: %s)', async hasBatches => {
        const table = createTable({ hasBatches });
        loseFirstAnswer(table);

        const result = await openPage(table, { keyColumn, concurrency: 1 }).run(contacts(3));

        expect(table.names()).toEqual(names(3));
        expect(result).toMatchObject({ status: 'done', succeeded: 3, unknown: 0, errors: [] });
        expect(table.requests[0]?.meta).toEqual({ onConflict: keyColumn });
        expect(table.requests[1]?.records).toEqual(table.requests[0]?.records);
    });

    test('without a key it is reported as unknown', async () => {
        const table = createTable({ hasBatches: false });
        loseFirstAnswer(table);

        const result = await openPage(table, { concurrency: 1 }).run(contacts(3));

        expect(table.requests).toHaveLength(3);
        expect(result).toMatchObject({ succeeded: 2, unknown: 1, errors: [{ rowNumber: 2, outcome: 'unknown' }] });
    });

    test('a conflict about another column is an error of the row', async () => {
        const table = createTable({ hasBatches: false });
        table.answer = async (_insert, [record]) => {
            throw new HttpError('duplicate key value violates unique constraint "contacts_email_key"', 409, {
                details: 'Key (email)=(ada@example.com) already exists.',
                record,
            });
        };

        const result = await openPage(table, { keyColumn }).run(contacts(1));

        expect(result).toMatchObject({ succeeded: 0, failed: 1 });
    });

    test('a row of which nobody knows in the end can be sent again', async () => {
        const table = createTable({ hasBatches: false });
        table.answer = async () => {
            throw new TypeError('Failed to fetch');
        };
        const page = openPage(table, { resumeKey, keyColumn });
        const now = Date.now();
        // The server is gone for longer than a request is repeated.
        const clock = vi.spyOn(Date, 'now').mockImplementation(() => now + table.requests.length * 3_600_000);
        const first = await page.run(contacts(1));
        clock.mockRestore();
        table.answer = async insert => insert();
        expect(first).toMatchObject({ status: 'done', unknown: 1 });
        await page.findResumable();

        const second = await page.run(contacts(1));

        expect(second).toMatchObject({ status: 'done', succeeded: 1, unknown: 0, errors: [] });
        expect(table.names()).toEqual(names(1));
        expect(page.now.resumable).toBeNull();
    });

    test('a row of which nobody knows is sent again by the resumed import', async () => {
        const table = createTable();
        const page = openPage(table, { resumeKey, keyColumn, batchSize: 1, concurrency: 1 });
        let lose = () => {};
        table.answer = insert =>
            new Promise((_, reject) => {
                insert();
                lose = () => reject(new TypeError('Failed to fetch'));
            });
        const { end } = page.begin([{ name: 'bad' }, ...contacts(3)]);
        await requestsOf(table, 2);
        act(() => page.now.cancel());
        lose();
        const cancelled = await act(() => end);
        table.answer = async insert => insert();

        const result = await page.run([{ name: 'bad' }, ...contacts(3)]);

        expect(cancelled).toMatchObject({ failed: 1, unknown: 1, notAttempted: 2 });
        expect(table.names()).toEqual(names(3));
        expect(result).toMatchObject({ status: 'done', succeeded: 3, failed: 1, unknown: 0 });
    });
});

describe('rows of which an answer has said that they are not in', () => {
    /** Where the server answers, and refuses what comes after so many requests until it is told to accept. */
    function refuseAfter(table: Table, count: number, seconds: number) {
        const { answer } = table;
        let sent = 0;
        table.answer = async (insert, records) => {
            if (++sent > count) throw new HttpError('Too Many Requests', 429, { retry_after: seconds });
            return answer(insert, records);
        };
        return () => {
            table.answer = answer;
        };
    }

    test.each([true, false])(
        'wait for the server, and are sent when the import is resumed (batches: %s)',
        async hasBatches => {
            const table = createTable({ hasBatches });
            const accept = refuseAfter(table, 3, 60);
            const page = openPage(table, { resumeKey, batchSize: 10 });
            page.begin(contacts(200));
            await requestsOf(table, 4);
            await waitFor(() => expect(page.now.progress?.resumesAt).toBeDefined());
            page.close();
            accept();
            const before = table.records.length;

            const later = openPage(table, { resumeKey, batchSize: 10 });
            await later.findResumable();
            const result = await later.run(contacts(200));

            expect(before).toBeGreaterThan(0);
            expect(result).toMatchObject({ succeeded: 200, unknown: 0 });
            expect(table.names().sort()).toEqual(names(200).sort());
        },
    );

    test.each([true, false])(
        'are not in doubt: what the server then says of them is their outcome (batches: %s)',
        async hasBatches => {
            const table = createTable({ hasBatches });
            refuseAfter(table, 0, 60);
            const options = { resumeKey, keyColumn: 'import_key', concurrency: 1 };
            const page = openPage(table, options);
            const { end } = page.begin(contacts(3));
            await waitFor(() => expect(page.now.progress?.resumesAt).toBeDefined());
            act(() => page.now.cancel());
            await act(() => end);
            page.close();
            table.answer = () => Promise.reject(new HttpError('Internal Server Error', 500));

            const later = openPage(table, options);
            await later.findResumable();

            expect(await later.run(contacts(3))).toMatchObject({ failed: 3, unknown: 0 });
        },
    );

    test('are sent when the browser dies without a word, too', async () => {
        const table = createTable();
        const accept = refuseAfter(table, 3, 60);
        const page = openPage(table, { resumeKey, batchSize: 10 });
        page.begin(contacts(200));
        await waitFor(() => expect(page.now.progress?.resumesAt).toBeDefined());
        await waitFor(async () => expect((await loadImport(resumeKey)).stored?.sent).toEqual([]));
        page.die();
        accept();

        const later = openPage(table, { resumeKey, batchSize: 10 });
        await later.findResumable();

        expect(await later.run(contacts(200))).toMatchObject({ succeeded: 200, unknown: 0 });
    });

    test('with nothing to create are not in doubt when their batch was sent again, and its answer not heard', async () => {
        const table = createTable();
        const transform = (row: Contact) => (row.name === 'Contact 1' ? null : row);
        goSilentAfter(table, 1);
        const { answer } = table;
        table.answer = async (insert, records) => {
            if (table.requests.length === 1) throw new HttpError('Too Many Requests', 429, { retry_after: 0.1 });
            return answer(insert, records);
        };
        const page = openPage(table, { resumeKey, transform });
        page.begin(contacts(3));
        await requestsOf(table, 2);
        page.close();
        table.answer = async insert => insert();

        const later = openPage(table, { resumeKey, transform });
        await later.findResumable();

        expect(await later.run(contacts(3))).toMatchObject({ succeeded: 1, unknown: 2 });
    });

    test('of a bad batch, which are sent in halves, are sent when the import is resumed', async () => {
        const table = createTable();
        const page = openPage(table, { resumeKey, batchSize: 16, concurrency: 1 });
        const rows = [...contacts(15), { name: 'bad' }];
        goSilentAfter(table, 4);
        page.begin(rows);
        await requestsOf(table, 5);
        page.close();
        table.answer = async insert => insert();

        const later = openPage(table, { resumeKey, batchSize: 16 });
        await later.findResumable();
        const result = await later.run(rows);

        expect(table.requests.slice(0, 5).map(({ records }) => records.length)).toEqual([16, 8, 4, 2, 1]);
        expect(result).toMatchObject({ succeeded: 14, failed: 1, unknown: 1 });
        expect(table.records).toHaveLength(15);
    });

    test('that are sent again, and have no answer, are unknown', async () => {
        const table = createTable();
        const { answer } = table;
        let sent = 0;
        table.answer = async insert => {
            if (++sent === 2) throw new HttpError('Too Many Requests', 429, { retry_after: 1 });
            await answer(insert, []);
            return sent > 2 ? new Promise(() => {}) : undefined;
        };
        const page = openPage(table, { resumeKey, batchSize: 1, concurrency: 1 });
        page.begin(contacts(3));
        await requestsOf(table, 3);
        page.close();
        table.answer = answer;

        const later = openPage(table, { resumeKey, batchSize: 1 });
        await later.findResumable();

        expect(await later.run(contacts(3))).toMatchObject({ succeeded: 2, unknown: 1 });
        expect(table.names()).toEqual(names(3));
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
