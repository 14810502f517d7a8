import { expect, test, vi } from 'vitest';
import { ItemReader } from '../../src/bulk/itemReader';
import { heldCall, rejectionOf } from '../support/scriptedCalls';

const itemsOf = async (taken: Promise<readonly { item: unknown }[]>) => (await taken).map(({ item }) => item);

test.each([
    ['an array', () => ['a', 'b', 'c']],
    ['a set', () => new Set(['a', 'b', 'c'])],
    [
        'an async generator',
        async function* () {
            yield* ['a', 'b', 'c'];
        },
    ],
])('hands out the items of %s in order, with their places', async (_, source) => {
    const reader = new ItemReader<string>(source());

    const first = await reader.take(2);
    const second = await reader.take(2);

    expect([...first, ...second]).toEqual([
        { index: 0, item: 'a' },
        { index: 1, item: 'b' },
        { index: 2, item: 'c' },
    ]);
    expect(await reader.take(2)).toEqual([]);
    expect(reader.count).toBe(3);
});

test('reads one at a time, also for several readers at once', async () => {
    let isReading = false;
    let count = 0;
    const next = vi.fn(async () => {
        expect(isReading).toBe(false);
        isReading = true;
        await undefined;
        isReading = false;
        return { done: false as const, value: count++ };
    });
    const reader = new ItemReader({ [Symbol.asyncIterator]: () => ({ next }) });

    const taken = await Promise.all([reader.take(2), reader.take(1), reader.take(2)]);

    expect(taken.flat().map(({ item }) => item)).toEqual([0, 1, 2, 3, 4]);
});

test('what was read before a failure is handed out, then the failure is told once', async () => {
    const reader = new ItemReader(
        (function* () {
            yield 1;
            yield 2;
            throw new Error('moved');
        })(),
    );

    expect(await itemsOf(reader.take(5))).toEqual([1, 2]);
    expect(await rejectionOf(reader.take(5))).toEqual(new Error('moved'));
    expect(await reader.take(5)).toEqual([]);
});

test('a failure of the first read is told at once', async () => {
    const failing = {
        [Symbol.iterator]: () => ({
            next: () => {
                throw new Error('locked');
            },
        }),
    };

    expect(await rejectionOf(new ItemReader(failing).take(1))).toEqual(new Error('locked'));
});

test('a generator that is left early may clean up, one that has ended is left alone', async () => {
    const cleaned = vi.fn();
    const source = function* () {
        try {
            yield 1;
            yield 2;
        } finally {
            cleaned();
        }
    };
    const left = new ItemReader(source());
    await left.take(1);
    await left.close();
    expect(cleaned).toHaveBeenCalledTimes(1);
    expect(await left.take(1)).toEqual([]);

    const returned = vi.fn();
    const ended = new ItemReader({
        [Symbol.iterator]: () => ({ next: () => ({ done: true as const, value: undefined }), return: returned }),
    });
    await ended.take(1);
    await ended.close();
    expect(returned).not.toHaveBeenCalled();
});

test('a generator is waited for while it cleans up, and when it cannot, that is told', async () => {
    const clean = heldCall<void>();
    const source = async function* () {
        try {
            yield 1;
        } finally {
            await clean();
        }
    };
    const reader = new ItemReader(source());
    await reader.take(1);
    const onClosed = vi.fn();
    const closing = rejectionOf(reader.close().finally(onClosed));

    await new Promise(setImmediate);
    expect(clean).toHaveBeenCalledTimes(1);
    expect(onClosed).not.toHaveBeenCalled();
    clean.reject(new Error('busy'));

    await expect(closing).resolves.toEqual(new Error('busy'));
});

test('nothing more is read after a failure, or when it was closed, from an iterator that could go on', async () => {
    let count = 0;
    const next = vi.fn(() => {
        if (++count === 1) throw new Error('hiccup');
        return { done: false as const, value: count };
    });
    const source = { [Symbol.iterator]: () => ({ next, return: () => ({ done: true as const, value: 0 }) }) };
    const failed = new ItemReader(source);
    expect(await rejectionOf(failed.take(1))).toEqual(new Error('hiccup'));
    expect(await failed.take(1)).toEqual([]);

    const closed = new ItemReader(source);
    await closed.close();
    expect(await closed.take(1)).toEqual([]);
    expect(next).toHaveBeenCalledTimes(1);
});

test('an iterator that cannot clean up need not', async () => {
    const reader = new ItemReader({ [Symbol.iterator]: () => ({ next: () => ({ done: false, value: 1 }) }) });
    await reader.take(1);

    await expect(reader.close()).resolves.toBeUndefined();
});

test('abandoned, a read that is under way ends at once with nothing, and nobody waits for the iterator to clean up', async () => {
    const returned = vi.fn(() => Promise.reject(new Error('Nobody hears of it')));
    const reader = new ItemReader({
        [Symbol.asyncIterator]: () => ({ next: () => new Promise<never>(() => {}), return: returned }),
    });
    const taken = reader.take(1);

    reader.abandon();
    await reader.close();

    await expect(taken).resolves.toEqual([]);
    expect(returned).toHaveBeenCalledTimes(1);
});
