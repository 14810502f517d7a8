import { HttpError } from 'ra-core';
import { vi } from 'vitest';
import type { VirtualClock } from './virtualClock';

/** The 429 of a server that names no time. */
export const refusal = (): HttpError => new HttpError('Too Many Requests', 429);

/** The 429 of a server that says when to come back, in the body, where a data provider can see it. */
export const refusalFor = (seconds: number): HttpError =>
    new HttpError('Too Many Requests', 429, { retry_after: seconds });

/**
 * A call that answers as its script says, one entry an attempt and the last one for ever: an error rejects, anything
 * else resolves. Remembers when each attempt was sent, in milliseconds since it was made.
 */
export function scriptedCall(clock: VirtualClock, ...script: unknown[]) {
    const start = clock.now();
    const sentAt: number[] = [];
    const call = vi.fn(async (): Promise<unknown> => {
        const answer = script[Math.min(sentAt.length, script.length - 1)];
        sentAt.push(clock.now() - start);
        if (answer instanceof Error) throw answer;
        return answer;
    });
    return Object.assign(call, { sentAt });
}

/** A call that answers when it is told to. */
export function heldCall<T = unknown>() {
    let resolve!: (value: T) => void;
    let reject!: (reason: unknown) => void;
    const promise = new Promise<T>((onResolve, onReject) => {
        resolve = onResolve;
        reject = onReject;
    });
    return Object.assign(
        vi.fn(() => promise),
        { resolve, reject },
    );
}

/** What a promise rejects with. */
export const rejectionOf = (promise: Promise<unknown>): Promise<unknown> =>
    promise.then(
        value => {
            throw new Error(`Expected a rejection, but it resolved with ${String(value)}`);
        },
        (error: unknown) => error,
    );
