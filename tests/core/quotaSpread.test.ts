import { describe, expect, it } from 'vitest';
import { QuotaSpread } from '../../src/core/quotaSpread';

const START = 1_000_000;

/** A quota that was told at the start. */
function createQuota(remaining: number, resetMs: number) {
    const quota = new QuotaSpread();
    quota.told(START, { remaining, resetMs });
    return quota;
}

describe('a quota that was told', () => {
    it('is spread over the time until there is more, but for the one call that is left to people', () => {
        const quota = createQuota(11, 10_000);

        quota.sent(START, START, 1);

        // The moment is told in whole seconds: half a second less on average.
        expect(quota.opensAt).toBe(START + 950);
    });

    it('of a day is not spread over it', () => {
        const quota = createQuota(61, 86_400_000);

        quota.sent(START, START, 1);

        expect(quota.opensAt).toBe(START + 1000);
    });

    it.each([0, 1])('of %i holds bulk work back until there is more, and is spent until then', remaining => {
        const quota = createQuota(remaining, 7000);

        expect(quota.opensAt).toBe(START + 7000);
        expect(quota.spentUntil).toBe(START + 7000);
    });

    it('is slower than a pace with shorter gaps, until it would have been told anew', () => {
        const quota = createQuota(11, 10_000);

        expect(quota.isSlowerThan(949, START)).toBe(true);
        expect(quota.isSlowerThan(950, START)).toBe(false);
        expect(quota.isSlowerThan(949, START + 10_999)).toBe(true);
        expect(quota.isSlowerThan(949, START + 11_000)).toBe(false);
    });
});

it('one of which nothing was told holds nothing back', () => {
    const quota = new QuotaSpread();

    quota.sent(START, START, 1);

    expect(quota.opensAt).toBe(0);
    expect(quota.spentUntil).toBe(0);
});
