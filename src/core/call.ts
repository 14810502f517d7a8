import type { Probe } from './circuitBreaker.js';
import type { RateLimitMessages } from './errors.js';

/** Interactive calls go before bulk ones. */
export type CallPriority = 'interactive' | 'bulk';

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
    /**
     * The bulk work that the call is part of. Such a call is patient: the rate limit makes it wait, however long, and its
     * refusals are no failures.
     * @internal
     */
    bulk?: BulkSession | undefined;
    /**
     * The turn with which the first attempt leaves, when that was given to the work that it is part of.
     * @internal
     */
    turn?: Turn | undefined;
    /**
     * The turn of the work that it is part of, with which another call may have left.
     * @internal
     */
    partOf?: Turn | undefined;
    /** What the error says, for each code, with the English text as its default. */
    messages?: Partial<RateLimitMessages> | undefined;
}

/** Leave to send something, which was waited for. */
export interface Turn {
    readonly probe: Probe;
    /** Told what a call that is part of the same work has resolved with. */
    readonly onValue?: ((value: unknown) => void) | undefined;
    /** A call that is part of the work left with it when that had begun already, and is counted instead of the work. */
    isTaken?: boolean;
    /** Told when the call that left with it has been refused and waits, and when it leaves again. */
    onWay?: ((isOut: boolean) => void) | undefined;
}

/** A run of bulk work, as its calls and the service see it. */
export interface BulkSession {
    /**
     * Aborted when the run is cancelled, or the service disposed: none of its calls leaves any more. Calls that carry it are
     * part of the run.
     */
    readonly signal: AbortSignal;
    /** What a call rejects with that the end of the run finds waiting: it was not sent, or refused. */
    readonly notSent: Error;
    /** While true, none of its calls leaves. */
    isPaused: boolean;
    cancel(): void;
    rateLimited: number;
    retries: number;
}

/** The names of a call, as events, errors and log lines have them. */
export interface CallNames {
    resource?: string | undefined;
    operation?: string | undefined;
}

/** The end of a call, as events tell it. */
export interface CallEnd extends CallNames {
    /** How often it was sent. */
    attempts: number;
    /** Milliseconds that it spent waiting: for its turn, for the server's pause and before its retries. */
    waitedMs: number;
}

/** A call under way. */
export interface Call {
    readonly context: CallContext;
    readonly names: CallNames;
    attempts: number;
    /** The place of its last attempt among all that the service sent. */
    sequence: number;
    sentAt: number;
    /** What its waits have taken, apart from the one that it is in. */
    waitedMs: number;
    /** When that one began. */
    waitingSince: number | undefined;
    /** The earliest moment of the next attempt. */
    notBefore: number;
    /** The last refusal. */
    cause: unknown;
    /** The rate limit has ended it. */
    hasFailed: boolean;
}

export const createCall = (context: CallContext): Call => ({
    context,
    names: { resource: context.resourceName, operation: context.operation },
    attempts: 0,
    sequence: 0,
    sentAt: 0,
    waitedMs: 0,
    waitingSince: undefined,
    notBefore: 0,
    cause: undefined,
    hasFailed: false,
});

/** @param now told when the end may come while the call waits */
export const endOf = ({ names, attempts, waitedMs, waitingSince }: Call, now = waitingSince ?? 0): CallEnd => ({
    ...names,
    attempts,
    waitedMs: waitedMs + now - (waitingSince ?? now),
});
