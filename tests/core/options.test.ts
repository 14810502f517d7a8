import { HttpError } from 'ra-core';
import { isRateLimitError, type RateLimitOptions } from 'ra-rate-limit';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../src/core/clock';
import { isRateLimitResult } from '../../src/core/detection';
import { consoleLogger } from '../../src/core/logger';
import { resolveOptions } from '../../src/core/options';
import { VirtualClock } from '../support/virtualClock';

/** What somebody writes who has no type checker. */
const resolveUnchecked = (options: Record<string, unknown>) => resolveOptions(options as RateLimitOptions);

const DEFAULTS = {
    maxRetries: 3,
    initialDelayMs: 100,
    maxDelayMs: 10_000,
    jitterFactor: 0.2,
    respectRetryAfter: true,
    maxElapsedMs: 30_000,
    circuitBreakerThreshold: 5,
    circuitResetMs: 60_000,
};

describe('an option that is left out', () => {
    it('has its documented default', () => {
        expect(resolveOptions()).toMatchObject(DEFAULTS);
        expect(resolveOptions().logger).toBe(consoleLogger);
        expect(resolveOptions().clock).toBe(systemClock);
        expect(resolveOptions().isRefusal).toBe(isRateLimitError);
        expect(resolveOptions().isRefusedResult).toBe(isRateLimitResult);
    });

    it.each([...Object.keys(DEFAULTS), 'logger', 'clock', 'isRateLimitError'])('is one that is undefined: %s', name => {
        expect(resolveUnchecked({ [name]: undefined })).toEqual(resolveOptions());
    });
});

describe('an option in its range is taken as it is', () => {
    it.each<RateLimitOptions>([
        { maxRetries: 0 },
        { maxRetries: 100 },
        { initialDelayMs: 0 },
        { initialDelayMs: 0.5 },
        { maxDelayMs: 0 },
        { maxDelayMs: Number.MAX_VALUE },
        { jitterFactor: 0 },
        { jitterFactor: 1 },
        { respectRetryAfter: false },
        { maxElapsedMs: 0 },
        { maxElapsedMs: Number.POSITIVE_INFINITY },
        { circuitBreakerThreshold: 1 },
        { circuitResetMs: 0 },
        { logger: false },
        { logger: { debug() {}, info() {}, warn() {}, error() {} } },
        { logger: Object.assign(() => {}, { debug() {}, info() {}, warn() {}, error() {} }) },
        { clock: new VirtualClock() },
    ])('%o', options => {
        expect(resolveOptions(options)).toEqual({ ...resolveOptions(), ...options });
    });
});

describe('a wrong option is refused', () => {
    it.each([
        ['maxRetries', -1, '0 or more', '-1'],
        ['maxRetries', 1.5, 'an integer', '1.5'],
        ['maxRetries', Number.NaN, '0 or more', 'NaN'],
        ['maxRetries', Number.POSITIVE_INFINITY, 'finite', 'Infinity'],
        ['initialDelayMs', -0.1, '0 or more', '-0.1'],
        ['initialDelayMs', Number.NaN, '0 or more', 'NaN'],
        ['initialDelayMs', Number.POSITIVE_INFINITY, 'finite', 'Infinity'],
        ['maxDelayMs', -1, '0 or more', '-1'],
        ['maxDelayMs', Number.NaN, '0 or more', 'NaN'],
        ['maxDelayMs', Number.POSITIVE_INFINITY, 'finite', 'Infinity'],
        ['jitterFactor', -0.01, '0 or more', '-0.01'],
        ['jitterFactor', 1.01, '1 or less', '1.01'],
        ['jitterFactor', Number.NaN, '0 or more', 'NaN'],
        ['maxElapsedMs', -1, '0 or more', '-1'],
        ['maxElapsedMs', Number.NaN, '0 or more', 'NaN'],
        ['circuitBreakerThreshold', 0, '1 or more', '0'],
        ['circuitBreakerThreshold', 2.5, 'an integer', '2.5'],
        ['circuitBreakerThreshold', Number.POSITIVE_INFINITY, 'finite', 'Infinity'],
        ['circuitResetMs', -1, '0 or more', '-1'],
        ['circuitResetMs', Number.POSITIVE_INFINITY, 'finite', 'Infinity'],
    ])('with a RangeError: %s: %d', (name, value, must, got) => {
        const resolving = () => resolveUnchecked({ [name]: value });

        expect(resolving).toThrow(new RangeError(`ra-rate-limit: ${name} must be ${must}, got ${got}`));
        expect(resolving).toThrow(RangeError);
    });

    it.each([
        ['maxRetries', '3', 'a number', '"3"'],
        ['initialDelayMs', true, 'a number', 'true'],
        ['maxDelayMs', {}, 'a number', '[object Object]'],
        ['jitterFactor', [0.2], 'a number', '0.2'],
        ['respectRetryAfter', 1, 'a boolean', '1'],
        ['respectRetryAfter', 'yes', 'a boolean', '"yes"'],
        ['maxElapsedMs', '1s', 'a number', '"1s"'],
        ['circuitBreakerThreshold', 5n, 'a number', '5'],
        ['circuitResetMs', false, 'a number', 'false'],
        ['isRateLimitError', true, 'a function', 'true'],
        ['isRateLimitError', 429, 'a function', '429'],
        ['logger', true, 'an object with a function debug', 'true'],
        ['logger', 'console', 'an object with a function debug', '"console"'],
        ['logger', { debug() {}, info() {}, warn() {} }, 'an object with a function error', '[object Object]'],
        ['logger', { debug() {}, warn() {}, error() {} }, 'an object with a function info', '[object Object]'],
        ['clock', false, 'an object with a function now', 'false'],
        ['clock', Object.create(null), 'an object with a function now', 'object'],
        ['clock', Date, 'an object with a function setTimeout', 'a function'],
    ])('with a TypeError: %s: %o', (name, value, must, got) => {
        const resolving = () => resolveUnchecked({ [name]: value });

        expect(resolving).toThrow(`ra-rate-limit: ${name} must be ${must}, got ${got}`);
        expect(resolving).toThrow(TypeError);
    });

    it.each(['maxRetry', 'toString', '__proto__'])('when there is no such option: %s', name => {
        const resolving = () => resolveUnchecked(Object.fromEntries([[name, 3]]));

        expect(resolving).toThrow(new TypeError(`ra-rate-limit: ${name} must be a known option, got 3`));
        expect(resolving).toThrow(TypeError);
    });
});

describe('a predicate of one’s own', () => {
    const { isRefusal, isRefusedResult } = resolveOptions({ isRateLimitError: error => error.status === 503 });

    it('decides about errors and about results', () => {
        expect(isRefusal(new HttpError('Service Unavailable', 503))).toBe(true);
        expect(isRefusal(new HttpError('Too Many Requests', 429))).toBe(false);
        expect(isRefusedResult({ status: 503 })).toBe(true);
        expect(isRefusedResult({ status: 200 })).toBe(false);
    });

    it('says no when it throws, as one that reads a property of nothing does', () => {
        expect(isRefusedResult(undefined)).toBe(false);
        expect(isRefusal(null)).toBe(false);
    });
});
