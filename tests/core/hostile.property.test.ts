import { describe, expect, it } from 'vitest';
import { isAmbiguous, isSignedOut } from '../../src/bulk/ambiguity';
import { isRateLimitError, isRateLimitResult } from '../../src/core/detection';
import { parseHttpDate } from '../../src/core/httpDate';
import { type Quota, quotaFromHeaders, waitTimeFromHeaders, waitTimeOf } from '../../src/core/waitTime';
import { createFuzz, type Fuzz } from '../fixtures/hostileFuzz';

const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * Of headers, each has one to four values: a million in all. For a hundred times as much:
 * `FUZZ=100 vitest run --project unit tests/core/hostile`.
 */
const TIMES = Number(process.env.FUZZ ?? 1);
const SEED = Number(process.env.FUZZ_SEED ?? 20_260_715);

const isWait = (ms: unknown) => ms === undefined || (typeof ms === 'number' && ms > 0 && ms <= DAY_MS);

const isQuota = (quota: Quota | undefined) =>
    quota === undefined || (quota.remaining >= 0 && quota.resetMs > 0 && quota.resetMs <= DAY_MS);

/** Each round has a generator of its own, so that what fails can be made again by itself. */
const ROUND = 10_000;

/** Runs `check` on so many inputs and says where the first one is that it does not bear. */
function fuzz(count: number, check: (make: Fuzz) => boolean): string {
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0; // most of the time would go into stacks that nobody reads
    try {
        return firstFailure(count, check);
    } finally {
        Error.stackTraceLimit = stackTraceLimit;
    }
}

function firstFailure(count: number, check: (make: Fuzz) => boolean): string {
    for (let round = 0; round < (count * TIMES) / ROUND; round++) {
        const make = createFuzz(SEED + round);
        for (let run = 0; run < ROUND; run++) {
            try {
                if (!check(make)) return `Out of bounds: round ${round}, run ${run}`;
            } catch (error) {
                return `Threw in round ${round}, run ${run}: ${(error as Error)?.stack}`;
            }
        }
    }
    return 'fine';
}

describe('a million hostile inputs', () => {
    it('as headers: a wait and a quota within 24 h, or none', { timeout: 60_000 * TIMES }, () => {
        const outcome = fuzz(400_000, make => {
            const headers = make.headers() as Headers;
            const now = make.clock();
            return isWait(waitTimeFromHeaders(headers, now)) && isQuota(quotaFromHeaders(headers, now));
        });

        expect(outcome).toBe('fine');
    });

    it('as the date of a header: a moment, or none', { timeout: 60_000 * TIMES }, () => {
        const outcome = fuzz(200_000, make => {
            const moment = parseHttpDate(make.text());
            return Number.isNaN(moment) || Math.abs(moment) <= 8.64e15;
        });

        expect(outcome).toBe('fine');
    });

    it('as errors, results and bodies: yes or no, and a wait within 24 h, or none', { timeout: 60_000 * TIMES }, () => {
        const outcome = fuzz(30_000, make => {
            const value = make.value();
            const verdicts = [isRateLimitError, isRateLimitResult, isAmbiguous, isSignedOut].map(judge => judge(value));
            return verdicts.every(verdict => typeof verdict === 'boolean') && isWait(waitTimeOf(value, make.clock()));
        });

        expect(outcome).toBe('fine');
    });

    it('are not all the same to it: each kind of answer comes up', () => {
        const counts = { wait: 0, quota: 0, date: 0, refusal: 0, result: 0, ambiguous: 0, bodyWait: 0 };
        fuzz(ROUND / TIMES, make => {
            const headers = make.headers() as Headers;
            const value = make.value();
            counts.wait += Number(waitTimeFromHeaders(headers, make.clock()) !== undefined);
            counts.quota += Number(quotaFromHeaders(headers, make.clock()) !== undefined);
            counts.date += Number(parseHttpDate(make.text()) > 0);
            counts.refusal += Number(isRateLimitError(value));
            counts.result += Number(isRateLimitResult(value));
            counts.ambiguous += Number(isAmbiguous(value));
            counts.bodyWait += Number(waitTimeOf(value, make.clock()) !== undefined);
            return true;
        });

        expect(Object.entries(counts).filter(([, count]) => count < 10)).toEqual([]);
    });

    it('leave the prototypes of the page as they are', () => {
        const before = [Object.prototype, Array.prototype, Error.prototype].map(Reflect.ownKeys);

        fuzz(ROUND / TIMES, make => isRateLimitError(make.value()) || isWait(waitTimeOf(make.value(), make.clock())));

        expect([Object.prototype, Array.prototype, Error.prototype].map(Reflect.ownKeys)).toEqual(before);
        expect(Object({}).status).toBeUndefined();
    });
});

const headersOf = (name: string, value: string) =>
    ({ get: (asked: string) => (asked === name ? value : null) }) as unknown as Headers;
const asHeader = (name: string) => (value: string) => {
    waitTimeFromHeaders(headersOf(name, value), 0);
    quotaFromHeaders(headersOf(name, value), 0);
};
const asMessage = (message: string) => isRateLimitError({ message });
const asCode = (code: string) => isRateLimitError({ code, status: code, name: code });
const asLostAnswer = (message: string) => isAmbiguous({ message });
const asBody = (body: string) => waitTimeOf({ body }, 0);

/**
 * For each regular expression, the inputs on which one that backtracks would take the square of their length or more:
 * what repeats, what comes before and what comes last, so that the match fails at its end.
 */
const ADVERSARIES: [name: string, read: (text: string) => unknown, before: string, repeated: string, last: string][] = [
    ['a number of blanks', asHeader('retry-after'), '', ' ', 'x'],
    ['a number of digits', asHeader('retry-after'), '', '1', 'x'],
    ['a fraction', asHeader('retry-after'), '1.', '1', 'x'],
    ['blanks after a number', asHeader('retry-after'), '1', ' ', 'x'],
    ['a date of letters', asHeader('retry-after'), '', 'Wed', '!'],
    ['a date of digits', asHeader('date'), 'Wed, 15 Jul ', '20', '!'],
    ['a quote that is not closed', asHeader('ratelimit'), '"', 'a', ''],
    ['escaped quotes in one that is not closed', asHeader('ratelimit'), '"', '\\"', ''],
    ['escaped quotes before a lone backslash', asHeader('ratelimit'), '"', '\\"', '\\'],
    ['backslashes', asHeader('ratelimit'), '"', '\\', ''],
    ['quotes', asHeader('ratelimit'), '', '"', 'x'],
    ['policies', asHeader('ratelimit'), '', '"a";r=0;t=1,', 'x'],
    ['numbers of a policy', asHeader('ratelimit'), 'r=', '0.', 'x'],
    ['names of a policy', asHeader('ratelimit'), '', 'remaining', 'x'],
    ['names of a policy that has no value', asHeader('ratelimit'), '', 'remaining=', 'x'],
    ['an epoch', asHeader('x-ratelimit-reset'), '', '9', ' x'],
    ['double quotes in a message', asMessage, '', '"', 'x'],
    ['single quotes in a message', asMessage, '', "'", 'x'],
    ['single quotes before words', asMessage, '', " 'a", 'x'],
    ['quotes that words follow', asMessage, " '", "b'a", 'x'],
    ['backquotes', asMessage, '', '`', 'x'],
    ['brackets that are not closed', asMessage, '', '=(', ''],
    ['separators after HTTP', asMessage, 'HTTP', ' ', 'x'],
    ['HTTP errors', asMessage, '', 'HTTP error ', 'x'],
    ['nearly too many requests', asMessage, '', 'too many ', 'x'],
    ['nearly a status code', asMessage, '', 'status code: ', 'x'],
    ['a long code', asCode, 'over_', 'request_', 'x'],
    ['a long status', asCode, '4', '29', 'x'],
    ['brackets after a network error', asLostAnswer, 'Failed to fetch (', ')', 'x'],
    ['names before a network error', asLostAnswer, '', 'TypeError: ', 'Load failed'],
    ['a body of brackets', asBody, '', '[', 'x'],
    ['a body of blanks', asBody, '', ' ', 'x'],
];

describe('a long text', () => {
    const SHORTEST = 2 ** 10;
    const LONGEST = 2 ** 18;
    /** What can be told from the noise of a machine that has other things to do. */
    const MEASURABLE_MS = 1;

    const timeOf = (read: () => unknown) => {
        const start = performance.now();
        read();
        return performance.now() - start;
    };

    /** How much longer four times the length takes: 4 where time is linear, 16 where it is its square. */
    function growth(read: (text: string) => unknown, before: string, repeated: string, last: string): number {
        const textOf = (length: number) => before + repeated.repeat(length / repeated.length) + last;
        let length = SHORTEST;
        while (length * 4 < LONGEST && timeOf(() => read(textOf(length))) < MEASURABLE_MS) length *= 2;
        const [short, long] = [textOf(length), textOf(length * 4)];
        const times = Array.from({ length: 5 }, () => [timeOf(() => read(short)), timeOf(() => read(long))]);
        const best = (index: number) => Math.min(...times.map(pair => pair[index] as number));
        return Math.max(best(1), 0.2) / Math.max(best(0), 0.05);
    }

    /** The least of several measurements: noise makes one of them longer or shorter, and hardly all of them. */
    function isLinear(read: (text: string) => unknown, before: string, repeated: string, last: string): boolean {
        for (let tries = 0; tries < 8; tries++) {
            if (growth(read, before, repeated, last) < 8) return true;
        }
        return false;
    }

    it.each(ADVERSARIES)('of %s takes time as its length does', (_, read, before, repeated, last) => {
        expect(isLinear(read, before, repeated, last)).toBe(true);
    });

    it('that takes the square of its length would be found', () => {
        const quadratic = (text: string) => /(?:a|b)*c/.test(text);

        let found = 0;
        for (let tries = 0; tries < 8 && found === 0; tries++) found += Number(growth(quadratic, '', 'a', '') > 8);
        expect(found).toBe(1);
    });
});
