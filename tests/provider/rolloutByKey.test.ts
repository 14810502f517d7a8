import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { rolloutByKey, withRateLimit } from 'ra-rate-limit';
import { describe, expect, it } from 'vitest';
import { createProvider } from '../support/createProvider';
import { refusal } from '../support/scriptedCalls';

const uuid = (index: number) =>
    createHash('md5')
        .update(`${index}`)
        .digest('hex')
        .replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');

const SHAPES: Record<string, (index: number) => string | number> = {
    'sequential ids': index => index,
    'ids of six digits': index => 400_000 + index,
    UUIDs: uuid,
    'e-mail addresses': index => `user${index}@example.com`,
    'prefixed ids': index => `rollout:tenant-7:${index}`,
    'names in Greek': index => `χρήστης ${index}`,
};

const KEYS = 100_000;

describe.each(Object.entries(SHAPES))('of %s', (_name, keyOf) => {
    it.each([0.1, 1, 10, 50, 90, 99])('lets %d in a hundred in', percent => {
        let count = 0;
        for (let index = 0; index < KEYS; index++) if (rolloutByKey(keyOf(index), percent)) count++;

        expect(Math.abs((count / KEYS) * 100 - percent)).toBeLessThan(0.5);
        expect(count).toBeGreaterThan(0);
    });

    it('spreads each thousand evenly, so that newer accounts are treated as older ones', () => {
        for (let start = 0; start < KEYS; start += 1000) {
            let count = 0;
            for (let index = start; index < start + 1000; index++) if (rolloutByKey(keyOf(index), 50)) count++;
            expect(count).toBeGreaterThan(400);
            expect(count).toBeLessThan(600);
        }
    });
});

it('lets nobody in at 0 %, and everybody at 100 %', () => {
    for (let key = 0; key < KEYS; key++) {
        if (rolloutByKey(key, 0)) expect.fail(`${key} is in at 0 %`);
        if (!rolloutByKey(key, 100)) expect.fail(`${key} is not in at 100 %`);
    }
    expect(rolloutByKey('+!=yG', 0)).toBe(false); // its FNV-1a hash is 0
});

it('answers the same each time, and keeps whom it let in when the percentage grows', () => {
    const percent = fc.double({ min: 0, max: 100, noNaN: true });
    fc.assert(
        fc.property(fc.oneof(fc.string(), fc.integer()), percent, percent, (key, one, other) => {
            const [less, more] = one < other ? [one, other] : [other, one];
            expect(rolloutByKey(key, less)).toBe(rolloutByKey(key, less));
            if (rolloutByKey(key, less)) expect(rolloutByKey(key, more)).toBe(true);
        }),
    );
});

it('takes a number and its digits for the same key', () => {
    for (let key = 0; key < 1000; key++) expect(rolloutByKey(`${key}`, 50)).toBe(rolloutByKey(key, 50));
});

it('lets in others where the key has a name in front', () => {
    const both = Array.from({ length: 10_000 }, (_, id) => id).filter(
        id => rolloutByKey(`imports:${id}`, 50) && rolloutByKey(`dark-mode:${id}`, 50),
    );
    expect(both.length).toBeGreaterThan(2300);
    expect(both.length).toBeLessThan(2700);
});

it('lets in the same people in every version of the package', () => {
    const first = (percent: number, keyOf: (index: number) => string | number) =>
        Array.from({ length: 1000 }, (_, index) => keyOf(index))
            .filter(key => rolloutByKey(key, percent))
            .slice(0, 5);
    expect(first(10, index => index)).toEqual([3, 5, 6, 12, 13]);
    expect(first(1, index => `χρήστης ${index}`)).toEqual([61, 71, 102, 232, 427].map(index => `χρήστης ${index}`));
});

it.each([-1, -0.001, 100.001, 101, Number.NaN, Number.POSITIVE_INFINITY])('refuses %d percent', percent => {
    expect(() => rolloutByKey(7, percent)).toThrow(RangeError);
    expect(() => rolloutByKey(7, percent)).toThrow(`percent must be from 0 to 100, got ${percent}`);
});

it.each([
    [undefined, 10, 'key must be a string or a number, got undefined'],
    [null, 10, 'key must be a string or a number, got null'],
    [{}, 10, 'key must be a string or a number, got [object Object]'],
    [7, '10', 'percent must be a number, got "10"'],
    [7, undefined, 'percent must be a number, got undefined'],
])('refuses %o at %o', (key, percent, message) => {
    expect(() => rolloutByKey(key as string, percent as number)).toThrow(TypeError);
    expect(() => rolloutByKey(key as string, percent as number)).toThrow(message);
});

it('switches the handling of rate limits by user', async () => {
    let attempts = 0;
    const create = async () => {
        attempts++;
        throw refusal();
    };
    let percent = 0;
    const dataProvider = withRateLimit(createProvider({ create }), {
        enabled: () => rolloutByKey('user 7', percent),
        initialDelayMs: 0,
        logger: false,
    });
    const attemptsOfSave = async () => {
        attempts = 0;
        await dataProvider.create('contacts', { data: {} }).catch(() => {});
        return attempts;
    };

    expect(await attemptsOfSave()).toBe(1);
    percent = 100;
    expect(await attemptsOfSave()).toBe(4);
});
