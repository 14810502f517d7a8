import 'fake-indexeddb/auto';
import { act, waitFor } from '@testing-library/react';
import { HttpError } from 'ra-core';
import { describe, expect, test } from 'vitest';
import { findResumable, loadImport, saveImport } from '../../src/react/import/importStore';
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
import { importUntilClosed, names, onFreshKey, resumeKey } from './resumeSupport';

onFreshKey();

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

test('rows are told apart by numbers that JSON does not know', async () => {
    const table = createTable({ hasBatches: false });
    const rows = contacts(8).map((row, index) => ({ ...row, balance: BigInt(index) }));
    await importUntilClosed(table, rows, { keyColumn: 'import_key' });
    const later = openPage(table, { resumeKey, keyColumn: 'import_key' });
    await later.findResumable();

    await later.run(rows.map(row => ({ ...row, balance: 99n })));

    expect(later.now).toMatchObject({ status: 'failed', error: { code: 'otherRows' } });
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
