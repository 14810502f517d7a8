import type { BulkSession } from '../core/call.js';
import { causesOf } from '../core/safely.js';
import type { RateLimitService } from '../core/service.js';
import { isAmbiguous, isSignedOut, isTooSlow } from './ambiguity.js';
import { HELD } from './bulkDesk.js';
import { Outage } from './outage.js';

/** An item that may be repeated is, for this long without an answer; and a session that has expired is waited for. */
const PATIENCE_MS = 5 * 60_000;

/** Something that may have been sent. */
export interface Sendable {
    /** The error, when it was sent and no answer told what became of it. */
    lost?: unknown;
}

/** What a run waits for beside the rate limit: a connection to the server, and a session that has expired. */
export class Patience {
    readonly #service: RateLimitService;
    readonly #session: BulkSession;
    readonly #isIdempotent: boolean | undefined;
    readonly #outage: Outage;
    #hasWorked = false;
    #signedOutAt: number | undefined;

    /** @param isIdempotent whether what had no answer may be sent again */
    constructor(service: RateLimitService, session: BulkSession, isIdempotent: boolean | undefined) {
        this.#service = service;
        this.#session = session;
        this.#isIdempotent = isIdempotent;
        this.#outage = new Outage(service.dispatcher.options.clock);
    }

    /** The end of the wait, 0 when there is none. */
    get retryAt(): number {
        return this.#outage.retryAt ?? 0;
    }

    get waitsFor(): 'connection' | 'session' {
        return this.#signedOutAt === undefined ? 'connection' : 'session';
    }

    /** An item is in: the session works. */
    worked(): void {
        this.#hasWorked = true;
        this.#signedOutAt = undefined;
    }

    /** While the connection is down items wait; one whose answer did not come is tried again if that is safe. */
    async pass<T>(attempt: (isHeld: () => boolean) => Promise<T>, items: Sendable[] = []): Promise<T> {
        let until = Number.POSITIVE_INFINITY;
        for (;;) {
            try {
                return await this.#outage.pass(attempt, error => this.#isLost(error), this.#session.signal);
            } catch (error) {
                // The connection broke while it waited for its turn.
                if (error === HELD) continue;
                if (this.isNotSent(error)) {
                    // The last repeat was counted, and never left.
                    if (until < Number.POSITIVE_INFINITY) this.#session.retries--;
                    throw error;
                }
                // Twice is no accident: halves may be quick enough.
                const isLarge = items.length > 1 && items[0]?.lost !== undefined && isTooSlow(error);
                if (this.isAmbiguous(error)) for (const item of items) item.lost = error;
                const now = this.#service.now();
                if (this.awaitsSession(error)) this.#signedOutAt ??= now;
                if (!this.isRepeatable(error) || isLarge || now > until || this.#session.signal.aborted) throw error;
                // Counted from here: a pause before is no time without an answer.
                until = Math.min(until, now + PATIENCE_MS);
                this.#session.retries++;
            }
        }
    }

    /** Whether there was no answer, or none that a renewed session would not change. */
    #isLost(error: unknown): boolean {
        return isAmbiguous(error) || this.awaitsSession(error);
    }

    /** Whether it ended a worker between two calls, which is not to be called again as a whole. */
    isCutShort(error: unknown): boolean {
        return this.isNotSent(error) || (!this.#isIdempotent && isSignedOut(error));
    }

    /** Whether the item is not to blame, and may be sent again without harm. */
    isRepeatable(error: unknown): boolean {
        return (this.#isIdempotent && isAmbiguous(error)) || this.awaitsSession(error);
    }

    /** A session that worked before may be renewed; one that never did is a wrong key. */
    awaitsSession(error: unknown): boolean {
        if (!this.#hasWorked || !isSignedOut(error)) return false;
        const now = this.#service.now();
        return now - (this.#signedOutAt ?? now) <= PATIENCE_MS;
    }

    /** Whether an answer was not waited for, also since the run was cancelled with a reason of the caller's own. */
    isAmbiguous(error: unknown): boolean {
        const { aborted, reason } = this.#session.signal;
        return isAmbiguous(error) || (aborted && causesOf(error).includes(reason));
    }

    /** Whether the wait for a turn was ended: the run was cancelled, or its service disposed, which cancels it as well. */
    isNotSent(error: unknown): boolean {
        return error === this.#session.notSent;
    }
}
