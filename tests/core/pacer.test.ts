import { describe, expect, it } from 'vitest';
import { Pacer } from '../../src/core/pacer';

const START = 1_000_000;
/** The ramp: calls a second at first, the gap between them, and the time in which they double. */
const FIRST_RATE = 40;
const FIRST_GAP_MS = 25;
const DOUBLING_MS = 370;
/** How long the next call waits at most for the answer to the first one after a refusal that told little. */
const ANSWER_MS = 1000;

/** A pacer whose gaps vary by nothing. */
const createPacer = (chance = 0.5) => new Pacer(() => chance);

/** The gap behind a call that leaves the moment it may: it was held back by the pace, which grows. */
function gapOf(pacer: Pacer): number {
    const now = pacer.opensAt;
    pacer.sent(now);
    return pacer.opensAt - now;
}

/** The pace in calls a second, seen from a call so late that the pace was not what held it back. */
function rateOf(pacer: Pacer): number {
    const now = pacer.opensAt + 1000;
    pacer.sent(now);
    return 1000 / (pacer.opensAt - (now - 5));
}

/** The same after a refusal that told little: once the first call is accepted. */
function rateAfterCanary(pacer: Pacer): number {
    pacer.sent(pacer.opensAt + 1000);
    pacer.accepted({ sequence: Number.POSITIVE_INFINITY, sentAt: START });
    return rateOf(pacer);
}

const accept = (pacer: Pacer, count: number, sequence = 1) => {
    for (let index = 0; index < count; index++) pacer.accepted({ sequence, sentAt: START });
};

/** Calls leave one after another for so long, none of them held back by the pace: it does not grow. */
function keepBusy(pacer: Pacer, ms: number): void {
    for (let spentMs = 0; spentMs < ms; ) spentMs += 1000 / rateOf(pacer);
}

interface Refusal {
    at: number;
    pauseMs?: number;
    sequence: number;
    latest?: number;
    answerMs?: number;
}

/** A refusal so long after the start. */
const refuse = (pacer: Pacer, { at, pauseMs = 0, sequence, latest = sequence, answerMs = 10 }: Refusal) => {
    const now = START + at;
    pacer.refused(now, now + pauseMs, { sequence, sentAt: now - answerMs }, latest);
};

/** Ended its ramp at 40 calls a second after a second in which 10 calls were accepted. */
function createSearching(refusal: Partial<Refusal> = {}, chance = 0.5) {
    const pacer = createPacer(chance);
    pacer.start(START);
    accept(pacer, 10);
    refuse(pacer, { at: 1000, sequence: 20, ...refusal });
    return pacer;
}

/** Where the pace starts after a ramp: between what was accepted and what was sent. */
const rampEnd = (accepted: number, sent = FIRST_RATE) => accepted ** 0.35 * sent ** 0.65;
/** What it is when the next call leaves: a little below, and more when there was a pause in which the server saved up. */
const cautious = (rate: number, pauseMs = 1500 / rate) => 0.95 * (1 + pauseMs / 20_000) * rate;
/** The pace after the ramp of `createSearching`. */
const SEARCH_RATE = cautious(rampEnd(10));

/** Had a second refusal, nine seconds later, with 72 accepted between. */
function createSteady() {
    const pacer = createSearching();
    const before = rateOf(pacer);
    keepBusy(pacer, 9000);
    accept(pacer, 72);
    refuse(pacer, { at: 10_000, sequence: 100 });
    return { pacer, before };
}

/** The pace after two refusals with so many accepted calls between: from that before towards what is between its bounds. */
function between(before: number, count: number, floor: number, ceiling: number) {
    const trust = (0.67 * count) / (count + 10);
    return Math.exp(-1 / count) * before ** (1 - trust) * (floor ** 0.43 * ceiling ** 0.57) ** trust;
}

describe('without a start or a refusal', () => {
    it('there is no pace, whatever was sent and accepted', () => {
        const pacer = createPacer();

        accept(pacer, 3);
        pacer.sent(START);

        expect(pacer.isPacing(0)).toBe(false);
        expect(pacer.isPacing(START)).toBe(false);
        expect(pacer.opensAt).toBe(0);
    });
});

describe('the ramp', () => {
    it('lets a call leave at once, and the next 25 ms later', () => {
        const pacer = createPacer();

        pacer.start(START);

        expect(pacer.opensAt).toBe(START);
        expect(gapOf(pacer)).toBe(FIRST_GAP_MS);
    });

    it('doubles in 370 ms', () => {
        const pacer = createPacer();
        pacer.start(START);

        for (let call = 0; call < 200; call++) {
            const sinceStart = pacer.opensAt - START;
            expect(gapOf(pacer)).toBeCloseTo(FIRST_GAP_MS / 2 ** (sinceStart / DOUBLING_MS), 6);
        }
        expect(pacer.opensAt - START).toBeGreaterThan(2 * DOUBLING_MS);
    });

    it('ends at 10 000 calls a second', () => {
        const pacer = createPacer();
        pacer.start(START);

        for (let call = 0; call < 6000; call++) pacer.sent(pacer.opensAt);

        expect(gapOf(pacer)).toBeCloseTo(0.1, 8);
    });

    it.each([
        [0, 23.75],
        [0.5, 25],
        [1, 26.25],
    ])('varies its gaps by a tenth, so that clients do not fall into step: %d', (chance, gapMs) => {
        const pacer = createPacer(chance);

        pacer.start(START);

        expect(gapOf(pacer)).toBeCloseTo(gapMs, 8);
    });

    it('goes on when it is started again', () => {
        const pacer = createPacer();
        pacer.start(START);
        pacer.sent(START);

        pacer.start(START + 7);

        expect(pacer.opensAt).toBe(START + FIRST_GAP_MS);
        expect(gapOf(pacer)).toBeLessThan(FIRST_GAP_MS);
    });
});

describe('a call that leaves late', () => {
    it.each([0, 1, 5])('by %i ms makes up for it', lateMs => {
        const pacer = createPacer();
        pacer.start(START);

        pacer.sent(START + lateMs);

        expect(pacer.opensAt).toBe(START + FIRST_GAP_MS);
        expect(gapOf(pacer)).toBeCloseTo(FIRST_GAP_MS / 2 ** (FIRST_GAP_MS / DOUBLING_MS), 6);
    });

    it('by more makes up for 5 ms, and as the pace did not hold it back, that does not grow', () => {
        const pacer = createPacer();
        pacer.start(START);

        pacer.sent(START + 6);

        expect(pacer.opensAt).toBe(START + 6 - 5 + FIRST_GAP_MS);
        expect(gapOf(pacer)).toBe(FIRST_GAP_MS);
    });

    it('does not make the next one wait the longer when the pace is that of the future', () => {
        const pacer = createPacer();
        pacer.start(START);
        pacer.sent(START);

        pacer.sent(START); // a lone call does not wait for the pace, but counts

        expect(pacer.opensAt).toBeCloseTo(START + FIRST_GAP_MS + FIRST_GAP_MS / 2 ** (FIRST_GAP_MS / DOUBLING_MS), 6);
    });
});

describe('a probe', () => {
    it('does not keep the next call at a distance', () => {
        const pacer = createSearching();
        const now = pacer.opensAt + 1000;

        pacer.sent(now, true);

        expect(pacer.opensAt).toBe(now);
    });

    it('that leaves ahead of the pace, as a lone call does, leaves the others where they were', () => {
        const pacer = createSearching();
        const { opensAt } = pacer;

        pacer.sent(opensAt - 10, true);

        expect(pacer.opensAt).toBe(opensAt);
    });
});

describe('the first refusal of a healthy service', () => {
    it.each([0, 0.5, 1])('opens at the end of the pause exactly: %d', chance => {
        const pacer = createPacer(chance);

        refuse(pacer, { at: 0, pauseMs: 3000, sequence: 1 });

        expect(pacer.isPacing(START)).toBe(true);
        expect(pacer.opensAt).toBe(START + 3000);
    });

    it.each([
        [0, FIRST_RATE],
        [50, FIRST_RATE],
        [100, 40],
        [200, 20],
        [1000, 4],
        [2000, 2],
        [2001, 2],
        [60_000, 2],
    ])('begins the ramp, after a pause of %i ms at %d calls a second', (pauseMs, rate) => {
        const pacer = createPacer();

        refuse(pacer, { at: 0, pauseMs, sequence: 1 });

        expect(rateAfterCanary(pacer)).toBeCloseTo(rate, 8);
    });

    it('has one call sent first, and lets the next leave when it is accepted, no sooner than the pace', () => {
        const pacer = createPacer();
        refuse(pacer, { at: 0, pauseMs: 1000, sequence: 5 });

        pacer.sent(START + 1000);
        expect(pacer.opensAt).toBe(START + 1000 + ANSWER_MS);
        accept(pacer, 1, 5); // had left before
        expect(pacer.opensAt).toBe(START + 1000 + ANSWER_MS);
        accept(pacer, 1, 6);

        expect(pacer.opensAt).toBe(START + 1000 + 250);
        expect(gapOf(pacer)).toBeLessThan(250);
    });

    it('has the next wait no longer for that answer than a second, and those behind it not at all', () => {
        const pacer = createPacer();
        refuse(pacer, { at: 0, pauseMs: 200, sequence: 5 });
        pacer.sent(START + 200);

        pacer.sent(pacer.opensAt);

        expect(pacer.opensAt).toBeCloseTo(START + 200 + ANSWER_MS - 5 + 50 / 2 ** (50 / DOUBLING_MS), 8);
    });

    it('has the call after a refused first one leave when that is told, not a second after it', () => {
        const pacer = createPacer();
        refuse(pacer, { at: 0, pauseMs: 200, sequence: 5 });
        pacer.sent(START + 200);

        refuse(pacer, { at: 220, pauseMs: 100, sequence: 6 });

        expect(pacer.opensAt).toBeLessThan(START + 200 + ANSWER_MS);
    });

    it('forgets the answer that it waits for when the pace ends', () => {
        const pacer = createPacer();
        refuse(pacer, { at: 0, sequence: 5 });
        pacer.sent(START);

        pacer.stop();

        expect(pacer.opensAt).toBe(0);
        pacer.start(START + 10);
        expect(gapOf(pacer)).toBe(FIRST_GAP_MS);
    });

    it('opens at once without a pause', () => {
        const pacer = createPacer();

        refuse(pacer, { at: 0, sequence: 1 });

        expect(pacer.opensAt).toBe(START);
    });

    it('opens at once when the pause is over already', () => {
        const pacer = createPacer();

        refuse(pacer, { at: 0, pauseMs: -500, sequence: 1 });

        expect(pacer.opensAt).toBe(START);
    });

    it('of a call that was not sent here does it too', () => {
        const pacer = createPacer();

        refuse(pacer, { at: 0, pauseMs: 2000, sequence: 0 });

        expect(pacer.opensAt).toBe(START + 2000);
    });

    it('is one event with those of all calls that had left before it was known', () => {
        const pacer = createPacer();
        refuse(pacer, { at: 0, sequence: 3, latest: 10 });

        refuse(pacer, { at: 50, pauseMs: 9000, sequence: 4, latest: 12 });
        refuse(pacer, { at: 50, pauseMs: 9000, sequence: 10, latest: 12 });
        expect(pacer.opensAt).toBe(START);
        expect(rateAfterCanary(pacer)).toBeCloseTo(FIRST_RATE, 8);

        refuse(pacer, { at: 50, sequence: 11, latest: 12 });
        expect(rateOf(pacer)).toBeLessThan(FIRST_RATE);
    });
});

describe('the end of the ramp', () => {
    it('takes the pace to the middle of what was accepted and what was sent, a little below', () => {
        expect(rateOf(createSearching())).toBeCloseTo(SEARCH_RATE, 8);
    });

    it('counts the pause in which a full bucket fills again', () => {
        expect(rateOf(createSearching({ pauseMs: 3000 }))).toBeCloseTo(cautious(rampEnd(10 / 4), 3000), 8);
    });

    it('counts half a call when none was accepted', () => {
        const pacer = createPacer();
        pacer.start(START);

        refuse(pacer, { at: 1000, sequence: 1 });

        expect(rateOf(pacer)).toBeCloseTo(cautious(rampEnd(0.5)), 8);
    });

    it('takes a tenth of a second at least for the time in which so much was accepted', () => {
        const pacer = createPacer();
        pacer.start(START);

        refuse(pacer, { at: 40, sequence: 1 });

        expect(rateOf(pacer)).toBeCloseTo(cautious(rampEnd(0.5 / 0.1)), 8);
    });

    it('takes no less for sent than was accepted', () => {
        const pacer = createPacer();
        pacer.start(START);
        accept(pacer, 60);

        refuse(pacer, { at: 1000, sequence: 60 });

        expect(rateOf(pacer)).toBeCloseTo(60, 8);
    });

    it.each([
        [4, 0],
        [3, 1],
        [2, 6],
        [20, 20],
        [0, 3],
    ])('learns from those on the way: %i accepted, %i refused', (accepted, refused) => {
        const pacer = createSearching({ latest: 20 + accepted + refused });
        accept(pacer, accepted, 20 + accepted + refused);
        for (let count = 0; count < refused; count++) refuse(pacer, { at: 1050, sequence: 21, latest: 70 });

        const count = accepted + refused;
        const borne = (FIRST_RATE * (accepted + 0.5)) / (count + 1);
        const trust = count / (count + 3);
        const estimate = (SEARCH_RATE / rampEnd(10)) * rampEnd(10) ** (1 - trust) * borne ** trust;
        expect(rateOf(pacer)).toBeCloseTo(Math.max(10, estimate), 8);
    });

    it('never goes below what was accepted', () => {
        const pacer = createSearching({ latest: 100 });
        for (let count = 0; count < 80; count++) refuse(pacer, { at: 1050, sequence: 100 });
        expect(rateOf(pacer)).toBe(10);
    });

    it('learns nothing from calls that left later', () => {
        const pacer = createSearching();

        accept(pacer, 30, 21);

        expect(rateOf(pacer)).toBeCloseTo(SEARCH_RATE, 8);
    });

    it('learns once: what is accepted after the next call has left counts no more', () => {
        const pacer = createSearching({ latest: 100 });
        const rate = rateOf(pacer);

        accept(pacer, 50, 100);
        refuse(pacer, { at: 1100, sequence: 100 });

        expect(rateOf(pacer)).toBeCloseTo(rate, 8);
    });
});

describe('the pause behind an event', () => {
    const RATE = rampEnd(10);

    it('is what the server asked for', () => {
        const rate = rampEnd(10 / 3);

        const pacer = createSearching({ pauseMs: 2000 });

        expect(pacer.opensAt).toBeCloseTo(START + 1000 + 2000 + 500 / rate, 6);
    });

    it('is as long at least as one and a half calls take', () => {
        expect(createSearching().opensAt).toBeCloseTo(START + 1000 + 1500 / RATE + 500 / RATE, 6);
    });

    it('is as long at least as the answer took', () => {
        const pacer = createSearching({ answerMs: 400, latest: 70 });

        expect(pacer.opensAt).toBeCloseTo(START + 1000 + 400 + 500 / RATE, 6);
    });

    it.each([
        ['is 10 s at most, however long the answer took', 60_000, 10_000],
        ['has nothing to do with the answer when nobody looked at the clock before', START + 1000, 1500 / RATE],
    ])('%s', (_, answerMs, pauseMs) => {
        const pacer = createSearching({ answerMs });

        expect(pacer.opensAt).toBeCloseTo(START + 1000 + pauseMs + 500 / RATE, 6);
    });

    it.each([0, 0.5, 1])('ends within the time of a call, not for all clients at once: %d', chance => {
        const pacer = createSearching({}, chance);

        expect(pacer.opensAt).toBeCloseTo(START + 1000 + (1500 + 1000 * chance) / RATE, 6);
    });
});

describe('two refusals', () => {
    it('bracket the rate: accepted per second of all, and per second of sending', () => {
        const { pacer, before } = createSteady();
        const pauseMs = 1500 / rampEnd(10);

        expect(rateOf(pacer)).toBeCloseTo(between(before, 72, 72 / 9, 72 / (9 - pauseMs / 1000)), 6);
    });

    it('take the server to bear no more than the pace', () => {
        const pacer = createSearching();
        const before = rateOf(pacer);
        accept(pacer, 234);

        refuse(pacer, { at: 11_000, sequence: 300 });

        // 23.4 a second of all, and more of sending than the pace allowed: a call made up for its lateness.
        expect(234 / 10).toBeLessThan(before);
        expect(234 / (10 - 1.5 / rampEnd(10))).toBeGreaterThan(before);
        expect(rateOf(pacer)).toBeCloseTo(between(before, 234, 23.4, before), 8);
    });

    it('take the server to bear what was accepted, when that is more than the pace', () => {
        const pacer = createSearching();
        const before = rateOf(pacer);
        accept(pacer, 400);

        refuse(pacer, { at: 11_000, sequence: 500 });

        expect(rateOf(pacer)).toBeCloseTo(between(before, 400, 40, 40), 6);
    });

    it('count a tenth of a second of sending at least', () => {
        const pacer = createPacer();
        pacer.start(START);
        while (pacer.opensAt < START + 800) pacer.sent(pacer.opensAt);
        accept(pacer, 60);
        refuse(pacer, { at: 1000, pauseMs: 1000, sequence: 100 });
        const before = rateOf(pacer);
        accept(pacer, 2);

        refuse(pacer, { at: 2050, sequence: 150 });

        // 2 in 50 ms of sending are taken for 20 a second.
        expect(before).toBeGreaterThan(40);
        expect(rateOf(pacer)).toBeCloseTo(between(before, 2, 2 / 1.05, 20), 6);
    });

    it('count a pause that the server asked for as one', () => {
        const pacer = createSearching({ pauseMs: 4000 });
        const before = rateOf(pacer);
        keepBusy(pacer, 4000);
        accept(pacer, 20);

        refuse(pacer, { at: 9000, sequence: 50 });

        expect(rateOf(pacer)).toBeCloseTo(between(before, 20, 20 / 8, 20 / 4), 8);
    });

    it.each([
        ['a stall of the source as a pause', 3000, (before: number) => 1.3 * Math.ceil(3 * before)],
        [
            'calls that were a little late as sent at the pace',
            8000,
            (before: number) => (9 - 1.5 / rampEnd(10)) * before,
        ],
    ])('count %s', (_, busyMs, callsOfSending) => {
        const pacer = createSearching();
        const before = rateOf(pacer);
        keepBusy(pacer, busyMs - 1000 / before);
        accept(pacer, 36);

        refuse(pacer, { at: 10_000, sequence: 100 });

        expect(rateOf(pacer)).toBeCloseTo(between(before, 36, 36 / 9, (36 * before) / callsOfSending(before)), 6);
    });

    it('in quick succession tell the rate of a quick server', () => {
        const pacer = createSearching();
        const before = rateOf(pacer);
        accept(pacer, 5);

        refuse(pacer, { at: 1050, sequence: 50 });

        // 5 in 50 ms: 100 a second.
        expect(rateOf(pacer)).toBeCloseTo(between(before, 5, 100, 100), 6);
    });

    it('at the same moment, or on a clock that goes back, are taken for a hundredth of a second apart', () => {
        for (const at of [1000, 400]) {
            const pacer = createSearching();
            const before = rateOf(pacer);
            accept(pacer, 2);

            refuse(pacer, { at, sequence: 50 });

            expect(rateOf(pacer)).toBeCloseTo(between(before, 2, 200, 200), 6);
        }
    });

    it('after two others take the pace a little below what they tell, from then on', () => {
        const { pacer } = createSteady();
        const before = rateOf(pacer);
        keepBusy(pacer, 10_000);
        accept(pacer, 80);

        refuse(pacer, { at: 20_000, sequence: 400 });

        expect(rateOf(pacer)).toBeCloseTo(0.978 * between(before, 80, 8, 8 / (1 - 0.15 / before)), 6);
    });
});

describe('two refusals between which more is accepted than the limit was taken for', () => {
    /** 8 a second before, 20 a second now: others must have taken the difference. */
    function createRivalled() {
        const { pacer } = createSteady();
        const before = rateOf(pacer);
        accept(pacer, 200);
        refuse(pacer, { at: 20_000, sequence: 400 });
        return { pacer, before };
    }

    it('take the pace further down, by more where it is low', () => {
        const { pacer, before } = createRivalled();

        const alone = 0.978 * between(before, 200, 20, 20);
        expect(rateOf(pacer)).toBeCloseTo((1 - 10 / (before + 25)) * alone, 6);
    });

    it('make it grow faster, by an amount', () => {
        const { pacer } = createRivalled();
        const rate = 1000 / gapOf(pacer);

        const growth = (1000 / gapOf(pacer) - rate) * rate;

        // And by the very little by which it grows alone.
        const byAmount = 0.17 * Math.sqrt(rate);
        expect(growth).toBeGreaterThan(byAmount);
        expect(growth).toBeLessThan(1.3 * byAmount);
    });

    it('are forgotten with what was learned, after half a minute without a call', () => {
        const { pacer } = createRivalled();
        const idle = createSteady().pacer;

        for (const one of [pacer, idle]) {
            const at = one.opensAt + 30_001;
            one.sent(at);
            accept(one, 10, 500);
            refuse(one, { at: at + 1000 - START, sequence: 500 });
            accept(one, 72, 600);
            refuse(one, { at: at + 10_000 - START, sequence: 600 });
        }

        expect(rateOf(pacer)).toBeCloseTo(rateOf(idle), 6);
    });
});

describe('an event with fewer than two accepted calls before it', () => {
    /** When the pace opens, after the event, without the part that keeps clients apart. */
    const pauseOf = (pacer: Pacer, at: number) => pacer.opensAt - (START + at);

    it.each([
        [0, 1],
        [1, 0.5],
    ])('makes the pause half as long again: with %i accepted the rate is %d of what it was', (accepted, share) => {
        const pacer = createSearching({}, 0);
        const pauseMs = pauseOf(pacer, 1000);
        const rate = rateOf(pacer);
        accept(pacer, accepted);

        refuse(pacer, { at: 2000, sequence: 30 });

        expect(pauseOf(pacer, 2000)).toBeCloseTo(pauseMs * 1.5, 6);
        expect(rateAfterCanary(pacer)).toBeCloseTo(share * rate, 8);
    });

    it('has one call sent first', () => {
        const pacer = createSearching();
        refuse(pacer, { at: 2000, sequence: 30 });
        const opensAt = pacer.opensAt;

        pacer.sent(opensAt);

        expect(pacer.opensAt).toBe(opensAt + ANSWER_MS);
        accept(pacer, 1, 31);
        expect(pacer.opensAt).toBeLessThan(opensAt + ANSWER_MS / 2);
    });

    it('is no such event with two', () => {
        const pacer = createSearching({}, 0);
        const rate = rateOf(pacer);
        accept(pacer, 2);

        refuse(pacer, { at: 2000, sequence: 30 });

        expect(rateOf(pacer)).toBeLessThan(rate);
    });

    it('makes it longer each time, 10 s at most', () => {
        const pacer = createSearching({ pauseMs: 4000 }, 0);

        refuse(pacer, { at: 6000, sequence: 30 });
        expect(pauseOf(pacer, 6000)).toBeCloseTo(6000, 6);
        refuse(pacer, { at: 13_000, sequence: 31 });
        expect(pauseOf(pacer, 13_000)).toBeCloseTo(9000, 6);
        refuse(pacer, { at: 23_000, sequence: 32 });
        expect(pauseOf(pacer, 23_000)).toBeCloseTo(10_000, 6);
        refuse(pacer, { at: 34_000, sequence: 33 });
        expect(pauseOf(pacer, 34_000)).toBeCloseTo(10_000, 6);
    });

    it('waits for longer when the server asks for it', () => {
        const pacer = createSearching({}, 0);

        refuse(pacer, { at: 2000, pauseMs: 60_000, sequence: 30 });

        expect(pauseOf(pacer, 2000)).toBe(60_000);
    });

    it('varies the pause by the time of a call', () => {
        const [first, last] = [createSearching({}, 0), createSearching({}, 1)].map(pacer => {
            const rate = rateOf(pacer);
            refuse(pacer, { at: 2000, pauseMs: 60_000, sequence: 30 });
            return { opensMs: pauseOf(pacer, 2000), gapMs: 1000 / rate };
        });

        expect(first?.opensMs).toBe(60_000);
        expect(last?.opensMs).toBeCloseTo(60_000 + 1000 / SEARCH_RATE, 6);
    });

    it('counts its pause among those in which nothing was sent', () => {
        const pacer = createSearching({ pauseMs: 2000 });
        const before = rateOf(pacer);
        refuse(pacer, { at: 4000, pauseMs: 3000, sequence: 30 });
        keepBusy(pacer, 5000);
        accept(pacer, 20);

        refuse(pacer, { at: 11_000, sequence: 60 });

        // Of ten seconds, five were pauses. None of the calls since was the first one.
        expect(rateAfterCanary(pacer)).toBeCloseTo(between(before, 20, 20 / 10, 20 / 5), 8);
    });

    it('in the ramp is the end of it like any other', () => {
        const pacer = createPacer(0);
        pacer.start(START);

        refuse(pacer, { at: 1000, sequence: 1 });

        expect(pauseOf(pacer, 1000)).toBeCloseTo(1500 / rampEnd(0.5), 6);
    });
});

describe('the pace grows', () => {
    /** What a call that leaves on time adds to the pace. */
    const grown = (rate: number, ceiling: number, [approach, beyond]: [number, number], sentMs = 0) =>
        rate +
        (1 / rate) *
            (approach * rate * Math.log(Math.max(ceiling / rate, 1)) +
                (beyond * (1 + (sentMs / 20_000) ** 14) * rate ** 1.5) / (rate + 30));
    const SEARCH: [number, number] = [0.09, 0.18];
    const STEADY: [number, number] = [0.023, 0.0063];

    /** Steady, at a pace below that before, which was accepted for all of the 8 s but the 4 of a pause. */
    function createHopeful() {
        const pacer = createSearching({ pauseMs: 4000 });
        const before = rateOf(pacer);
        accept(pacer, Math.ceil(4 * before));
        refuse(pacer, { at: 9000, sequence: 100 });
        return { pacer, before };
    }

    it('after the ramp by a little when more is accepted than three fifths of where that ended', () => {
        const pacer = createPacer();
        pacer.start(START);
        accept(pacer, 60);
        refuse(pacer, { at: 1000, sequence: 60 });

        const rate = 1000 / gapOf(pacer);

        expect(1000 / gapOf(pacer)).toBeCloseTo(grown(rate, rate, SEARCH), 6);
    });

    it('after the ramp towards three fifths of where that ended', () => {
        const pacer = createSearching({ pauseMs: 3000 });

        const rate = 1000 / gapOf(pacer);

        expect(rate).toBeLessThan(0.6 * FIRST_RATE);
        expect(1000 / gapOf(pacer)).toBeCloseTo(grown(rate, 0.6 * FIRST_RATE, SEARCH), 6);
    });

    it('after the ramp towards what those on the way told of the server, the surer the more there were', () => {
        const pacer = createSearching({ latest: 120 });
        accept(pacer, 45, 120);
        for (let count = 0; count < 55; count++) refuse(pacer, { at: 1050, sequence: 120 });

        const rate = 1000 / gapOf(pacer);

        const borne = (FIRST_RATE * 45.5) / 101;
        const ceiling = (0.6 * FIRST_RATE) ** 0.2 * borne ** 0.8;
        expect(rate).toBeLessThan(ceiling);
        expect(1000 / gapOf(pacer)).toBeCloseTo(grown(rate, ceiling, SEARCH), 6);
    });

    it('after two refusals more slowly, towards what was accepted per second of sending', () => {
        const { pacer, before } = createHopeful();

        const rate = 1000 / gapOf(pacer);

        expect(rate).toBeLessThan(0.95 * before);
        expect(1000 / gapOf(pacer)).toBeCloseTo(grown(rate, before, STEADY), 6);
    });

    it('after two refusals by a very little when it is there already', () => {
        const { pacer } = createSteady();

        const rate = 1000 / gapOf(pacer);

        expect(1000 / gapOf(pacer)).toBeCloseTo(grown(rate, rate, STEADY), 6);
    });

    it.each([
        ['after the ramp', createSearching, SEARCH, 0.6 * FIRST_RATE],
        ['after two refusals', () => createSteady().pacer, STEADY, 0],
    ])('the faster the longer nothing is refused: %s', (_, create, speed, ceiling) => {
        const pacer = create();
        const rate = rateOf(pacer);
        const calls = Math.round(20 * rate);

        for (let call = 1; call < calls; call++) rateOf(pacer);
        gapOf(pacer);

        expect(1000 / gapOf(pacer)).toBeCloseTo(grown(rate, ceiling, speed, (calls * 1000) / rate), 6);
    });

    it('to 10 000 calls a second at most', () => {
        const pacer = createSearching();

        for (let call = 0; call < 200_000; call++) pacer.sent(pacer.opensAt);

        expect(gapOf(pacer)).toBeCloseTo(0.1, 8);
    });

    it('only while calls wait for it', () => {
        const { pacer } = createHopeful();
        const rate = rateOf(pacer);

        for (let call = 0; call < 1000; call++) expect(rateOf(pacer)).toBeCloseTo(rate, 6);
    });

    it('from the event on: what was sent before it does not count', () => {
        const pacer = createSearching();
        for (let call = 0; call < 300; call++) rateOf(pacer);
        accept(pacer, 5);
        refuse(pacer, { at: 60_000, sequence: 400 });

        const rate = 1000 / gapOf(pacer);

        expect(1000 / gapOf(pacer)).toBeCloseTo(grown(rate, rate, STEADY), 6);
    });
});

describe('the quota', () => {
    const startAt = (now = START) => {
        const pacer = createPacer();
        pacer.start(now);
        return pacer;
    };

    const bulkGapOf = (pacer: Pacer) => {
        const at = pacer.bulkOpensAt;
        pacer.sent(at);
        return pacer.bulkOpensAt - at;
    };

    it.each([
        // Half a second less than was told, and one call less.
        [{ remaining: 11, resetMs: 10_000 }, 950],
        [{ remaining: 3, resetMs: 2000 }, 750],
        // But half of the time at least.
        [{ remaining: 2, resetMs: 900 }, 450],
        [{ remaining: 5, resetMs: 1000 }, 125],
        // What is left of a long time is spread over a minute.
        [{ remaining: 101, resetMs: 900_000 }, 600],
        // More than enough: the pace is slower.
        [{ remaining: 1000, resetMs: 10_000 }, FIRST_GAP_MS],
    ])('of %o leaves %i ms between calls', (quota, gapMs) => {
        const pacer = startAt();

        pacer.limit(START, quota);

        expect(pacer.bulkOpensAt).toBe(START);
        expect(bulkGapOf(pacer)).toBeCloseTo(gapMs, 8);
    });

    it('is not spread over the calls of people, who go on until nothing is left', () => {
        const pacer = startAt();

        pacer.limit(START, { remaining: 1, resetMs: 7000 });
        const gapMs = gapOf(pacer);
        pacer.limit(START + 100, { remaining: 0, resetMs: 6900 });

        expect(gapMs).toBe(FIRST_GAP_MS);
        expect(pacer.opensAt).toBe(START + 7000);
    });

    it('is spread from the moment at which a call was due', () => {
        const pacer = startAt();
        pacer.limit(START, { remaining: 11, resetMs: 10_000 });

        expect([bulkGapOf(pacer), bulkGapOf(pacer)]).toEqual([expect.closeTo(950, 8), expect.closeTo(950, 8)]);
    });

    it('that people use up meanwhile is not counted twice', () => {
        const pacer = startAt();
        pacer.limit(START, { remaining: 11, resetMs: 10_000 });
        for (const at of [0, 100, 200]) pacer.sent(START + at);

        expect(pacer.bulkOpensAt).toBeCloseTo(START + 200 - 5 + 950, 8);
    });

    it('that was told before a reset is forgotten', () => {
        const pacer = startAt();
        pacer.limit(START, { remaining: 1, resetMs: 7000 });

        pacer.restart(START + 10);

        expect(pacer.bulkOpensAt).toBe(START + 10);
    });

    it.each([0, 1])('of %i is left to people until there is more', remaining => {
        const pacer = startAt();

        pacer.limit(START, { remaining, resetMs: 7000 });

        expect(pacer.bulkOpensAt).toBe(START + 7000);
    });

    it.each([
        [2, 0],
        [1, START + 7000],
        [0, START + 7000],
    ])('of %i is spent until %i', (remaining, until) => {
        const pacer = startAt();

        pacer.limit(START, { remaining, resetMs: 7000 });

        expect(pacer.spentUntil).toBe(until);
    });

    it('is not spent before it is told', () => {
        expect(startAt().spentUntil).toBe(0);
    });

    it('does not shorten a pause that is longer', () => {
        const pacer = createPacer();
        refuse(pacer, { at: 0, pauseMs: 9000, sequence: 1 });

        pacer.limit(START, { remaining: 0, resetMs: 7000 });

        expect(pacer.bulkOpensAt).toBe(START + 9000);
    });

    it.each([
        [500, 250],
        // Not beyond the moment at which there is more.
        [799, 206],
        [1000, FIRST_GAP_MS],
    ])('leaves after %i ms of a second a gap of %i ms', (at, gapMs) => {
        const pacer = startAt();
        pacer.limit(START, { remaining: 3, resetMs: 1000 });

        pacer.sent(START + at);

        expect(pacer.bulkOpensAt).toBe(START + at - 5 + gapMs);
    });

    it('is that of the last answer', () => {
        const pacer = startAt();
        pacer.limit(START, { remaining: 3, resetMs: 10_000 });

        pacer.limit(START, { remaining: 11, resetMs: 10_000 });

        expect(bulkGapOf(pacer)).toBeCloseTo(950, 8);
    });

    it.each([
        // The same moment, rounded up: the earliest of those told is the closest.
        ['less is left', 5, 5600, 250 / 4],
        ['as much is left', 6, 5600, 250 / 5],
        // It is another one.
        ['more is left', 7, 5600, 600 / 6],
        ['it is a second later', 5, 6000, 1000 / 4],
        ['it is earlier', 5, 4900, 200 / 4],
    ])('is spread until the moment that is likely, where it is told again and %s', (_, remaining, until, gapMs) => {
        const pacer = startAt();
        pacer.limit(START + 4000, { remaining: 6, resetMs: 1000 });

        pacer.limit(START + 4500, { remaining, resetMs: until - 4500 });
        pacer.sent(START + 4500);

        expect(pacer.bulkOpensAt).toBeCloseTo(START + 4500 - 5 + gapMs, 8);
    });

    it('of the next window may end less than a second after the last', () => {
        const pacer = startAt();
        pacer.limit(START, { remaining: 2, resetMs: 1000 });

        pacer.limit(START + 1000, { remaining: 1, resetMs: 900 });

        expect(pacer.bulkOpensAt).toBe(START + 1900);
    });

    it.each([
        ['does not grow while it is lower', 10, 1999, 1],
        ['grows again when it is not told any more', 10, 2000, 2 ** (FIRST_GAP_MS / DOUBLING_MS)],
        ['grows while it is higher', 1000, 500, 2 ** (FIRST_GAP_MS / DOUBLING_MS)],
    ])('is no reason to search: the pace %s', (_, remaining, at, growth) => {
        const pacer = startAt(START + at);
        pacer.limit(START, { remaining, resetMs: 1000 });

        gapOf(pacer);

        expect(rateOf(pacer)).toBeCloseTo(FIRST_RATE * growth, 8);
    });

    it('varies its gaps as well', () => {
        const pacer = createPacer(1);
        pacer.start(START);

        pacer.limit(START, { remaining: 11, resetMs: 10_000 });

        expect(bulkGapOf(pacer)).toBeCloseTo(950 * 1.05, 8);
    });
});

describe('after half a minute without a call', () => {
    it('the ramp begins anew, at the first call that leaves', () => {
        const { pacer } = createSteady();
        const opensAt = pacer.opensAt;

        pacer.sent(opensAt + 30_000);

        expect(pacer.opensAt).toBe(opensAt + 30_000 + FIRST_GAP_MS);
        expect(gapOf(pacer)).toBeCloseTo(FIRST_GAP_MS / 2 ** (FIRST_GAP_MS / DOUBLING_MS), 6);
    });

    it('and not before', () => {
        const { pacer } = createSteady();
        const rate = rateOf(pacer);
        const opensAt = pacer.opensAt;

        pacer.sent(opensAt + 29_999);

        expect(pacer.opensAt).toBeCloseTo(opensAt + 29_999 - 5 + 1000 / rate, 6);
    });

    it('does not begin anew when the pause that the server asked for was as long', () => {
        const pacer = createSearching({ pauseMs: 60_000 });
        const rate = rampEnd(10 / 61);

        pacer.sent(pacer.opensAt);

        expect(pacer.opensAt).toBeCloseTo(START + 61_000 + 500 / rate + 1000 / cautious(rate, 60_000), 6);
    });

    it('neither the time without a call nor what was accepted before it tells the rate', () => {
        const pacer = createSearching();
        accept(pacer, 40);
        pacer.sent(pacer.opensAt + 3_600_000);
        const at = pacer.opensAt - START;
        accept(pacer, 10);

        refuse(pacer, { at: at - FIRST_GAP_MS + 1000, sequence: 100 });

        const ramped = FIRST_RATE * 2 ** (FIRST_GAP_MS / DOUBLING_MS);
        expect(rateOf(pacer)).toBeCloseTo(cautious(rampEnd(10, ramped)), 6);
    });

    it('a refusal of a call that was not sent here is that of a healthy service', () => {
        const pacer = createSearching();

        refuse(pacer, { at: 3_600_000, pauseMs: 2000, sequence: 20 });

        expect(pacer.opensAt).toBe(START + 3_602_000);
        expect(rateAfterCanary(pacer)).toBeCloseTo(2, 8);
    });

    it('the pace has ended all the same: a call that leaves is no trouble', () => {
        const pacer = createSearching();

        pacer.sent(pacer.opensAt + 30_000);

        expect(pacer.isPacing(pacer.opensAt)).toBe(false);
    });
});

describe('the pace ends', () => {
    it('at any time while nothing has been refused', () => {
        const pacer = createPacer();
        pacer.start(START);
        gapOf(pacer);

        expect(pacer.isPacing(START)).toBe(false);
    });

    it('30 s after it was begun anew', () => {
        const pacer = createPacer();
        pacer.restart(START);

        expect(pacer.isPacing(START + 29_999)).toBe(true);
        expect(pacer.isPacing(START + 30_000)).toBe(false);
    });

    it('30 s after the last refusal', () => {
        const pacer = createPacer();
        refuse(pacer, { at: 0, sequence: 1 });
        refuse(pacer, { at: 20_000, sequence: 2 });

        expect(pacer.isPacing(START + 49_999)).toBe(true);
        expect(pacer.isPacing(START + 50_000)).toBe(false);
    });

    it('not before 30 s after the last of many refusals with nothing accepted between', () => {
        const pacer = createSearching();
        for (let second = 5; second <= 40; second += 5) refuse(pacer, { at: second * 1000, sequence: 20 + second });

        expect(pacer.isPacing(START + 69_999)).toBe(true);
        expect(pacer.isPacing(START + 70_000)).toBe(false);
    });

    it('at once when it is stopped', () => {
        const pacer = createSearching();

        pacer.stop();

        expect(pacer.isPacing(START + 1000)).toBe(false);
        expect(pacer.opensAt).toBe(0);
        pacer.sent(START + 1000);
        expect(pacer.opensAt).toBe(0);
    });

    it('and begins again with any refusal, also a late one of the burst before', () => {
        const pacer = createSearching({ latest: 500 });
        pacer.stop();

        refuse(pacer, { at: 60_000, pauseMs: 1000, sequence: 300, latest: 500 });

        expect(pacer.isPacing(START + 60_000)).toBe(true);
        expect(pacer.opensAt).toBe(START + 61_000);
        expect(rateAfterCanary(pacer)).toBeCloseTo(4, 8);
    });

    it('and begins again with the whole ramp, whatever was on its way when it ended', () => {
        const pacer = createSearching({ latest: 500 });
        for (let count = 0; count < 50; count++) refuse(pacer, { at: 1050, sequence: 500 });
        pacer.stop();

        pacer.start(START + 60_000);

        expect(gapOf(pacer)).toBe(FIRST_GAP_MS);
        expect(gapOf(pacer)).toBeCloseTo(FIRST_GAP_MS / 2 ** (FIRST_GAP_MS / DOUBLING_MS), 6);
    });
});

describe('a clock that stands still or goes back', () => {
    it.each([0, -60_000])('leaves a pace that makes sense: %i ms after the event before', at => {
        const ramp = createPacer();
        ramp.start(START);
        refuse(ramp, { at, sequence: 1, answerMs: 0 });
        const steady = createSearching();
        accept(steady, 5);
        steady.sent(START + 1000);
        refuse(steady, { at: 1000 + at, sequence: 30, answerMs: 0 });

        for (const pacer of [ramp, steady]) {
            for (let call = 0; call < 3; call++) expect(1000 / gapOf(pacer)).toSatisfy(rate => rate > 1 && rate < 501);
        }
    });
});

describe('a call that ends without an answer', () => {
    /** The first call of a refused server, sent ahead of the others. */
    function createWaiting() {
        const pacer = createPacer();
        refuse(pacer, { at: 0, sequence: 1, latest: 2 });
        const sentAt = pacer.opensAt;
        pacer.sent(sentAt);
        expect(pacer.opensAt).toBe(sentAt + ANSWER_MS);
        return { pacer, sentAt };
    }

    it('is waited for no longer', () => {
        const { pacer, sentAt } = createWaiting();

        pacer.unanswered({ sequence: 3, sentAt });

        expect(pacer.opensAt).toBeLessThan(sentAt + 100);
    });

    it('was not the one that is waited for when it left before the refusal', () => {
        const { pacer, sentAt } = createWaiting();

        pacer.unanswered({ sequence: 2, sentAt: START });

        expect(pacer.opensAt).toBe(sentAt + ANSWER_MS);
    });
});
