import { expect, test } from 'vitest';
import { ProgressMeter } from '../../src/bulk/progressMeter';

const counts = (succeeded: number) => ({ succeeded, failed: 1, unknown: 2, rateLimited: 4, retries: 5 });

test('tells counts, rate and time left', () => {
    const meter = new ProgressMeter(1000);

    const progress = meter.describe(3000, counts(7), { status: 'running', total: 30 });

    expect(progress).toEqual({
        status: 'running',
        succeeded: 7,
        failed: 1,
        unknown: 2,
        rateLimited: 4,
        retries: 5,
        processed: 10,
        total: 30,
        ratePerSecond: 5,
        etaMs: 4000,
    });
});

test.each([
    ['of ten seconds or more is not what items take', 10_000, 10],
    ['that is shorter is part of the rate', 9999, 10 / 10.499],
])('a pause %s', (_, pauseMs, rate) => {
    const meter = new ProgressMeter(0);
    const at = (ms: number, status: 'running' | 'paused', succeeded: number) =>
        meter.describe(ms, { ...counts(succeeded), failed: 0, unknown: 0 }, { status, total: 100 });
    at(1000, 'running', 10);
    at(1000, 'paused', 10);
    at(1500, 'paused', 10);

    at(1000 + pauseMs, 'running', 10);
    const progress = at(2000 + pauseMs, 'running', 20);

    expect(progress.ratePerSecond).toBeCloseTo(rate, 8);
    expect(progress.etaMs).toBeCloseTo(80_000 / rate, 4);
});

test('the rate is that of the last ten seconds', () => {
    const meter = new ProgressMeter(0);
    for (let second = 0; second <= 60; second++)
        meter.rate(second * 1000, second < 30 ? second * 10 : 300 + (second - 30) * 2);

    expect(meter.rate(60_000, 360)).toBeCloseTo(2, 5);
});

test('the rate is measured from a sample of at least ten seconds ago, of which there is one every half second', () => {
    const between = (samples: [at: number, processed: number][]) => {
        const meter = new ProgressMeter(0);
        const rates = samples.map(([at, processed]) => meter.rate(at, processed));
        return rates.at(-1);
    };

    // The sample after 250 ms is none, that after 500 ms is.
    expect(
        between([
            [250, 10],
            [10_250, 10],
        ]),
    ).toBeCloseTo(10 / 10.25, 8);
    expect(
        between([
            [500, 10],
            [10_500, 10],
        ]),
    ).toBe(0);
    expect(
        between([
            [500, 10],
            [10_499, 10],
        ]),
    ).toBeCloseTo(10 / 10.499, 8);
    expect(
        between([
            [500, 10],
            [600, 20],
            [10_600, 20],
        ]),
    ).toBeCloseTo(10 / 10.1, 8);
});

test('there is no time left to tell without a rate or without a total', () => {
    const meter = new ProgressMeter(0);

    expect(meter.describe(0, counts(0), { status: 'running', total: 9 })).not.toHaveProperty('etaMs');
    const untold = meter.describe(1000, counts(5), { status: 'paused', total: undefined, resumesAt: 7 });
    expect(untold).not.toHaveProperty('etaMs');
    expect(untold).not.toHaveProperty('total');
    expect(untold).toMatchObject({ status: 'paused', resumesAt: 7 });
});

test('a pause takes its time as well; how long one by hand lasts, nobody knows', () => {
    const paused = { status: 'paused', total: 30 } as const;

    expect(new ProgressMeter(1000).describe(3000, counts(7), { ...paused, resumesAt: 63_000 }).etaMs).toBe(64_000);
    expect(new ProgressMeter(1000).describe(3000, counts(7), paused)).not.toHaveProperty('etaMs');
});

test('the time left is never negative, and the time since the start is told', () => {
    const meter = new ProgressMeter(500);

    expect(meter.describe(1500, counts(20), { status: 'running', total: 9 }).etaMs).toBe(0);
    expect(meter.elapsedMs(1500)).toBe(1000);
});
