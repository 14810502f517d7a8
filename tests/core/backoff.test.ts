import fc from 'fast-check';
import type { RateLimitOptions } from 'ra-rate-limit';
import { describe, expect, it, test } from 'vitest';
import { backoffMs, retryDelayMs } from '../../src/core/backoff';
import { resolveOptions } from '../../src/core/options';
import { VirtualClock } from '../support/virtualClock';

const options = { initialDelayMs: 100, maxDelayMs: 10_000 };

/** The delay of a retry, with this chance. */
function delayOf(attempt: number, pauseMs: number, chance: number, given: RateLimitOptions = options): number {
    const clock = Object.assign(new VirtualClock(), { random: () => chance });
    return retryDelayMs(attempt, pauseMs, resolveOptions({ ...given, clock }));
}

describe('the backoff', () => {
    it.each([
        [0, 100],
        [1, 200],
        [2, 400],
        [6, 6400],
        [7, 10_000],
        [8, 10_000],
        [5000, 10_000],
    ])('waits before retry %i for %i ms', (attempt, delayMs) => {
        expect(backoffMs(attempt, options)).toBe(delayMs);
    });

    it('is cut to the longest wait from the first on', () => {
        expect(backoffMs(0, { ...options, maxDelayMs: 30 })).toBe(30);
    });

    it('is no wait at all when the first is none, after however many retries', () => {
        expect(backoffMs(2000, { ...options, initialDelayMs: 0 })).toBe(0);
    });
});

describe('the jitter', () => {
    it('adds a random share of the delay', () => {
        expect(delayOf(1, 0, 0.5)).toBe(220);
    });

    it('adds nothing when its factor is 0', () => {
        expect(delayOf(1, 0, 0.999, { jitterFactor: 0 })).toBe(200);
    });

    it('is added to what the server asked for', () => {
        expect(delayOf(0, 2000, 0.5)).toBe(2200);
    });
});

describe('a pause that the server asked for', () => {
    it('is waited for instead of the backoff', () => {
        expect(delayOf(0, 3, 0)).toBe(3);
        expect(delayOf(5, 2000, 0)).toBe(2000);
    });

    it('of a few milliseconds is too short for who was refused before: each time for longer, up to a second', () => {
        expect([1, 2, 3].map(attempt => delayOf(attempt, 3, 0))).toEqual([800, 1000, 1000]);
    });
});

describe('for any options', () => {
    const shapes = fc.record({
        initialDelayMs: fc.double({ min: 0, max: 1e9, noNaN: true }),
        maxDelayMs: fc.double({ min: 0, max: 1e9, noNaN: true }),
        jitterFactor: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    const attempts = fc.oneof(fc.nat(60), fc.nat(), fc.constant(Number.MAX_SAFE_INTEGER));
    const chances = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

    test('a wait is never below the base delay, nor above the longest one and its jitter', () => {
        fc.assert(
            fc.property(shapes, attempts, chances, (shape, attempt, chance) => {
                const waitMs = delayOf(attempt, 0, chance, shape);

                expect(waitMs).toBeGreaterThanOrEqual(Math.min(shape.initialDelayMs, shape.maxDelayMs));
                expect(waitMs).toBeLessThanOrEqual(shape.maxDelayMs + shape.maxDelayMs * shape.jitterFactor);
            }),
        );
    });

    test('without jitter a later wait is never shorter', () => {
        fc.assert(
            fc.property(shapes, attempts, attempts, (shape, a, b) => {
                const earlier = backoffMs(Math.min(a, b), shape);
                const later = backoffMs(Math.max(a, b), shape);

                expect(later).toBeGreaterThanOrEqual(earlier);
            }),
        );
    });

    test('a wait is a number, even with the largest delays there are', () => {
        const extremes = fc.constantFrom(0, Number.MIN_VALUE, 1, Number.MAX_VALUE);
        fc.assert(
            fc.property(extremes, extremes, attempts, (initialDelayMs, maxDelayMs, attempt) => {
                expect(backoffMs(attempt, { initialDelayMs, maxDelayMs })).not.toBeNaN();
            }),
        );
    });
});
