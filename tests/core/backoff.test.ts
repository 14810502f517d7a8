import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { backoffMs, withJitter } from '../../src/core/backoff';

const options = { initialDelayMs: 100, maxDelayMs: 10_000, jitterFactor: 0.2 };

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
        expect(withJitter(200, 0.2, () => 0.5)).toBe(220);
    });

    it('adds nothing when its factor is 0', () => {
        expect(withJitter(200, 0, () => 0.999)).toBe(200);
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
                const waitMs = withJitter(backoffMs(attempt, shape), shape.jitterFactor, () => chance);

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
                expect(backoffMs(attempt, { initialDelayMs, maxDelayMs, jitterFactor: 0 })).not.toBeNaN();
            }),
        );
    });
});
