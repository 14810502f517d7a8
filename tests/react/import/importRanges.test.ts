import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ImportRanges } from '../../../src/react/import/importRanges';

const rangesOf = (...places: number[]) => {
    const ranges = new ImportRanges();
    for (const place of places) ranges.add(place);
    return ranges;
};

test('at first it has nothing', () => {
    const ranges = rangesOf();

    expect(ranges.size).toBe(0);
    expect(ranges.has(0)).toBe(false);
});

test('rows in order are one range', () => {
    expect(rangesOf(0, 1, 2, 3).toArray()).toEqual([[0, 4]]);
});

test('a gap that is filled joins what is beside it', () => {
    const ranges = rangesOf(0, 2, 4);
    expect(ranges.toArray()).toEqual([
        [0, 1],
        [2, 3],
        [4, 5],
    ]);

    ranges.add(1);

    expect(ranges.toArray()).toEqual([
        [0, 3],
        [4, 5],
    ]);
});

test('it goes on where another was', () => {
    const ranges = new ImportRanges(rangesOf(0, 1, 5).toArray());

    ranges.add(2);

    expect(ranges.toArray()).toEqual([
        [0, 3],
        [5, 6],
    ]);
});

test('it knows the same places as a set, in ranges that neither touch nor overlap', () => {
    fc.assert(
        fc.property(fc.array(fc.nat(60)), places => {
            const set = new Set(places);
            const ranges = rangesOf(...places);

            expect(Array.from({ length: 62 }, (_, place) => ranges.has(place))).toEqual(
                Array.from({ length: 62 }, (_, place) => set.has(place)),
            );
            expect(ranges.size).toBe(set.size);
            const bounds = ranges.toArray().flat();
            expect(bounds).toEqual([...new Set(bounds)].sort((a, b) => a - b));
        }),
    );
});
