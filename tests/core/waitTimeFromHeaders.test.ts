import { describe, expect, it } from 'vitest';
import { waitTimeFromHeaders } from '../../src/core/waitTime';
import { httpDateFormats, NOON, toHttpDate } from '../fixtures/moments';

const DAY_MS = 86_400_000;
const waitFor = (headers: Record<string, string>, now = NOON) => waitTimeFromHeaders(new Headers(headers), now);

describe('Retry-After in seconds', () => {
    it.each([
        ['1', 1_000],
        ['120', 120_000],
        ['007', 7_000],
        ['1.5', 1_500],
        ['0.25', 250],
        ['86400', DAY_MS],
        ['86401', DAY_MS],
        ['99999999999999999999', DAY_MS],
        ['9'.repeat(310), DAY_MS],
        ['5, 5', 5_000],
        ['5,7', 7_000],
    ])('of %s asks for %i ms', (value, waitMs) => {
        expect(waitFor({ 'Retry-After': value })).toBe(waitMs);
    });

    it.each(['0', '0.0', '-1', '+5', 'NaN', 'Infinity', '1e3', '0x10', '5s', '5, soon', '', 'soon', 'null', '١٢'])(
        'of “%s” is ignored',
        value => {
            const get = (name: string) => (name.toLowerCase() === 'retry-after' ? value : null);

            expect(waitTimeFromHeaders({ get } as Headers, NOON)).toBeUndefined();
        },
    );
});

describe('Retry-After as a date', () => {
    it.each(Object.entries(httpDateFormats))('in the form of %s is measured from now', (_, format) => {
        expect(waitFor({ 'Retry-After': format(NOON + 90_000) })).toBe(90_000);
    });

    it.each(Object.entries(httpDateFormats))('and a Date in the form of %s is measured from there', (_, format) => {
        const headers = { 'Retry-After': toHttpDate(NOON + 90_000), Date: format(NOON) };

        expect(waitFor(headers, NOON - 7 * DAY_MS)).toBe(90_000);
        expect(waitFor(headers, NOON + 7 * DAY_MS)).toBe(90_000);
    });

    it('reads literal examples of all three forms', () => {
        const justBefore = Date.UTC(1994, 10, 6, 8, 49, 7);

        expect(waitFor({ 'Retry-After': 'Sun, 06 Nov 1994 08:49:37 GMT' }, justBefore)).toBe(30_000);
        expect(waitFor({ 'Retry-After': 'Sunday, 06-Nov-94 08:49:37 GMT' }, justBefore)).toBe(30_000);
        expect(waitFor({ 'Retry-After': 'Sun Nov  6 08:49:37 1994' }, justBefore)).toBe(30_000);
    });

    it('reads a two-digit year as one from 1950 to 2049', () => {
        const newYearsEve = (year: number) => Date.UTC(year, 11, 31, 23, 59, 30);

        expect(waitFor({ 'Retry-After': 'Sunday, 01-Jan-50 00:00:00 GMT' }, newYearsEve(1949))).toBe(30_000);
        expect(waitFor({ 'Retry-After': 'Saturday, 01-Jan-00 00:00:00 GMT' }, newYearsEve(1999))).toBe(30_000);
        expect(waitFor({ 'Retry-After': 'Friday, 01-Jan-49 00:00:00 GMT' }, newYearsEve(2048))).toBe(30_000);
        expect(waitFor({ 'Retry-After': 'Sunday, 06-Nov-94 08:49:37 GMT' }, NOON)).toBeUndefined();
    });

    it('measures from now when Date is no date', () => {
        expect(waitFor({ 'Retry-After': toHttpDate(NOON + 90_000), Date: 'today' })).toBe(90_000);
    });

    it('further away than a day is cut to a day', () => {
        expect(waitFor({ 'Retry-After': toHttpDate(NOON + 30 * DAY_MS) })).toBe(DAY_MS);
    });

    it.each([
        ['past', toHttpDate(NOON - 1_000)],
        ['this very moment', toHttpDate(NOON)],
        ['ISO 8601', new Date(NOON + 90_000).toISOString()],
        ['a local form', '6/1/2026, 12:01:30 PM'],
        ['without a zone', 'Mon, 01 Jun 2026 12:01:30'],
        ['in another zone', 'Mon, 01 Jun 2026 12:01:30 +0000'],
        ['with no such month', 'Mon, 01 Jux 2026 12:01:30 GMT'],
        ['with no such day', 'Tue, 99 Jun 2026 12:01:30 GMT'],
        ['with no such hour', 'Mon, 01 Jun 2026 99:01:30 GMT'],
        ['after other words', 'after Mon, 01 Jun 2026 12:01:30 GMT'],
        ['before other words', 'Mon, 01 Jun 2026 12:01:30 GMT or later'],
        ['too large for a date', 'Mon, 01 Jun 99999999 12:01:30 GMT'],
    ])('that is %s is ignored', (_, value) => {
        expect(waitFor({ 'Retry-After': value })).toBeUndefined();
    });
});

describe('RateLimit', () => {
    it.each([
        ['limit=100, remaining=0, reset=50', 50_000],
        ['limit=100,remaining=0,reset=50', 50_000],
        ['reset=50, remaining=0, limit=100', 50_000],
        ['"default";r=0;t=50', 50_000],
        ['"15-in-1min"; r=0; t=50', 50_000],
        ['"default";t=50;r=0', 50_000],
        ['"default";r=0;t=50;pk=:dHJpYWwxMjEzMjM=:', 50_000],
        ['"burst";r=0;t=5, "day";r=0;t=3600', 3_600_000],
        ['"day";r=0;t=3600, "burst";r=0;t=5', 3_600_000],
        ['"burst";r=0;t=5, "day";r=12;t=3600', 5_000],
        ['"limit=9";r=0;t=50', 50_000],
        ['"a,b";r=0;t=50', 50_000],
        ['"a";r=0;t=99999999', DAY_MS],
        ['"a";r=0;t=1.5', 1_500],
        [`"a";r=0;t=${NOON / 1000 + 50}`, 50_000],
        [`limit=100, remaining=0, reset=${NOON / 1000 + 50}`, 50_000],
        ['"a";not-t=9;t=50;x-r=4;r=0', 50_000],
    ])('of %s asks for %i ms', (value, waitMs) => {
        expect(waitFor({ RateLimit: value })).toBe(waitMs);
    });

    it.each([
        'limit=100, remaining=1, reset=50',
        'limit=100, remaining=0, reset=0',
        'limit=100, remaining=0',
        '"default";r=1;t=50',
        '"default";r=10;t=50',
        '"default";r=0;t=0',
        '"default";r=0',
        '"default";r=0;t=-50',
        '"r=0;t=50"',
        '";r=0;t=99";r=5;t=10',
        '"default";x-r=0;t=50',
        '"default";r=0;not-t=50',
        '"default"',
        'soon',
    ])('of %s asks for nothing', value => {
        expect(waitFor({ RateLimit: value })).toBeUndefined();
    });
});

describe.each(['RateLimit', 'X-RateLimit'])('%s-Reset', prefix => {
    const reset = (value: number | string, others: Record<string, string> = {}) => ({
        [`${prefix}-Reset`]: String(value),
        ...others,
    });

    it('is a number of seconds, a moment in seconds or one in milliseconds: its size tells', () => {
        expect(waitFor(reset(50))).toBe(50_000);
        expect(waitFor(reset(999_999_999))).toBe(DAY_MS);
        expect(waitFor(reset(1_000_000_000), 999_999_990_000)).toBe(10_000);
        expect(waitFor(reset(NOON / 1000 + 50))).toBe(50_000);
        expect(waitFor(reset(1_000_000_000_000), 999_999_990_000)).toBe(10_000);
        expect(waitFor(reset(NOON + 50_000))).toBe(50_000);
    });

    it('as a moment is measured from the Date of the response', () => {
        const headers = reset(NOON / 1000 + 50, { Date: toHttpDate(NOON) });

        expect(waitFor(headers, NOON + 3 * DAY_MS)).toBe(50_000);
    });

    it('counts only with nothing remaining', () => {
        expect(waitFor(reset(50, { [`${prefix}-Remaining`]: '0' }))).toBe(50_000);
        expect(waitFor(reset(50, { [`${prefix}-Remaining`]: '3' }))).toBeUndefined();
    });

    it.each(['0', '-50', 'soon', '', '2026-06-01T12:00:50Z'])('of “%s” is ignored', value => {
        expect(waitFor(reset(value))).toBeUndefined();
    });

    it('as a moment in the past is ignored', () => {
        expect(waitFor(reset(NOON / 1000 - 50))).toBeUndefined();
    });
});

describe('retry-after-ms', () => {
    it('is a number of milliseconds', () => {
        expect(waitFor({ 'retry-after-ms': '1500' })).toBe(1_500);
        expect(waitFor({ 'retry-after-ms': '0' })).toBeUndefined();
        expect(waitFor({ 'retry-after-ms': 'soon' })).toBeUndefined();
        expect(waitFor({ 'retry-after-ms': '86400001' })).toBe(DAY_MS);
    });
});

describe('several headers', () => {
    const inOrder = [
        ['Retry-After', '1', 1_000],
        ['RateLimit', '"default";r=0;t=2', 2_000],
        ['RateLimit-Reset', '3', 3_000],
        ['X-RateLimit-Reset', '4', 4_000],
        ['retry-after-ms', '5', 5],
    ] as const;

    it.each(inOrder.map(([name, , waitMs], index) => ({ name, waitMs, index })))(
        'are asked in order, $name before those after it',
        ({ waitMs, index }) => {
            const present = inOrder.slice(index).map(([name, value]) => [name, value]);

            expect(waitFor(Object.fromEntries(present))).toBe(waitMs);
        },
    );

    it.each(inOrder.map(([name, , waitMs], index) => ({ name, waitMs, index })))(
        'are passed over when they make no sense, down to $name',
        ({ waitMs, index }) => {
            const headers = inOrder.map(([name, value], each) => [name, each < index ? 'nonsense' : value]);

            expect(waitFor(Object.fromEntries(headers))).toBe(waitMs);
        },
    );

    it('without any of these ask for nothing', () => {
        expect(
            waitFor({ Date: toHttpDate(NOON), 'X-RateLimit-Remaining': '0', 'RateLimit-Limit': '60' }),
        ).toBeUndefined();
    });
});

it('of several policies that are used up the longest counts, also beside one that tells no time', () => {
    const headers = new Headers({ RateLimit: '"burst";r=0;t=5, "x";r=0, "day";r=0;t=3600' });

    expect(waitTimeFromHeaders(headers, 0)).toBe(3_600_000);
});
