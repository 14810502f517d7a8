import { HttpError } from 'ra-core';
import { describe, expect, it } from 'vitest';
import { HELD } from '../../src/bulk/bulkDesk';
import { Patience } from '../../src/bulk/patience';
import { createSession } from '../support/bulkSession';
import { createService } from '../support/createService';
import { rejectionOf } from '../support/scriptedCalls';

const MINUTE_MS = 60_000;
const OFFLINE = new TypeError('Failed to fetch');
const EXPIRED = new HttpError('JWT expired', 401);
const TOO_SLOW = new HttpError('Gateway Timeout', 504);

function createPatience(isIdempotent = false) {
    const { service, clock } = createService();
    const { session, controller } = createSession();
    const patience = new Patience(service, session, isIdempotent);
    /** Ends in these ways, one after another, and then well. */
    const attempts = (...errors: unknown[]) => {
        const startedAt: number[] = [];
        const start = clock.now();
        const attempt = async () => {
            startedAt.push(clock.now() - start);
            if (errors.length > 0) throw errors.shift();
            return 'in';
        };
        return { attempt, startedAt };
    };
    return { patience, clock, session, controller, attempts };
}

describe('an answer that did not come', () => {
    it('is the end of what may not be repeated, and remembered with the item', async () => {
        const { patience, session, attempts } = createPatience();
        const item: { lost?: unknown } = {};

        await expect(patience.pass(attempts(OFFLINE).attempt, [item])).rejects.toBe(OFFLINE);

        expect(item.lost).toBe(OFFLINE);
        expect(session.retries).toBe(0);
        expect(patience.waitsFor).toBe('connection');
    });

    it('is waited for where repeating is safe, for five minutes', async () => {
        const { patience, clock, attempts } = createPatience(true);
        const { attempt, startedAt } = attempts(...Array.from({ length: 100 }, () => OFFLINE));

        await expect(clock.resolve(rejectionOf(patience.pass(attempt)))).resolves.toBe(OFFLINE);

        expect(startedAt.at(-2)).toBeLessThanOrEqual(5 * MINUTE_MS);
        expect(startedAt.at(-1)).toBeGreaterThan(5 * MINUTE_MS);
        expect(startedAt.at(-1)).toBeLessThanOrEqual(5 * MINUTE_MS + 10_000);
    });

    it('to a batch that was too slow twice is left to its halves', async () => {
        const { patience, clock, attempts } = createPatience(true);
        const { attempt, startedAt } = attempts(TOO_SLOW, TOO_SLOW);

        await expect(clock.resolve(rejectionOf(patience.pass(attempt, [{}, {}])))).resolves.toBe(TOO_SLOW);

        expect(startedAt).toHaveLength(2);
    });

    it('is not waited for any more when the run is over', async () => {
        const { patience, session, attempts } = createPatience(true);
        session.cancel();

        await expect(patience.pass(attempts(OFFLINE).attempt)).rejects.toBe(OFFLINE);
    });
});

describe('a session that has expired', () => {
    it('is waited for when it has worked', async () => {
        const { patience, clock, session, attempts } = createPatience();
        patience.worked();
        const { attempt, startedAt } = attempts(EXPIRED, EXPIRED);

        const passed = patience.pass(attempt);
        await clock.advance(500);
        expect(patience.waitsFor).toBe('session');
        expect(patience.retryAt).toBe(clock.now() + 500);

        await expect(clock.resolve(passed)).resolves.toBe('in');
        expect(startedAt).toEqual([0, 1000, 3000]);
        expect(session.retries).toBe(2);
        expect(patience.retryAt).toBe(0);
    });

    it('is a wrong key when it never has', async () => {
        const { patience, attempts } = createPatience();

        await expect(patience.pass(attempts(EXPIRED).attempt)).rejects.toBe(EXPIRED);
    });

    it('is given up after five minutes, and waited for anew once it has worked again', async () => {
        const { patience, clock } = createPatience();
        patience.worked();
        void rejectionOf(patience.pass(() => Promise.reject(EXPIRED)));
        await clock.advance(5 * MINUTE_MS);
        expect(patience.isRepeatable(EXPIRED)).toBe(true);

        await clock.advance(1);
        expect(patience.isRepeatable(EXPIRED)).toBe(false);
        patience.worked();

        expect(patience.isRepeatable(EXPIRED)).toBe(true);
    });
});

describe('an item', () => {
    it('that was held back, since the connection broke meanwhile, passes later', async () => {
        const { patience, clock, attempts } = createPatience();
        const { attempt, startedAt } = attempts(HELD);

        await expect(clock.resolve(patience.pass(attempt))).resolves.toBe('in');

        expect(startedAt).toHaveLength(2);
    });

    it('that was not sent is no retry', async () => {
        const { patience, clock, session, attempts } = createPatience(true);
        const { attempt } = attempts(OFFLINE, session.notSent);

        await expect(clock.resolve(rejectionOf(patience.pass(attempt)))).resolves.toBe(session.notSent);

        expect(session.retries).toBe(0);
    });

    it('whose answer was not waited for is ambiguous, whatever the reason of the caller', () => {
        const { patience, controller } = createPatience();
        const reason = new Error('The user left');
        expect(patience.isAmbiguous(reason)).toBe(false);

        controller.abort(reason);

        expect(patience.isAmbiguous(new Error('wrapped', { cause: reason }))).toBe(true);
    });
});
