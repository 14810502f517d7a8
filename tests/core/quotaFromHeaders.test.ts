import { describe, expect, it } from 'vitest';
import { quotaFromHeaders } from '../../src/core/waitTime';
import { NOON, toHttpDate } from '../fixtures/moments';

const DAY_MS = 86_400_000;
const quotaIn = (headers: Record<string, string>, now = NOON) => quotaFromHeaders(new Headers(headers), now);

describe('RateLimit', () => {
    it.each([
        ['limit=100, remaining=40, reset=50', 40, 50_000], // draft-7
        ['limit=100,remaining=40,reset=50', 40, 50_000],
        ['reset=50, remaining=40, limit=100', 40, 50_000],
        ['"default";r=40;t=50', 40, 50_000], // draft-8 and later
        ['"15-in-1min"; r=3; t=50', 3, 50_000],
        ['"default";t=50;r=40;pk=:dHJpYWwxMjEzMjM=:', 40, 50_000],
        ['"default";r=0;t=50', 0, 50_000],
        ['"r=1;t=9";r=40;t=50', 40, 50_000],
        ['"default";x-r=1;r=40;not-t=9;t=50', 40, 50_000],
        [`limit=100, remaining=40, reset=${NOON / 1000 + 50}`, 40, 50_000],
        ['"remaining=1, reset=9";r=40;t=50', 40, 50_000],
    ])('of %s tells of %i calls in %i ms', (value, remaining, resetMs) => {
        expect(quotaIn({ RateLimit: value })).toEqual({ remaining, resetMs });
    });

    it.each([
        ['"burst";r=9;t=1, "day";r=100;t=3600', 100, 3_600_000],
        ['"day";r=100;t=3600, "burst";r=9;t=1', 100, 3_600_000],
        ['"burst";r=1;t=50, "day";r=9000;t=3600', 1, 50_000],
        ['"day";r=9000;t=3600, "burst";r=1;t=50', 1, 50_000],
        ['"burst";r=0;t=1, "day";r=1;t=3600', 0, 1000],
        ['"a";r=5;t=10, "b";r=4;t=9, "c";r=6;t=10', 4, 9000],
        ['"burst";r=0;t=5, "day";r=0;t=3600', 0, 3_600_000],
        ['"day";r=0;t=3600, "burst";r=0;t=5', 0, 3_600_000],
    ])('of several policies tells of the tightest: %s', (value, remaining, resetMs) => {
        expect(quotaIn({ RateLimit: value })).toEqual({ remaining, resetMs });
    });

    it('passes over a policy that does not tell all', () => {
        expect(quotaIn({ RateLimit: '"a";r=0, "b";t=3600, "c";r=4;t=5' })).toEqual({ remaining: 4, resetMs: 5000 });
    });

    it.each([
        '"default";r=5',
        '"default";t=50',
        '"default";r=5;t=0',
        '"default";r=-5;t=50',
        '"default";r=5;t=-50',
        '"default";r=few;t=soon',
        '"r=5;t=50"',
        'limit=100, remaining=5',
        'limit=100, reset=50',
        'remaining=, reset=',
        'soon',
    ])('of %s tells of none', value => {
        expect(quotaIn({ RateLimit: value })).toBeUndefined();
    });
});

// draft-6 has headers of its own for each.
describe.each(['RateLimit', 'X-RateLimit'])('%s-Remaining and -Reset', prefix => {
    const quota = (remaining: string, reset: number | string) => ({
        [`${prefix}-Limit`]: '100',
        [`${prefix}-Remaining`]: remaining,
        [`${prefix}-Reset`]: String(reset),
    });

    it('tell of calls and seconds', () => {
        expect(quotaIn(quota('40', 50))).toEqual({ remaining: 40, resetMs: 50_000 });
        expect(quotaIn(quota('0', 50))).toEqual({ remaining: 0, resetMs: 50_000 });
    });

    it('tell of a moment, measured from the Date of the response, or from now', () => {
        expect(quotaIn(quota('40', NOON / 1000 + 50))).toEqual({ remaining: 40, resetMs: 50_000 });
        expect(quotaIn(quota('40', NOON + 50_000))).toEqual({ remaining: 40, resetMs: 50_000 });
        expect(quotaIn({ ...quota('40', NOON / 1000 + 50), Date: toHttpDate(NOON) }, NOON + 3 * DAY_MS)).toEqual({
            remaining: 40,
            resetMs: 50_000,
        });
    });

    it.each([
        ['', '50'],
        ['many', '50'],
        ['-1', '50'],
        ['40', ''],
        ['40', '0'],
        ['40', '-50'],
        ['40', 'soon'],
        ['40', NOON / 1000 - 50],
    ])('tell of none with “%s” and “%s”', (remaining, reset) => {
        expect(quotaIn(quota(remaining, reset))).toBeUndefined();
    });

    it('tell of none one without the other', () => {
        expect(quotaIn({ [`${prefix}-Remaining`]: '40' })).toBeUndefined();
        expect(quotaIn({ [`${prefix}-Reset`]: '50' })).toBeUndefined();
    });
});

describe('the headers of an answer', () => {
    it('tell of none when they say nothing of it', () => {
        expect(quotaIn({})).toBeUndefined();
        expect(quotaIn({ 'Retry-After': '5', 'retry-after-ms': '5', Date: toHttpDate(NOON) })).toBeUndefined();
    });

    it('tell of the tightest when there are several', () => {
        const headers = {
            RateLimit: '"burst";r=5;t=1',
            'RateLimit-Remaining': '100',
            'RateLimit-Reset': '60',
            'X-RateLimit-Remaining': '10',
            'X-RateLimit-Reset': '3600',
        };

        expect(quotaIn(headers)).toEqual({ remaining: 10, resetMs: 3_600_000 });
    });

    it('tell of the longest when several are used up', () => {
        const headers = {
            'RateLimit-Remaining': '0',
            'RateLimit-Reset': '5',
            'X-RateLimit-Remaining': '0',
            'X-RateLimit-Reset': '3600',
        };

        expect(quotaIn(headers)).toEqual({ remaining: 0, resetMs: 3_600_000 });
    });

    it.each([
        ['more', '86401'],
        ['years', '999999999'],
        ['more than a number holds', '9'.repeat(400)],
    ])('tell of a day at most, not of %s', (_, reset) => {
        const policy = { RateLimit: `"default";r=0;t=${reset}` };

        expect(quotaIn(policy)).toEqual({ remaining: 0, resetMs: DAY_MS });
    });
});
