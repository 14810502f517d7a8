import 'fake-indexeddb/auto';
import { waitFor } from '@testing-library/react';
import { HttpError } from 'ra-core';
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { type CheckpointOptions, ImportCheckpoint, type ImportItem } from '../../../src/react/import/importCheckpoint';
import { findResumable, loadImport } from '../../../src/react/import/importStore';
import { VirtualClock } from '../../support/virtualClock';

type Row = string;

let resumeKey: string;
let clock: VirtualClock;
let count = 0;
beforeEach(() => {
    resumeKey = `import-${count++}`;
    clock = new VirtualClock();
});

const open = (options: Partial<CheckpointOptions> = {}) =>
    ImportCheckpoint.open<Row>({
        resumeKey,
        isRepeatable: true,
        setup: 'contacts',
        total: 10,
        resumes: null,
        clock,
        ...options,
    });

const item = (index: number): ImportItem<Row> => ({
    index,
    rowNumber: index + 2,
    row: `row ${index}`,
    hash: 1000 + index,
});

const succeed = (checkpoint: ImportCheckpoint<Row>, ...places: number[]) => {
    for (const index of places) {
        checkpoint.ended({ index, item: item(index), outcome: 'succeeded', value: undefined });
    }
};

const fail = (checkpoint: ImportCheckpoint<Row>, index: number, outcome: 'failed' | 'unknown' = 'failed') =>
    checkpoint.ended({ index, item: item(index), outcome, error: new HttpError(`bad ${index}`, 400) });

const processed = async () => (await findResumable(resumeKey))?.processed;

const isKept = (count: number) => waitFor(async () => expect(await processed()).toBe(count));

describe('rows that have ended are written down', () => {
    test('half a second later, all at once', async () => {
        const checkpoint = await open();
        succeed(checkpoint, 0, 1);
        succeed(checkpoint, 2);
        expect(clock.pendingTimers).toBe(1);

        await clock.advance(499);
        await expect(processed()).resolves.toBe(0);
        await clock.advance(1);

        await isKept(3);
        expect(clock.pendingTimers).toBe(0);
    });

    test.each([
        ['the page is closed', () => window.dispatchEvent(new Event('pagehide'))],
        ['the page is put into the background', () => document.dispatchEvent(new Event('visibilitychange'))],
    ])('at once when %s', async (_, dispatch) => {
        succeed(await open(), 0);

        dispatch();

        await isKept(1);
    });

    test('at the end of an import that can be resumed', async () => {
        const checkpoint = await open();
        succeed(checkpoint, 0);

        await checkpoint.close(false);

        await expect(processed()).resolves.toBe(1);
        expect(clock.pendingTimers).toBe(0);
    });

    test('not after the end', async () => {
        const checkpoint = await open();
        succeed(checkpoint, 0);
        await checkpoint.close(true);

        window.dispatchEvent(new Event('pagehide'));
        document.dispatchEvent(new Event('visibilitychange'));
        await clock.advance(1000);

        await expect(findResumable(resumeKey)).resolves.toBeNull();
    });

    test('after the end the page is listened to no longer, and no timer is left', async () => {
        const removed = [window, document].map(target => vi.spyOn(target, 'removeEventListener'));
        const checkpoint = await open();
        succeed(checkpoint, 0);

        await checkpoint.close(true);

        expect(removed.map(({ mock }) => mock.calls)).toEqual([
            [['pagehide', expect.any(Function)]],
            [['visibilitychange', expect.any(Function)]],
        ]);
        expect(clock.pendingTimers).toBe(0);
        for (const spy of removed) spy.mockRestore();
    });

    test('nowhere without a name', async () => {
        const checkpoint = await open({ resumeKey: undefined });
        succeed(checkpoint, 0);

        expect(clock.pendingTimers).toBe(0);
    });
});

describe('opened again', () => {
    test('it knows which rows have ended, and how', async () => {
        const first = await open();
        succeed(first, 0, 2);
        fail(first, 1);
        first.spent({ succeeded: 2, failed: 1, unknown: 0, rateLimited: 5, retries: 6 });
        await clock.advance(700);
        await first.close(false);

        const second = await open();

        expect(second.importId).toBe(first.importId);
        expect(second.earlier).toEqual({
            processed: 3,
            succeeded: 2,
            failed: 1,
            unknown: 0,
            rateLimited: 5,
            retries: 6,
            durationMs: 700,
        });
        expect([0, 1, 2, 3].map(index => second.hasEnded(index, 'row'))).toEqual([true, true, true, false]);
        expect(second.reach).toEqual({ count: 3, hash: 1002 });
    });

    test('it adds up over any number of times', async () => {
        for (let time = 0; time < 3; time++) {
            const checkpoint = await open();
            fail(checkpoint, time);
            checkpoint.spent({ succeeded: 0, failed: 1, unknown: 0, rateLimited: 1, retries: 2 });
            await clock.advance(100);
            await checkpoint.close(false);
        }

        const { earlier, earlierErrors } = await open();

        expect(earlier).toMatchObject({ processed: 3, failed: 3, rateLimited: 3, retries: 6, durationMs: 300 });
        expect(earlierErrors.map(({ rowNumber }) => rowNumber)).toEqual([2, 3, 4]);
    });

    test('errors are written once each, however often it saves, and found again in order', async () => {
        const first = await open();
        for (const index of [0, 1, 2]) {
            fail(first, index);
            await clock.advance(500);
        }
        await isKept(3);

        const { errorParts } = await loadImport(resumeKey);
        const { earlierErrors } = await open();

        expect(errorParts.map(part => part.length)).toEqual([1, 1, 1]);
        expect(earlierErrors).toMatchObject([0, 1, 2].map(index => ({ index, error: { message: `bad ${index}` } })));
    });

    test('an error has its row again as soon as that was read', async () => {
        const first = await open();
        fail(first, 0);
        await first.close(false);
        const second = await open();
        expect(second.earlierErrors[0]).not.toHaveProperty('item');

        second.hasEnded(0, 'row 0');

        expect(second.earlierErrors[0]).toMatchObject({ item: 'row 0' });
    });

    test('it is told from another of a similar name', async () => {
        const checkpoint = await open({ resumeKey: `${resumeKey}-longer` });
        fail(checkpoint, 0);
        await checkpoint.close(false);

        await (await open()).close(true);

        await expect(findResumable(`${resumeKey}-longer`)).resolves.toMatchObject({ processed: 1 });
        await expect(loadImport(`${resumeKey}-longer`)).resolves.toMatchObject({ errorParts: [[{ index: 0 }]] });
    });

    test('it is still there when one of another name has come to its end', async () => {
        const names = [`a-${resumeKey}`, `z-${resumeKey}`];
        for (const name of names) {
            const kept = await open({ resumeKey: name });
            succeed(kept, 0);
            await kept.close(false);
        }

        await (await open()).close(true);

        for (const name of names) await expect(findResumable(name)).resolves.toMatchObject({ processed: 1 });
    });

    test('it lies where other releases look for it', async () => {
        await open();

        const request = indexedDB.open('ra-rate-limit');
        await waitFor(() => expect(request.readyState).toBe('done'));
        expect([...request.result.objectStoreNames]).toEqual(['imports']);
        request.result.close();
    });

    test('it is a new one after the first came to its end, without its errors', async () => {
        const first = await open();
        fail(first, 0);
        await clock.advance(500);
        await first.close(true);

        const second = await open();

        expect(second.importId).not.toBe(first.importId);
        expect(second.earlier.processed).toBe(0);
        await expect(loadImport(resumeKey)).resolves.toMatchObject({ stored: { ended: [] }, errorParts: [] });
    });

    test('it is a new one when nothing was sent', async () => {
        const first = await open();
        await first.close(false);

        await expect(findResumable(resumeKey)).resolves.toBeNull();
    });
});

describe('rows under way', () => {
    test('that may be repeated are as if they had not been sent, but their keys are kept', async () => {
        const first = await open();
        first.sending([item(0)]);
        await (await open()).close(false);

        const second = await open();

        expect(second.importId).toBe(first.importId);
        expect(second.earlier.processed).toBe(0);
        expect(second.hasEnded(0, 'row 0')).toBe(false);
    });

    test('count as read: in their places no others may be sent', async () => {
        const first = await open();
        first.sending([item(0), item(1)]);
        await first.close(false);

        expect((await open()).reach).toEqual({ count: 2, hash: 1001 });
    });

    test('are written down in the same moment, and the page can die before the answer', async () => {
        const commit = vi.spyOn(IDBTransaction.prototype, 'commit');
        const checkpoint = await open({ isRepeatable: false });
        commit.mockClear();

        checkpoint.sending([item(0)]);
        await Promise.resolve();

        expect(commit).toHaveBeenCalledTimes(1);
        commit.mockRestore();
    });

    test.each([true, false])('are written down once, however often they are sent (may be: %s)', async isRepeatable => {
        const checkpoint = await open({ isRepeatable });
        const commit = vi.spyOn(IDBTransaction.prototype, 'commit');

        checkpoint.sending([item(0), item(1)]);
        checkpoint.sending([item(1)]);
        await loadImport(resumeKey);

        expect(commit).toHaveBeenCalledTimes(1);
        commit.mockRestore();
    });

    test('are written down, too, where a browser has no `commit`', async () => {
        const { commit } = IDBTransaction.prototype;
        IDBTransaction.prototype.commit = undefined as never;
        onTestFinished(() => {
            IDBTransaction.prototype.commit = commit;
        });
        const checkpoint = await open({ isRepeatable: false });

        checkpoint.sending([item(0)]);

        await isKept(1);
    });

    test('that were refused are in doubt again as soon as they are sent again', async () => {
        const first = await open({ isRepeatable: false });
        first.sending([item(0)]);
        first.returned([item(0)]);
        await clock.advance(500);

        first.sending([item(0)]);

        expect((await open({ isRepeatable: false })).earlier).toMatchObject({ processed: 1, unknown: 1 });
    });

    test('that come back and were not under way are nothing to write down', async () => {
        const checkpoint = await open();

        checkpoint.returned([item(0)]);

        expect(clock.pendingTimers).toBe(0);
    });

    test('that may not be repeated are unknown, once and for all', async () => {
        const first = await open({ isRepeatable: false });
        first.sending([item(0), item(1)]);
        succeed(first, 0);
        first.sending([item(2)]);
        await isKept(3);

        for (let time = 0; time < 2; time++) {
            const later = await open({ isRepeatable: false });
            expect(later.earlier).toMatchObject({ processed: 3, succeeded: 1, failed: 0, unknown: 2 });
            expect(later.earlierErrors).toEqual([
                { index: 1, rowNumber: 3, outcome: 'unknown', error: expect.any(Error) },
                { index: 2, rowNumber: 4, outcome: 'unknown', error: expect.any(Error) },
            ]);
            await later.close(false);
        }
    });

    test('that were refused and not sent again before the end are not unknown', async () => {
        const first = await open({ isRepeatable: false });
        first.sending([item(0), item(1)]);
        succeed(first, 0);
        await first.close(false);

        const second = await open({ isRepeatable: false });

        expect(second.earlier).toMatchObject({ processed: 1, succeeded: 1, unknown: 0 });
        expect(second.hasEnded(1, 'row 1')).toBe(false);
    });

    test('of which nobody knows are repeated if they may be', async () => {
        const first = await open();
        first.sending([item(0)]);
        fail(first, 0, 'unknown');
        await first.close(false);

        expect((await open()).hasEnded(0, 'row 0')).toBe(false);
    });

    test('of which nobody knows are not repeated if they may not be', async () => {
        const first = await open({ isRepeatable: false });
        first.sending([item(0)]);
        fail(first, 0, 'unknown');
        await first.close(false);

        expect((await open({ isRepeatable: false })).earlier).toMatchObject({ processed: 1, unknown: 1 });
    });
});

test('other rows are refused, and what is kept stays', async () => {
    const first = await open();
    succeed(first, 0);
    await first.close(false);

    await expect(open({ setup: 'companies' })).rejects.toThrow('An earlier import of other rows has not ended');
    await expect(open({ total: 11 })).rejects.toThrow('An earlier import of other rows has not ended');

    await expect(findResumable(resumeKey)).resolves.toEqual({ processed: 1, total: 10, startedAt: clock.now() });
    await expect(open({ total: undefined })).resolves.toMatchObject({ earlier: { processed: 1 } });
});

test('an import of an unknown number of rows can be resumed where the number is known', async () => {
    const first = await open({ total: undefined });
    succeed(first, 0);
    await first.close(false);

    await expect(findResumable(resumeKey)).resolves.not.toHaveProperty('total');
    await expect(open({ total: 10 })).resolves.toMatchObject({ earlier: { processed: 1 } });
});

test('what its caller keeps with it stays once rows have ended', async () => {
    const first = await open({ keep: 'contacts.csv' });
    succeed(first, 0);
    await first.close(false);

    await open({ keep: 'companies.csv' });

    await expect(findResumable(resumeKey)).resolves.toMatchObject({ kept: 'contacts.csv' });
});

test('what was kept with an import that has sent nothing is not kept with the next one', async () => {
    await open({ keep: 'contacts.csv' });

    await open();

    await expect(findResumable(resumeKey)).resolves.not.toHaveProperty('kept');
});

test('it could be resumed where it is kept, and under way', async () => {
    const checkpoint = await open();
    expect(checkpoint.isKept).toBe(true);
    await checkpoint.close(false);
    expect(checkpoint.isKept).toBe(false);

    expect((await open({ resumeKey: undefined })).isKept).toBe(false);
});

test('when it can no longer be written, nothing is kept that would be out of date', async () => {
    const checkpoint = await open({ isRepeatable: false });
    succeed(checkpoint, 0);
    await clock.advance(500);
    await isKept(1);

    // IndexedDB takes no functions.
    checkpoint.sending([{ ...item(1), rowNumber: (() => 3) as never }]);

    await waitFor(async () => expect(await findResumable(resumeKey)).toBeNull());
    succeed(checkpoint, 1);
    await clock.advance(1000);
    await checkpoint.close(false);
    await expect(findResumable(resumeKey)).resolves.toBeNull();
});
