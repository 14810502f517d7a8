import { describe, expect, test, vi } from 'vitest';
import { createFindOrCreate } from '../../demo/src/contacts/import/createFindOrCreate.ts';
import { heldCall } from '../support/scriptedCalls.ts';

describe('createFindOrCreate', () => {
    test('20 rows at a time that name the same new company make one call', async () => {
        const call = heldCall<{ id: number }>();
        const find = createFindOrCreate(call);

        const ids = Promise.all(Array.from({ length: 20 }, () => find('Acme')));
        call.resolve({ id: 7 });

        await expect(ids).resolves.toEqual(Array(20).fill(7));
        expect(call).toHaveBeenCalledOnce();
    });

    test('later rows know the answer', async () => {
        const call = vi.fn(async () => ({ id: 7 }));
        const find = createFindOrCreate(call);
        await find('Acme');

        await expect(find('Acme')).resolves.toBe(7);

        expect(call).toHaveBeenCalledOnce();
    });

    test.each([' Acme Ltd ', 'ACME LTD', 'acme  ltd', 'Acme\u00a0Ltd', 'Acme\tLtd'])(
        '%j is the same name',
        async name => {
            const call = vi.fn(async () => ({ id: 7 }));
            const find = createFindOrCreate(call);
            await find('Acme Ltd');

            await find(name);

            expect(call).toHaveBeenCalledOnce();
        },
    );

    test('an accent is the same in one character or in two', async () => {
        const call = vi.fn(async () => ({ id: 7 }));
        const find = createFindOrCreate(call);
        await find('Caf\u00e9');

        await find('Cafe\u0301');

        expect(call).toHaveBeenCalledOnce();
    });

    test('names are sent as the first row writes them, without superfluous spaces', async () => {
        const call = vi.fn(async () => ({ id: 7 }));
        const { signal } = new AbortController();

        await createFindOrCreate(call)('  Acme \n Ltd ', signal);

        expect(call).toHaveBeenCalledWith('Acme Ltd', { signal });
    });

    test('different names are different calls', async () => {
        const call = vi.fn(async (name: string) => ({ id: name.length }));
        const find = createFindOrCreate(call);

        await expect(Promise.all([find('Acme'), find('Globex')])).resolves.toEqual([4, 6]);
    });

    test('a call that failed fails all rows that waited for it, and the next row tries again', async () => {
        const call = vi
            .fn<() => Promise<{ id: number }>>()
            .mockRejectedValueOnce(new Error('no connection'))
            .mockResolvedValue({ id: 7 });
        const find = createFindOrCreate(call);

        const outcomes = await Promise.allSettled([find('Acme'), find('Acme')]);
        const later = await find('Acme');

        expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
        expect(later).toBe(7);
        expect(call).toHaveBeenCalledTimes(2);
    });
});
