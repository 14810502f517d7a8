import { HttpError } from 'ra-core';
import { read, toText } from '../core/safely.js';

/** A failure that a worker resolved with. */
export class FailedResult extends Error {
    /**
     * @param cause the error for the report
     * @param status that of the answer, where the error does not have it
     */
    constructor(
        cause: unknown,
        readonly status: unknown,
    ) {
        super('The worker resolved with an error', { cause });
    }
}

/**
 * What a worker resolved with.
 *
 * @throws {FailedResult} when that is a failure
 */
export function unwrap<Value>(value: Value): Value {
    const failure = failureIn(value);
    if (failure) throw failure;
    return value;
}

/** Whether supabase-js resolved with this because the server has refused the write. */
export const isRefusedWrite = (value: unknown): boolean => Boolean(read(value, 'error')) && !read(value, 'data');

/** The failure that a worker resolved with: a result of supabase-js with an error, or a `Response` that is not ok. */
export function failureIn(value: unknown): FailedResult | undefined {
    const error = read(value, 'error');
    const status = read(value, 'status');
    // By its looks: node-fetch and others have a class of their own.
    if (typeof status === 'number' && read(value, 'ok') === false && read(read(value, 'headers'), 'get')) {
        return new FailedResult(new HttpError(toText(read(value, 'statusText')) || `HTTP ${status}`, status), status);
    }
    // Those of storage, functions and auth have no status. A record may have a column of that name.
    const isFailure =
        typeof status === 'number'
            ? status === 0 || status >= 400
            : read(value, 'data') === null || error instanceof Error;
    if (!error || !isFailure) return undefined;
    if (status !== undefined && typeof error === 'object' && !('status' in error)) Reflect.set(error, 'status', status);
    return new FailedResult(error, status);
}
