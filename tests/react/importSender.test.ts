import { type DataProvider, HttpError } from 'ra-core';
import { expect, test, vi } from 'vitest';
import type { ImportCheckpoint } from '../../src/react/importCheckpoint';
import type { ImportJob } from '../../src/react/importRun';
import { createSender } from '../../src/react/importSender';

test.each([
    ['an answer that refuses it', new HttpError('Conflict', 409), 1],
    ['a refusal of the rate limit', new HttpError('Too Many Requests', 429), 1],
    ['a session that has expired', new HttpError('JWT expired', 401), 1],
    ['a gateway that has given up', new HttpError('Gateway Timeout', 504), 0],
    ['a broken connection', new TypeError('Failed to fetch'), 0],
])('a row that failed for %s is back, or in doubt', async (_, error, times) => {
    const checkpoint = { sending: vi.fn(), returned: vi.fn(), doubted: vi.fn(), importId: 'id' };
    const dataProvider = { create: () => Promise.reject(error) } as unknown as DataProvider;
    const { sendOne } = createSender(
        { dataProvider, resource: 'contacts' } as ImportJob<object>,
        checkpoint as unknown as ImportCheckpoint<object>,
    );
    const item = { index: 0, rowNumber: 2, row: {}, hash: 0, record: { name: 'Ada' } };

    await expect(sendOne(item, { index: 0, signal: new AbortController().signal })).rejects.toBe(error);

    expect(checkpoint.sending).toHaveBeenCalledExactlyOnceWith([item]);
    expect(checkpoint.returned).toHaveBeenCalledTimes(times);
    expect(checkpoint.doubted).toHaveBeenCalledTimes(1 - times);
});
