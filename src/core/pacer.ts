import { QuotaSpread } from './quotaSpread.js';
import { Rivals } from './rivals.js';
import type { Quota } from './waitTime.js';

/** The pace at first, in calls a second, and the time in which it doubles until the first refusal. */
const FIRST_RATE = 40;
const DOUBLING_MS = 370;
const HIGHEST_RATE = 10_000;
/**
 * A pause that the server named tells of its rate: the ramp begins with no more than so many calls in a time as long. A
 * longer one than this is that of a window, and tells nothing.
 */
const CALLS_PER_PAUSE = 4;
const LONGEST_TELLING_MS = 2000;
/** Calls that come slower than the pace by more than this let the server save up as in a pause: their source has stalled. */
const STALLED = 1.3;
/** Timers are late: a call may make up for so much. One that is later was not held back by the pace. */
const SLACK_MS = 5;
/** In a pause the bucket of the server fills again for at least so many calls, so that the next is not refused as well. */
const CUSHION = 1.5;
/** With fewer accepted calls than this between two refusals, they tell nothing of the rate: the pause was too short. */
const FEW = 2;
const LENGTHEN = 1.5;
/** The next call waits for the answer to the first one after such a refusal, but no longer than this. */
const ANSWER_MS = 1000;
const LONGEST_PAUSE_MS = 10_000;
/** A server that has accepted everything for so long is left alone. */
const CALM_MS = 30_000;

/** How fast the pace approaches what the server is likely to bear, and goes beyond: after the ramp, and once it is known. */
const SEARCH = { approach: 0.09, beyond: 0.18 };
const STEADY = { approach: 0.023, beyond: 0.0063 };
/** Beside others on the limit: what a refusal leaves of the pace, and what a second adds to it. */
const leftBesideRivals = (rate: number) => 1 - 10 / (rate + 25);
const growthBesideRivals = (rate: number) => 0.17 * Math.sqrt(rate);

/** Where a call stands among all that were sent, and when it was: 0 when nobody looked at the clock. */
export interface Sent {
    readonly sequence: number;
    readonly sentAt: number;
}

/**
 * The pace of a service after a refusal, and of bulk work from its start: calls leave one after another, at the rate that
 * the server has shown to accept. It has no timers and is told the time.
 *
 * A ramp that doubles (slow start, RFC 5681) ends at the first refusal. Refusals of calls that had left before it was
 * known are the same event (RFC 6582). Two refusals find a limiter empty, so what it accepted between them is its rate: at
 * least per second between the two, if it saved up during the pause, and at most per second of sending, if it did not.
 * The pace goes on between both, approaches the upper, and the longer nothing is refused, the faster it grows beyond
 * (CUBIC, RFC 9438): only while calls wait for it (RFC 7661), and by the square root of the rate, so that clients who
 * share a limit become equal (Bansal and Balakrishnan, "Binomial Congestion Control Algorithms", 2001). Where calls are
 * few, a refusal is a large share of them and measures little: it moves the pace less, and growth is slower. Once others
 * have been noticed on the limit, the pace falls by more with each refusal and grows faster, so that they become equal
 * sooner (AIMD: Chiu and Jain, "Analysis of the Increase and Decrease Algorithms", 1989).
 *
 * A refusal that is the first one, or comes right behind another, tells no rate. One call is then sent ahead of the others
 * to find out whether the server is ready, as each call has few retries.
 */
export class Pacer {
    readonly #random: () => number;
    /** Calls a second. 0: no pace. */
    #rate = 0;
    #opensAt = 0;
    /** When counting began: at the last event that told of the rate, or the start. */
    #since = 0;
    /** When the last event was. */
    #troubledAt = Number.NEGATIVE_INFINITY;
    /** What has been accepted since, and for how long calls were paced. */
    #accepted = 0;
    #sendingMs = 0;
    /** All pauses since, and the last of them. */
    #pausedMs = 0;
    #pauseMs = 0;
    /** The rate that the server is likely to bear at most. */
    #ceiling = 0;
    #phase: 'ramp' | 'search' | 'steady' = 'ramp';
    #rivals = new Rivals();
    /** Calls up to this one left before the last refusal was known. */
    #burstEnd = 0;
    /** How many of those that were on their way when the ramp ended are accepted and refused. */
    #onTheWay: { rate: number; floor: number; accepted: number; refused: number } | undefined;
    #quota = new QuotaSpread();

    /** Whether the next call is sent ahead of the others, and until when they wait for its answer. */
    #isCanary = false;
    #answerBy = 0;

    constructor(random: () => number) {
        this.#random = random;
    }

    /** Whether calls are paced since one was refused: until the server has accepted everything for a while. */
    isPacing(now: number): boolean {
        return this.#rate > 0 && now - this.#troubledAt < CALM_MS;
    }

    /** The moment from which the next call may leave. */
    get opensAt(): number {
        return Math.max(this.#opensAt, this.#answerBy);
    }

    /** The same for bulk work, which spreads what is left of a quota. */
    get bulkOpensAt(): number {
        return Math.max(this.opensAt, this.#quota.opensAt);
    }

    /** Until when bulk work sends nothing, since what is left of the quota is for people. */
    get spentUntil(): number {
        return this.#quota.spentUntil;
    }

    /** Begins with the ramp, unless there is a pace. Nothing has been refused. */
    start(now: number): void {
        if (this.#rate === 0) this.#ramp(now);
    }

    /** Begins anew with the ramp, as after a refusal. */
    restart(now: number): void {
        this.stop();
        this.#troubledAt = now;
        this.#ramp(now);
    }

    stop(): void {
        this.#quota = new QuotaSpread();
        this.#rate = this.#opensAt = this.#answerBy = 0;
        this.#troubledAt = Number.NEGATIVE_INFINITY;
    }

    /**
     * A call leaves.
     *
     * @param isProbe the server was left alone for so long that the next call need not keep its distance from it
     */
    sent(now: number, isProbe = false): void {
        if (this.#rate === 0) return;
        if (this.#isIdle(now)) this.#ramp(now);
        this.#learnFromRamp();
        const earliest = now - SLACK_MS;
        const gapMs = 1000 / this.#rate;
        // A quota that holds back more than the pace does leaves nothing to search for.
        if (this.#opensAt >= earliest && !this.#quota.isSlowerThan(gapMs, now)) this.#grow(gapMs / 1000);
        this.#sendingMs += gapMs;
        const from = Math.max(this.#opensAt, earliest);
        const chance = 0.95 + 0.1 * this.#random();
        this.#opensAt = isProbe ? Math.max(this.#opensAt, now) : from + gapMs * chance;
        this.#quota.sent(now, from, chance);
        if (this.#isCanary) this.#answerBy = from + ANSWER_MS;
        this.#isCanary = false;
    }

    accepted({ sequence }: Sent): void {
        this.#accepted++;
        if (sequence > this.#burstEnd) this.#answerBy = 0;
        else if (this.#onTheWay) this.#onTheWay.accepted++;
    }

    /** A call has ended without an answer: if it was sent ahead, nobody waits for that any more. */
    unanswered({ sequence }: Sent): void {
        if (sequence > this.#burstEnd) this.#answerBy = 0;
    }

    /** The server asked for a pause, which tells nothing of the pace. */
    hold(until: number): void {
        this.#opensAt = Math.max(this.#opensAt, until + (1000 * this.#random()) / this.#rate);
    }

    /**
     * @param until the end of the pause that the server asked for, if it did
     * @param latest the place of the call sent last
     * @param mostMs the longest pause where it asked for none: the pauses of refusals right behind one another grow
     */
    refused(now: number, until: number, { sequence, sentAt }: Sent, latest: number, mostMs = LONGEST_PAUSE_MS): void {
        const isKnown = this.#rate > 0 && !this.#isIdle(now);
        if (isKnown && sequence <= this.#burstEnd) {
            if (this.#onTheWay) this.#onTheWay.refused++;
            return;
        }
        this.#burstEnd = latest;
        this.#troubledAt = now;
        this.#answerBy = 0;
        let pauseMs = Math.max(until - now, 0);
        if (!isKnown) {
            this.#ramp(now);
            this.#rate = Math.min(FIRST_RATE, (CALLS_PER_PAUSE * 1000) / Math.min(pauseMs, LONGEST_TELLING_MS));
            this.#isCanary = true;
            this.#opensAt = now + pauseMs;
            return;
        }
        if (this.#phase !== 'ramp' && this.#accepted < FEW) {
            pauseMs = Math.max(pauseMs, Math.min(Math.max(this.#pauseMs, 1) * LENGTHEN, mostMs));
            this.#pausedMs += pauseMs;
            this.#isCanary = true;
            // The server was ready, and the next call came too early for it.
            if (this.#accepted > 0) this.#rate /= 2;
        } else {
            this.#adapt(now, pauseMs);
            // The calls that are on their way need as long as this one did.
            const answerMs = sentAt > 0 ? Math.min(now - sentAt, LONGEST_PAUSE_MS) : 0;
            pauseMs = Math.max(pauseMs, answerMs, (CUSHION * 1000) / this.#rate);
            this.#begin(now, pauseMs);
        }
        this.#pauseMs = pauseMs;
        // Those who were told the same moment do not all come at it.
        this.#opensAt = now + pauseMs + (1000 * this.#random()) / this.#rate;
    }

    /**
     * The server has told what is left until when.
     *
     * @param mostMs people do not wait longer than this for more
     */
    limit(now: number, quota: Quota, mostMs = Number.POSITIVE_INFINITY): void {
        const until = this.#quota.told(now, quota);
        if (quota.remaining <= 0 && until - now <= mostMs) this.#opensAt = Math.max(this.#opensAt, until);
    }

    /** Nothing was sent for so long that what was learned before is out of date, and the server has saved up. */
    #isIdle(now: number): boolean {
        return now - this.#opensAt >= CALM_MS;
    }

    #ramp(now: number): void {
        this.#rate = FIRST_RATE;
        this.#phase = 'ramp';
        this.#rivals = new Rivals();
        this.#isCanary = false;
        this.#onTheWay = undefined;
        this.#begin(now, 0);
    }

    #begin(now: number, pauseMs: number): void {
        this.#since = this.#opensAt = now;
        this.#accepted = this.#sendingMs = 0;
        this.#pausedMs = pauseMs;
    }

    #adapt(now: number, pauseMs: number): void {
        // A clock may stand still or go back.
        const seconds = Math.max((now - this.#since) / 1000, this.#phase === 'ramp' ? 0.1 : 0.01);
        const rate = this.#rate;
        if (this.#phase === 'ramp') {
            // The server began with a full bucket: the pause that fills it again is counted as well.
            const floor = Math.max(this.#accepted, 0.5) / (seconds + pauseMs / 1000);
            this.#ceiling = Math.max(floor, rate);
            this.#rate = floor ** 0.35 * this.#ceiling ** 0.65;
            this.#onTheWay = { rate: this.#ceiling, floor, accepted: 0, refused: 0 };
            this.#phase = 'search';
        } else {
            const count = this.#accepted;
            const floor = count / seconds;
            const paced = (STALLED * this.#sendingMs) / 1000;
            const sending = Math.max(Math.min(seconds - this.#pausedMs / 1000, paced), 0.1);
            this.#rivals.measured(now, count, seconds, sending);
            this.#ceiling = Math.max(floor, Math.min(rate, count / sending));
            const estimate = floor ** 0.43 * this.#ceiling ** 0.57;
            // Few calls are a measurement of little worth, and that they were few says that too much is refused.
            const trust = (0.67 * count) / (count + 10);
            const margin = (this.#phase === 'steady' ? 0.978 : 1) * Math.exp(-1 / count);
            const left = this.#rivals.arePresent ? leftBesideRivals(rate) : 1;
            this.#rate = left * margin * rate ** (1 - trust) * estimate ** trust;
            this.#phase = 'steady';
        }
    }

    /** Of the calls that were on their way when the ramp ended, the server accepted the share that it bears. */
    #learnFromRamp(): void {
        const last = this.#onTheWay;
        if (!last) return;
        this.#onTheWay = undefined;
        const count = last.accepted + last.refused;
        const borne = (last.rate * (last.accepted + 0.5)) / (count + 1);
        const trust = count / (count + 3);
        // What the server saves up in the pause is used up over the next 20 seconds.
        const share = 0.95 * (1 + this.#pauseMs / 20_000);
        this.#rate = Math.max(last.floor, share * this.#rate ** (1 - trust) * borne ** trust);
        // Where many have told what it bears, there is little to search for above.
        const certainty = count ** 2 / (count ** 2 + 50 ** 2);
        this.#ceiling = (0.6 * last.rate) ** (1 - certainty) * borne ** certainty;
    }

    #grow(seconds: number): void {
        const rate = this.#rate;
        if (this.#phase === 'ramp') this.#rate *= 2 ** Math.min((seconds * 1000) / DOUBLING_MS, 1);
        else {
            const { approach, beyond } = this.#phase === 'search' ? SEARCH : STEADY;
            const impatience = 1 + (this.#sendingMs / 20_000) ** 14;
            this.#rate +=
                seconds *
                (approach * rate * Math.log(Math.max(this.#ceiling / rate, 1)) +
                    (beyond * impatience * rate ** 1.5) / (rate + 30) +
                    (this.#rivals.arePresent ? growthBesideRivals(rate) : 0));
        }
        // Of few calls a minute each one is a long time.
        this.#rate = Math.min(this.#rate, 2 * rate, HIGHEST_RATE);
    }
}
