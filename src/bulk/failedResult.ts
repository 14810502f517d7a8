import { HttpError } from 'ra-core';
import { read } from '../core/safely.js';

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
 * @throws {FailedResult} when that is a failure: a result of supabase-js with an error, or a `Response` that is not ok
 */
export function unwrap<Value>(value: Value): Value {
    if (value instanceof Response && !value.ok) {
        throw new FailedResult(new HttpError(value.statusText || `HTTP ${value.status}`, value.status), value.status);
    }
    const error = read(value, 'error');
    const status = read(value, 'status');
    // Those of storage, functions and auth have no status. A record may have a column of that name.
    const isFailure =
        typeof status === 'number'
            ? status === 0 || status >= 400
            : read(value, 'data') === null || error instanceof Error;
    if (!error || !isFailure) return value;
    if (status !== undefined && typeof error === 'object' && !('status' in error)) Reflect.set(error, 'status', status);
    throw new FailedResult(error, status ?? read(error, 'status'));
}
