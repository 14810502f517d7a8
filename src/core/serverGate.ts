import type { Call } from './call.js';
import type { CircuitBreaker, Probe } from './circuitBreaker.js';
import { Pacer, type Sent } from './pacer.js';
import type { Quota } from './waitTime.js';

/** For so long a call yields to those that came after it, for each time that it was refused. */
const YIELD_MS = 1000;

/**
 * What is known of the server, and when a call may leave: the circuit, the pause that was asked for and the pace together.
 * It has no timers and is told the time.
 */
export class ServerGate {
    /** While false, the server is healthy: calls go straight to it. */
    isTroubled = false;
    /** Attempts sent so far: tells whether a refused one left before or after another. */
    sent = 0;
    /** How many of them had been sent when the server last answered with anything but a refusal. */
    #sentAtLastAnswer = 0;
    /** Interactive calls between their start and their end, waiting or sent. */
    #interactive = 0;
    #hasBulk = false;
    #pausedUntil = 0;
    readonly #breaker: CircuitBreaker;
    readonly #pacer: Pacer;

    constructor(breaker: CircuitBreaker, random: () => number) {
        this.#breaker = breaker;
        this.#pacer = new Pacer(random);
    }

    /** The end of the last pause that the server asked for; 0 if it has asked for none, or all is well again. */
    get pausedUntil(): number {
        return this.#pausedUntil;
    }

    /** Until when bulk work waits for more of the quota that the server has told. */
    get spentUntil(): number {
        return this.#pacer.spentUntil;
    }

    /** The moment from which bulk work may leave. */
    get bulkOpensAt(): number {
        return Math.max(this.#breaker.passesAt, this.#pausedUntil, this.#pacer.bulkOpensAt);
    }

    /** The moment from which this call may leave, if it is the next; `Infinity` when only an event can tell. */
    opensAt(call: Call): number {
        return Math.max(this.#breaker.passesAt, this.#pausedUntil, this.#paceOpensAt(call));
    }

    #paceOpensAt({ attempts, notBefore, context: { priority, bulk, turn, partOf } }: Call): number {
        // What an item under way calls goes on.
        if (bulk?.isPaused && !turn && !partOf) return Number.POSITIVE_INFINITY;
        const { opensAt, bulkOpensAt } = this.#pacer;
        if (priority === 'bulk') return bulkOpensAt;
        if (this.#interactive > 1) return opensAt;
        // A lone person has nobody to stampede with, and goes before bulk work: the call's own wait is enough. When it was
        // refused beside that, as by a server that takes no two at once, it leaves in place of the next item.
        return this.#hasBulk && attempts > 0 ? Math.min(opensAt, notBefore + YIELD_MS) : 0;
    }

    /**
     * Where a call stands among those that wait: the lowest goes first. Who came first does, but yields to others with each
     * refusal: they have more retries left, should the server not be ready yet. Bulk work has time, and goes last.
     */
    rankOf({ attempts, waitedMs, context: { priority } }: Call, now: number): number {
        return priority === 'bulk' ? Number.POSITIVE_INFINITY : now - waitedMs + attempts * YIELD_MS;
    }

    /** Whether it is the turn of a new call at this very moment: it is alone, and nothing but the pace would hold it. */
    isClear(now: number, isBulk: boolean): boolean {
        return !isBulk && this.#interactive === 0 && this.#breaker.passesAt === 0 && now >= this.#pausedUntil;
    }

    /** An interactive call begins, or ends. */
    countInteractive(by: 1 | -1): void {
        this.#interactive += by;
    }

    /** Bulk work begins, paced from the start, or ends. */
    setBulk(now: number, hasBulk: boolean): void {
        this.#hasBulk = hasBulk;
        if (!hasBulk) return;
        this.#pacer.start(now);
        this.isTroubled = true;
    }

    /** A call leaves. While half-open it is the probe, which is returned, else 0. */
    leave(now: number): Probe {
        const probe = this.#breaker.pass(now);
        this.#pacer.sent(now, probe > 0);
        return probe;
    }

    /** The server has answered with anything but a refusal: it works, whatever it thinks of the record. */
    answered(call: Call, probe: Probe): void {
        const isProbe = this.#breaker.isCurrent(probe);
        this.#sentAtLastAnswer = this.sent;
        this.#breaker.answer();
        this.#pacer.accepted(call);
        if (isProbe) this.#breaker.close();
    }

    /** A call has ended without an answer: nobody waits for that any more. */
    unanswered(call: Call, probe: Probe): void {
        this.#pacer.unanswered(call);
        if (this.#breaker.isCurrent(probe)) this.#breaker.abandonProbe();
    }

    /** Whether the server has refused a call, and answered nothing since that was sent. */
    isSilentSince({ sequence }: Call): boolean {
        return sequence > this.#sentAtLastAnswer;
    }

    /** Looks whether all is well again: not while calls wait. */
    review(now: number, waiting: number): void {
        this.isTroubled =
            this.#breaker.passesAt > 0 ||
            // The next answer has to be seen, since it sets them to 0.
            this.#breaker.describe(now).consecutiveFailures > 0 ||
            now < this.#pausedUntil ||
            this.#pacer.isPacing(now) ||
            this.#hasBulk ||
            waiting > 0;
        if (this.isTroubled) return;
        this.#pacer.stop();
        // Or it would come back with a clock that is set back.
        this.#pausedUntil = 0;
    }

    /** The server asked for a pause. Tells whether it is longer than one that is known. */
    pause(now: number, until: number, refused: Sent = { sequence: this.sent, sentAt: 0 }): boolean {
        if (until <= this.#pausedUntil) return false;
        this.#pausedUntil = until;
        this.isTroubled = true;
        // Beside bulk work it may be that of a person's call, which has not left at the pace. If not, that is heard of later.
        if (this.#hasBulk && this.#interactive > 0) this.#pacer.hold(until);
        else this.#pacer.refused(now, until, refused, this.sent);
        return true;
    }

    /**
     * The server refused a call: the pace slows down.
     *
     * @param mostMs the longest pause where it asked for none
     */
    refused(now: number, call: Call, mostMs?: number): void {
        const { attempts, context } = call;
        // The refusal of a lone call says nothing of the pace: it did not leave at one.
        const isPaced = context.bulk || this.#interactive > 1 || (this.#hasBulk && attempts > 1);
        const hasPace = this.#hasBulk || this.#pacer.isPacing(now);
        if (isPaced || !hasPace) this.#pacer.refused(now, this.#pausedUntil, call, this.sent, mostMs);
        else this.#pacer.unanswered(call); // nor does it hold the others up
    }

    /**
     * The server told what is left of its quota: paced calls keep within it.
     *
     * @param mostMs people do not wait longer than this for more
     */
    limit(now: number, quota: Quota, mostMs: number): void {
        if (this.isTroubled) this.#pacer.limit(now, quota, mostMs);
    }

    /** Forgets the pause, and begins the ramp anew: calls that wait do not all go at once. */
    reset(now: number): void {
        this.#pausedUntil = 0;
        if (this.isTroubled) this.#pacer.restart(now);
    }
}
