import { type DataProvider, HttpError } from 'ra-core';
import { describe, expect, test, vi } from 'vitest';
import type { ImportCheckpoint } from '../../../src/react/import/importCheckpoint';
import type { ImportJob } from '../../../src/react/import/importRun';
import { createSender } from '../../../src/react/import/importSender';

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

describe('a row', () => {
    const context = { index: 0, signal: new AbortController().signal };
    const rows = [0, 1].map(index => ({ index, rowNumber: index + 2, row: {}, hash: 0, record: {} }));
    const [first] = rows as [(typeof rows)[0]];
    const conflict = new HttpError('duplicate key value violates unique constraint "contacts_import_key_key"', 409);

    const start = (dataProvider: object, job: Partial<ImportJob<object>> = {}) =>
        createSender(
            { dataProvider: dataProvider as DataProvider, resource: 'contacts', ...job } as ImportJob<object>,
            { sending: vi.fn(), returned: vi.fn(), importId: 'id' } as unknown as ImportCheckpoint<object>,
        );

    test('whose key is in the table already is in, also when only the constraint tells', async () => {
        const { sendOne } = start({ create: () => Promise.reject(conflict) }, { keyColumn: 'import_key' });

        await expect(sendOne(first, context)).resolves.toBeUndefined();
    });

    test('of several is not, as nothing tells which of them it is', async () => {
        const { sendMany } = start({ createMany: () => Promise.reject(conflict) }, { keyColumn: 'import_key' });

        await expect(sendMany?.(rows, context)).rejects.toBe(conflict);
    });

    test('without a key has its meta passed on as it is', async () => {
        const create = vi.fn(async (_: string, __: { meta: unknown }) => ({}));
        const meta = { schema: 'crm' };

        await start({ create }, { meta }).sendOne(first, context);

        expect(create.mock.calls[0]?.[1].meta).toBe(meta);
    });

    test('goes alone where createMany is there in name only', () => {
        expect(start({ createMany: undefined }).sendMany).toBeUndefined();
    });
});
