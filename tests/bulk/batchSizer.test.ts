import { expect, test } from 'vitest';
import { BatchSizer } from '../../src/bulk/batchSizer';

test('begins with 100, or with less where that is the most', () => {
    expect(new BatchSizer(500).size).toBe(100);
    expect(new BatchSizer(5).size).toBe(5);
});

test('doubles while requests are quick, up to the most', () => {
    const sizer = new BatchSizer(500);
    const sizes = [50, 50, 50, 50].map(tookMs => {
        sizer.succeeded(sizer.size, tookMs);
        return sizer.size;
    });

    expect(sizes).toEqual([200, 400, 500, 500]);
});

test('settles where a request takes a second', () => {
    const sizer = new BatchSizer(500);

    for (let request = 0; request < 10; request++) sizer.succeeded(sizer.size, sizer.size * 20);

    expect(sizer.size).toBe(50);
});

test('a smaller batch that was quick does not make it larger, one that was slow makes it smaller', () => {
    const sizer = new BatchSizer(500);

    sizer.succeeded(3, 10);
    expect(sizer.size).toBe(100);
    sizer.succeeded(10, 2000);
    expect(sizer.size).toBe(5);
    sizer.succeeded(1, 5000);
    expect(sizer.size).toBe(1);
});

test('a larger batch that was under way tells that more than the size is fine, if it took no more than a second', () => {
    const sizer = new BatchSizer(500);
    sizer.failed(16, false);

    sizer.succeeded(16, 1001);
    expect(sizer.size).toBe(8);
    sizer.succeeded(16, 1000);
    expect(sizer.size).toBe(16);
});

test('a failure halves it, and does not keep it from growing again', () => {
    const sizer = new BatchSizer(500);

    sizer.failed(16, false);
    expect(sizer.size).toBe(8);
    sizer.failed(3, false);
    expect(sizer.size).toBe(1);
    sizer.succeeded(1, 10);
    sizer.succeeded(2, 10);
    expect(sizer.size).toBe(4);
});

test('a size that is too large for the server is never tried again', () => {
    const sizer = new BatchSizer(500);

    sizer.failed(16, true);
    for (let request = 0; request < 5; request++) sizer.succeeded(sizer.size, 1);

    expect(sizer.size).toBe(8);
    expect(sizer.most).toBe(8);
});

test('a size in which one item was too large by itself is tried again', () => {
    const sizer = new BatchSizer(500);

    for (const size of [16, 8, 4, 2, 1]) sizer.failed(size, true);

    expect(sizer.size).toBe(1);
    expect(sizer.most).toBe(500);
});
