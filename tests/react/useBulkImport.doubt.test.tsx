import 'fake-indexeddb/auto';
import { act, waitFor } from '@testing-library/react';
import { HttpError } from 'ra-core';
import { describe, expect, test, vi } from 'vitest';
import { loadImport } from '../../src/react/import/importStore';
import { type Contact, contacts, createTable, goSilentAfter, openPage, requestsOf, type Table } from './importSupport';
import { names, onFreshKey, resumeKey } from './resumeSupport';

onFreshKey();

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
