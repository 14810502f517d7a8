import { HttpError } from 'ra-core';
import { RateLimitError, RateLimitErrorCode } from 'ra-rate-limit';
import { describe, expect, it } from 'vitest';
import { defaultMessages } from '../../src/core/errors';

const refused = new HttpError('Too Many Requests', 429, { token: 'secret-token' });
const details = {
    code: RateLimitErrorCode.CIRCUIT_OPEN,
    message: 'Please wait.',
    retryAfterMs: 60_000,
    attempts: 4,
    resource: 'contacts',
    operation: 'create',
};
const error = new RateLimitError({ ...details, cause: refused });

describe('RateLimitError', () => {
    it('is an HttpError, a RateLimitError and an Error', () => {
        expect(error).toBeInstanceOf(HttpError);
        expect(error).toBeInstanceOf(RateLimitError);
        expect(error).toBeInstanceOf(Error);
        expect(error.name).toBe('RateLimitError');
    });

    it('is not what any other HttpError is', () => {
        expect(refused).not.toBeInstanceOf(RateLimitError);
    });

    it('prints its name and its words, and where it was made', () => {
        expect(error.stack).toMatch(/^RateLimitError: Please wait\.\n +at .*errors\.test\.ts/);
    });

    it('has status 429 and tells all that is known', () => {
        expect(error).toMatchObject({ status: 429, ...details });
        expect(error.message).toBe('Please wait.');
    });

    it('has the same as plain data in its body', () => {
        expect(error.body).toEqual({ status: 429, ...details });
        expect(JSON.parse(JSON.stringify(error.body))).toEqual(error.body);
    });

    it('keeps the refusal as cause and as originalError', () => {
        expect(error.cause).toBe(refused);
        expect(error.originalError).toBe(refused);
    });

    it('shows no cause when it is serialised or its properties are listed', () => {
        expect(JSON.stringify(error)).not.toContain('secret-token');
        expect(JSON.stringify({ ...error })).not.toContain('secret-token');
        expect(Object.keys(error)).not.toContain('cause');
    });

    it('lets its cause be replaced, as that of any error', () => {
        const replaced = new RateLimitError({ ...details, cause: refused });

        Object.assign(replaced, { cause: 'scrubbed' });
        expect(replaced.originalError).toBe('scrubbed');

        expect(Reflect.deleteProperty(replaced, 'cause')).toBe(true);
    });

    it('does without names and cause', () => {
        const { resource, operation, ...rest } = details;
        const bare = new RateLimitError(rest);

        expect(bare.body).toEqual({ status: 429, ...rest });
        expect(bare.resource).toBeUndefined();
        expect(bare.operation).toBeUndefined();
        expect(bare.cause).toBeUndefined();
    });
});

describe('the codes', () => {
    it('are two, and stable', () => {
        expect(RateLimitErrorCode).toEqual({
            MAX_RETRIES_EXCEEDED: 'RATE_LIMIT_MAX_RETRIES_EXCEEDED',
            CIRCUIT_OPEN: 'RATE_LIMIT_CIRCUIT_OPEN',
        });
    });

    it('each have a message for the people who use the admin', () => {
        expect(defaultMessages).toEqual({
            RATE_LIMIT_MAX_RETRIES_EXCEEDED: 'The system is temporarily overloaded. Please try again in a few moments.',
            RATE_LIMIT_CIRCUIT_OPEN: 'Too many requests. Please wait 1-2 minutes before trying again.',
        });
    });
});
