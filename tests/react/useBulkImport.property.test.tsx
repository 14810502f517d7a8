import 'fake-indexeddb/auto';
import { cleanup, waitFor } from '@testing-library/react';
import fc from 'fast-check';
import { HttpError } from 'ra-core';
import { afterEach, expect, test } from 'vitest';
import { findResumable } from '../../src/react/import/importStore';
import { type Contact, createTable, goSilentAfter, openPage } from './importSupport';

afterEach(cleanup);

const ROWS = 40;
let count = 0;

/** An import of which the page is closed a few times, in the middle of everything, until it comes to its end. */
const story = fc.record({
    hasBatches: fc.boolean(),
    hasKey: fc.boolean(),
    badRows: fc.uniqueArray(fc.nat(ROWS - 1), { maxLength: 5 }),
    /** After how many requests no more answers come. */
    closings: fc.array(fc.nat(6), { maxLength: 3 }),
    /** Requests whose answer is lost. */
    lost: fc.uniqueArray(fc.nat(10), { maxLength: 2 }),
    /** Requests with which the server has a problem of its own. */
    broken: fc.uniqueArray(fc.nat(20), { maxLength: 6 }),
    concurrency: fc.integer({ min: 1, max: 4 }),
    diesSilently: fc.boolean(),
});

test('however often the page is closed, each row gets in once at most, and the report is right', async () => {
    await fc.assert(
        fc.asyncProperty(story, async ({ badRows, closings, lost, broken, diesSilently, ...how }) => {
            const { hasBatches, hasKey, concurrency } = how;
            const resumeKey = `story-${count++}`;
            const keyColumn = hasKey ? 'import_key' : undefined;
            const options = { resumeKey, keyColumn, concurrency, batchSize: 6 };
            const rows: Contact[] = Array.from({ length: ROWS }, (_, row) => ({
                name: badRows.includes(row) ? 'bad' : `Contact ${row}`,
            }));
            const table = createTable({ hasBatches });
            const answer: typeof table.answer = async insert => {
                const request = table.requests.length;
                if (broken.includes(request)) throw new HttpError('Internal Server Error', 500);
                const value = insert();
                if (lost.includes(request)) throw new TypeError('Failed to fetch');
                return value;
            };

            let page = openPage(table, options);
            for (const closing of closings) {
                table.answer = answer;
                const last = table.requests.length + closing;
                goSilentAfter(table, closing);
                page.begin(rows);
                await waitFor(() => expect(page.now.status === 'done' || table.requests.length > last).toBe(true));
                if (page.now.status === 'done') break;
                if (diesSilently) page.die();
                else page.close();
                page = openPage(table, options);
            }
            table.answer = answer;
            const result = page.now.result ?? (await page.run(rows));

            const names = table.names();
            expect(new Set(names).size).toBe(names.length);
            expect(result).toMatchObject({ status: 'done', total: ROWS, notAttempted: 0 });
            const { succeeded = 0, failed = 0, unknown = 0, errors = [] } = result ?? {};
            expect(succeeded + failed + unknown).toBe(ROWS);
            expect(errors.map(({ index }) => index)).toEqual([...new Set(errors.map(({ index }) => index))]);
            const reported = new Set(errors.map(({ index }) => index));
            rows.forEach((row, index) => {
                if (!reported.has(index)) expect(names).toContain(row.name);
            });
            for (const { outcome, index } of errors) {
                if (outcome === 'failed') expect(names).not.toContain(rows[index]?.name);
            }
            if (broken.length === 0) {
                for (const { outcome, item } of errors) if (outcome === 'failed') expect(item).toEqual({ name: 'bad' });
                if (hasKey) expect(names).toHaveLength(ROWS - badRows.length);
                if (hasKey) expect(failed).toBe(badRows.length);
            }
            await expect(findResumable(resumeKey)).resolves.toEqual(hasKey && unknown > 0 ? expect.anything() : null);
        }),
        { numRuns: 20 },
    );
}, 90_000);
