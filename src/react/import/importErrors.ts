import { read, toText } from '../../core/safely.js';

/** An error as plain data, which IndexedDB takes. */
export interface StoredError {
    name: string;
    message: string;
    /** Such as the status and body of an `HttpError`. */
    properties: Record<string, unknown>;
}

export function storeError(error: unknown): StoredError {
    const isObject = typeof error === 'object' && error !== null;
    return {
        name: toText(read(error, 'name')) || 'Error',
        message: isObject ? toText(read(error, 'message')) : String(error),
        properties: isObject ? plainPropertiesOf(error) : {},
    };
}

/** An error that looks like the one that was stored. Of its class, only the name is left. */
export function reviveError({ name, message, properties }: StoredError): Error {
    const error = Object.assign(new Error(message), properties);
    return Object.defineProperty(error, 'name', { value: name, configurable: true, writable: true });
}

/**
 * What tells why a row did not get in: of react-admin, PostgREST, zod and our own. Not all that an error has, since some
 * clients put the request into it, and with it the token of the session.
 */
const TOLD = [
    'message',
    'status',
    'statusCode',
    'code',
    'body',
    'details',
    'hint',
    'fields',
    'args',
    'values',
    'issues',
    'errors',
];

function plainPropertiesOf(error: object): Record<string, unknown> {
    const plain: Record<string, unknown> = {};
    for (const name of TOLD.filter(name => Object.hasOwn(error, name))) {
        try {
            const text = JSON.stringify(read(error, name));
            if (text !== undefined) plain[name] = JSON.parse(text);
        } catch {
            // Cyclic, or not for JSON.
        }
    }
    return plain;
}
