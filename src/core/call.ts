import type { CallPriority } from './callQueue.js';
import type { RateLimitMessages } from './errors.js';

/** What the service is told about a call. Names only: they appear in errors, events and log lines. */
export interface CallContext {
    /** The resource or table that the call is about. */
    resourceName?: string | undefined;
    /** What the call does, such as the method of the data provider. */
    operation?: string | undefined;
    /** Ends any wait at once, with its reason. */
    signal?: AbortSignal | undefined;
    /**
     * Interactive calls leave before bulk ones.
     * @default 'interactive'
     */
    priority?: CallPriority | undefined;
    /** Texts or translation keys of the error, each with the English text as its default. */
    messages?: Partial<RateLimitMessages> | undefined;
}

/** The names of a call, as events, errors and log lines have them. */
export interface CallNames {
    resource?: string | undefined;
    operation?: string | undefined;
}

/** A call under way. */
export interface Call {
    readonly context: CallContext;
    readonly names: CallNames;
    attempts: number;
    /** The place of its last attempt among all that the service sent. */
    sequence: number;
    waitedMs: number;
    /** The earliest moment of the next attempt. */
    notBefore: number;
    /** The last refusal. */
    cause: unknown;
}

export const createCall = (context: CallContext): Call => ({
    context,
    names: { resource: context.resourceName, operation: context.operation },
    attempts: 0,
    sequence: 0,
    waitedMs: 0,
    notBefore: 0,
    cause: undefined,
});
