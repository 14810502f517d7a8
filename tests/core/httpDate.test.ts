import { describe, expect, it } from 'vitest';
import { parseHttpDate } from '../../src/core/httpDate';
import { httpDateFormats } from '../fixtures/moments';

describe('a date of HTTP', () => {
    it.each(Object.entries(httpDateFormats))('in the form of %s is a moment', (_, format) => {
        for (const moment of [Date.UTC(1994, 10, 6, 8, 49, 37), Date.UTC(2026, 1, 28, 23, 59, 59), Date.UTC(2049, 0)]) {
            expect(parseHttpDate(format(moment))).toBe(moment);
        }
    });

    it('is one in any case', () => {
        expect(parseHttpDate('SUN, 06 NOV 1994 08:49:37 gmt')).toBe(Date.UTC(1994, 10, 6, 8, 49, 37));
    });
});

describe('a text that is no date of HTTP', () => {
    it.each([
        '',
        '0',
        'Sun, 6 Nov 1994 08:49:37 GMT',
        'Sun, 06 Nov 1994 08:49:37',
        'Sun, 06 Nov 1994 08:49:37 EST',
        'Sun, 06 Nov 994 08:49:37 GMT',
        'Su, 06 Nov 1994 08:49:37 GMT',
        'Sun, 06 November 1994 08:49:37 GMT',
        'Sun Nov  6 08:49:37 1994 GMT',
        'Sun Nov  6 08:49:37 94',
        'x Sun Nov  6 08:49:37 1994',
        '1994-11-06T08:49:37Z',
    ])('is not a number: “%s”', text => {
        expect(parseHttpDate(text)).toBeNaN();
    });
});
