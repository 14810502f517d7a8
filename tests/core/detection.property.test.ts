import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isRateLimitError, isRateLimitResult } from '../../src/core/detection';

const KEYS = [
    'status',
    'statusCode',
    'code',
    'message',
    'name',
    'details',
    'error',
    'data',
    'response',
    'context',
    'body',
    'cause',
];
const PHRASES = [
    'HTTP 429',
    'status code 429',
    '429 Too Many Requests',
    'too many requests',
    'Rate limit exceeded',
    'rate limit reached',
];

const anyValue = fc.anything({
    withNullPrototype: true,
    withBigInt: true,
    withMap: true,
    withSet: true,
    withDate: true,
});
const phrases = fc.constantFrom(...PHRASES);
/** Text that neither quotes nor says anything. */
const filler = fc.stringMatching(/^[a-eg-np-z ,.:;]{0,30}$/);

/**
 * How to make a hostile value, not the value: fast-check looks into what it generates, which these forbid, and a recipe
 * can be printed. In the end there is any value at all, inside of objects that have the keys that are looked at.
 */
type Recipe = { value: unknown } | { parts: Record<string, Recipe>; isError: boolean; throwingTraps: string[] };

const { recipes } = fc.letrec<{ recipes: Recipe }>(tie => ({
    recipes: fc.oneof(
        { maxDepth: 3, depthIdentifier: 'recipes' },
        fc.record({ value: fc.oneof(anyValue, phrases, fc.constantFrom(429, '420', 500, 'PGRST121')) }),
        fc.record({
            parts: fc.dictionary(fc.constantFrom(...KEYS), tie('recipes')),
            isError: fc.boolean(),
            throwingTraps: fc.subarray(['get', 'has', 'getPrototypeOf', 'ownKeys', 'getOwnPropertyDescriptor']),
        }),
    ),
}));

function make(recipe: Recipe): unknown {
    if ('value' in recipe) return recipe.value;
    const parts = Object.entries(recipe.parts).map(([key, part]) => [key, make(part)]);
    const refuse = () => {
        throw new Error('hostile');
    };
    return new Proxy(
        Object.assign(recipe.isError ? new Error() : {}, Object.fromEntries(parts)),
        Object.fromEntries(recipe.throwingTraps.map(trap => [trap, refuse])),
    );
}

describe('any value at all', () => {
    it('is answered with yes or no, never with an exception', () => {
        fc.assert(
            fc.property(recipes, recipe => {
                const value = make(recipe);

                expect(isRateLimitError(value)).toBeTypeOf('boolean');
                expect(isRateLimitResult(value)).toBeTypeOf('boolean');
            }),
            { numRuns: 3_000 },
        );
    });

    it('is data when it was resolved without an error', () => {
        fc.assert(
            fc.property(anyValue, fc.constantFrom(429, '429', 420), anyValue, (data, status, message) => {
                expect(isRateLimitResult({ data, status, message })).toBe(false);
                expect(isRateLimitResult({ data, status, error: null })).toBe(false);
                expect(isRateLimitResult({ data: { status, error: message } })).toBe(false);
                expect(isRateLimitError({ data: { status, error: message } })).toBe(false);
            }),
        );
    });

    it('is refused by status 429 and an error, whatever that error is', () => {
        const truthy = anyValue.filter(Boolean);

        fc.assert(
            fc.property(truthy, fc.constantFrom(429, '429', 420, '420'), (error, status) => {
                expect(isRateLimitResult({ data: null, error, status })).toBe(true);
                expect(isRateLimitError({ data: null, error, status })).toBe(true);
            }),
        );
    });
});

describe('a status of HTTP', () => {
    const others = fc.integer({ min: 100, max: 599 }).filter(status => status !== 429 && status !== 420);

    it('other than 429 and 420 is no rate limit, whatever the rest says', () => {
        const claims = fc.record({ message: phrases, code: fc.constantFrom('429', 'over_request_rate_limit') });
        const keys = fc.constantFrom('status', 'statusCode');

        fc.assert(
            fc.property(others, claims, keys, fc.boolean(), (status, { message, code }, key, asText) => {
                const error = Object.assign(new Error(message, { cause: new Error(message) }), {
                    code,
                    details: message,
                    [key]: asText ? String(status) : status,
                });

                expect(isRateLimitError(error)).toBe(false);
                expect(isRateLimitResult({ data: null, error: { message, code }, status })).toBe(false);
            }),
        );
    });
});

describe('a message', () => {
    it('that says it outside of quotes is a rate limit', () => {
        fc.assert(
            fc.property(filler, phrases, filler, (before, phrase, after) => {
                expect(isRateLimitError(new Error(`${before} ${phrase}. ${after}`))).toBe(true);
            }),
        );
    });

    it('that only quotes it is none', () => {
        const quotes = fc.constantFrom(['"', '"'], ["'", "'"], ['`', '`'], ['=(', ')']);
        const content = fc.array(fc.oneof(phrases, filler), { minLength: 1, maxLength: 200, size: 'max' });

        fc.assert(
            fc.property(filler, quotes, content, filler, (before, [open, close], parts, after) => {
                const message = `${before} ${open}${parts.join(' ')}${close} ${after}`;

                expect(isRateLimitError(new Error(message))).toBe(false);
            }),
            { numRuns: 500 },
        );
    });

    it('of any length is judged', () => {
        fc.assert(
            fc.property(
                fc.constantFrom('"', "'", '`', '=(', 'rate limit ', 'too many ', 'HTTP '),
                fc.nat(20_000),
                (part, times) => {
                    expect(isRateLimitError(new Error(part.repeat(times)))).toBe(false);
                },
            ),
            { numRuns: 30 },
        );
    });
});

describe('a chain of causes', () => {
    it('is a rate limit when its last link is, and none when that is missing', () => {
        const messages = fc.array(filler, { minLength: 1, maxLength: 8 });

        fc.assert(
            fc.property(messages, fc.constantFrom<unknown>({ status: 429 }, new Error('HTTP 429')), (links, last) => {
                const wrap = (innermost: unknown) =>
                    links.reduce<unknown>((cause, message) => new Error(message, { cause }), innermost);

                expect(isRateLimitError(wrap(last))).toBe(true);
                expect(isRateLimitError(wrap(undefined))).toBe(false);
            }),
        );
    });

    it('may lead back into itself from any link', () => {
        fc.assert(
            fc.property(fc.array(filler, { minLength: 1, maxLength: 20 }), fc.nat(), (links, target) => {
                const chain = links.map(message => new Error(message));
                chain.forEach((error, index) => {
                    error.cause = chain[index + 1] ?? chain[target % chain.length];
                });

                expect(isRateLimitError(chain[0])).toBe(false);
            }),
        );
    });
});
