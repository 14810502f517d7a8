import { HttpError } from 'ra-core';
import { toText } from './safely.js';

/** The codes of the two ways in which a rate-limited call ends. */
export const RateLimitErrorCode = {
    /** The server still refused after the last retry, or the call may not wait any longer. */
    MAX_RETRIES_EXCEEDED: 'RATE_LIMIT_MAX_RETRIES_EXCEEDED',
    /** The circuit is open: the call was not sent, or it is the one that opened the circuit. */
    CIRCUIT_OPEN: 'RATE_LIMIT_CIRCUIT_OPEN',
} as const;

export type RateLimitErrorCode = (typeof RateLimitErrorCode)[keyof typeof RateLimitErrorCode];

/** A text, a translation key of react-admin's `i18nProvider`, or what makes one of the error, for each code. */
export type RateLimitMessages = Record<RateLimitErrorCode, string | ((details: RateLimitErrorDetails) => string)>;

export const defaultMessages: Record<RateLimitErrorCode, string> = {
    RATE_LIMIT_MAX_RETRIES_EXCEEDED: 'The system is temporarily overloaded. Please try again in a few moments.',
    RATE_LIMIT_CIRCUIT_OPEN: 'Too many requests. Please wait 1-2 minutes before trying again.',
};

/** The words of an error. A message that cannot be made must not hide it. */
export function messageFor(details: RateLimitErrorDetails, messages: Partial<RateLimitMessages> = {}): string {
    const message = messages[details.code];
    try {
        return toText(typeof message === 'function' ? message(details) : message) || defaultMessages[details.code];
    } catch {
        return defaultMessages[details.code];
    }
}

/** What is known of an error before it has its words. */
export type RateLimitErrorDetails = Omit<RateLimitErrorBody, 'message' | 'status'>;

/** What a `RateLimitError` tells, as plain data that can be serialised: its `body`. */
export interface RateLimitErrorBody {
    status: 429;
    code: RateLimitErrorCode;
    message: string;
    /** Milliseconds after which it makes sense to try again. */
    retryAfterMs: number;
    /** How often the call was sent. */
    attempts: number;
    resource?: string | undefined;
    operation?: string | undefined;
}

/**
 * What a call rejects with when the rate limit wins: react-admin's `HttpError` with status 429, a code, and a message
 * for the person who uses the admin.
 *
 * @example
 * catch (error) {
 *     if (error instanceof RateLimitError) scheduleForLater(error.retryAfterMs);
 * }
 */
export class RateLimitError extends HttpError {
    declare readonly status: 429;
    declare readonly body: RateLimitErrorBody;
    /** The last 429: the error or result of the data provider. Absent when the call was never sent. */
    declare readonly cause: unknown;
    declare readonly code: RateLimitErrorCode;
    /** Milliseconds after which it makes sense to try again. */
    declare readonly retryAfterMs: number;
    /** How often the call was sent, 0 when it never was. */
    declare readonly attempts: number;
    declare readonly resource: string | undefined;
    declare readonly operation: string | undefined;

    constructor({ cause, ...details }: Omit<RateLimitErrorBody, 'status'> & { cause?: unknown }) {
        super(details.message, 429, { status: 429, ...details });
        // HttpError's constructor resets the prototype to its own.
        Object.setPrototypeOf(this, RateLimitError.prototype);
        Object.assign(this, details, { name: 'RateLimitError' });
        // It also gives it a stack without name and message, and that is what a console prints.
        Error.captureStackTrace?.(this, RateLimitError);
        // Not enumerable, as in native errors: a logger that lists properties must not print a response or a record.
        Object.defineProperty(this, 'cause', { value: cause, configurable: true, writable: true });
    }

    /** The same as `cause`. */
    get originalError(): unknown {
        return this.cause;
    }
}
