import { describe, expect, it } from 'vitest';
import { type CallContext, createCall } from '../../src/core/call';
import { CircuitBreaker } from '../../src/core/circuitBreaker';
import { ServerGate } from '../../src/core/serverGate';
import { createSession } from '../support/bulkSession';

const NOW = 1_000_000;
const PERSON: CallContext = {};
const BULK: CallContext = { priority: 'bulk' };

function createGate({ people = 0 }: { people?: number } = {}) {
    const breaker = new CircuitBreaker(2);
    const gate = new ServerGate(breaker, () => 0);
    for (let person = 0; person < people; person++) gate.countInteractive(1);
    return { breaker, gate };
}

/** A call that was refused, so many times; the last time as one of the latest of twenty. */
const refusedCall = (context: CallContext, attempts = 1) => ({ ...createCall(context), attempts, sequence: 20 });

describe('the moment at which a call may leave', () => {
    it('is any while nothing is known against it', () => {
        const { gate } = createGate({ people: 1 });

        expect(gate.opensAt(createCall(PERSON))).toBe(0);
    });

    it('is the end of the open period, or of the pause, whichever is later', () => {
        const { breaker, gate } = createGate({ people: 1 });

        breaker.open(NOW, NOW + 5000);
        expect(gate.opensAt(createCall(PERSON))).toBe(NOW + 5000);
        gate.pause(NOW, NOW + 8000);

        expect(gate.opensAt(createCall(PERSON))).toBe(NOW + 8000);
        expect(gate.bulkOpensAt).toBeGreaterThanOrEqual(NOW + 8000);
    });

    it('is that of the pace where there are several people, and for bulk work', () => {
        const { gate } = createGate({ people: 2 });
        gate.setBulk(NOW, true);
        gate.leave(NOW);

        expect(gate.opensAt(createCall(PERSON))).toBeGreaterThan(NOW);
        expect(gate.opensAt(createCall(BULK))).toBeGreaterThan(NOW);
    });

    it('is not held up by the pace for a person who is alone', () => {
        const { gate } = createGate({ people: 1 });
        gate.setBulk(NOW, true);
        gate.leave(NOW);

        expect(gate.opensAt(createCall(PERSON))).toBe(0);
    });

    it('comes a second after its own wait at the latest, for one who was refused beside bulk work', () => {
        const { gate } = createGate({ people: 1 });
        gate.setBulk(NOW, true);
        gate.limit(NOW, { remaining: 0, resetMs: 5000 }, 10_000);
        expect(gate.bulkOpensAt).toBe(NOW + 5000);

        expect(gate.opensAt({ ...refusedCall(PERSON), notBefore: NOW + 200 })).toBe(NOW + 1200);
    });

    it('is left to an event for a run that its user has paused, but not for what an item under way calls', () => {
        const { gate } = createGate();
        const context: CallContext = { ...BULK, bulk: createSession({ isPaused: true }).session };

        expect(gate.opensAt(createCall(context))).toBe(Number.POSITIVE_INFINITY);
        expect(gate.opensAt(createCall({ ...context, partOf: { probe: 0 } }))).toBe(0);
        expect(gate.opensAt(createCall({ ...context, turn: { probe: 0 } }))).toBe(0);
    });
});

describe('the rank of a call', () => {
    it('is lower the longer it has waited, and rises by a second with each refusal', () => {
        const { gate } = createGate();
        const rankOf = (attempts: number, waitedMs: number) =>
            gate.rankOf({ ...refusedCall(PERSON, attempts), waitedMs }, NOW);

        expect(rankOf(0, 500)).toBe(rankOf(0, 0) - 500);
        expect(rankOf(2, 0)).toBe(rankOf(0, 0) + 2000);
    });

    it('of bulk work is behind that of everybody', () => {
        const { gate } = createGate();

        expect(gate.rankOf(createCall(BULK), NOW)).toBe(Number.POSITIVE_INFINITY);
    });
});

describe('a new call is clear', () => {
    it('when it is alone, nobody has asked for a pause and the circuit is closed', () => {
        const { gate } = createGate();

        expect(gate.isClear(NOW, false)).toBe(true);
    });

    it('unless it is bulk work', () => {
        const { gate } = createGate();

        expect(gate.isClear(NOW, true)).toBe(false);
    });

    it('unless somebody else is there', () => {
        const { gate } = createGate({ people: 1 });

        expect(gate.isClear(NOW, false)).toBe(false);
        gate.countInteractive(-1);

        expect(gate.isClear(NOW, false)).toBe(true);
    });

    it('not before the end of a pause', () => {
        const { gate } = createGate();
        gate.pause(NOW, NOW + 1000);

        expect(gate.isClear(NOW + 999, false)).toBe(false);
        expect(gate.isClear(NOW + 1000, false)).toBe(true);
    });

    it('not in a circuit that is open, or half-open', () => {
        const { breaker, gate } = createGate();
        breaker.open(NOW, NOW + 1000);

        expect(gate.isClear(NOW, false)).toBe(false);
        expect(gate.isClear(NOW + 2000, false)).toBe(false);
    });
});

/** The time from one item of bulk work to the next, when it goes on after what happened to it. */
function gapAfter(people: number, happened: (gate: ServerGate) => void): number {
    const { gate } = createGate({ people });
    gate.setBulk(NOW, true);
    for (; gate.sent < 20; gate.sent++) gate.leave(gate.bulkOpensAt);
    happened(gate);
    const leftAt = gate.bulkOpensAt;
    gate.leave(leftAt);
    return gate.bulkOpensAt - leftAt;
}

describe('the pace of bulk work', () => {
    const undisturbed = gapAfter(0, () => {});

    it('slows down with a pause that the server asked for', () => {
        expect(gapAfter(0, gate => void gate.pause(NOW + 500, NOW + 1000))).toBeGreaterThan(undisturbed);
    });

    it('does not beside a person, whose call it may be that was refused', () => {
        const gap = gapAfter(1, gate => void gate.pause(NOW + 500, NOW + 1000));

        expect(gap).toBeLessThanOrEqual(undisturbed);
        expect(gap).toBeGreaterThan(undisturbed / 2);
    });

    it('waits for the end of such a pause all the same', () => {
        const { gate } = createGate({ people: 1 });
        gate.setBulk(NOW, true);

        gate.pause(NOW, NOW + 3000);

        expect(gate.bulkOpensAt).toBeGreaterThanOrEqual(NOW + 3000);
    });

    it('slows down with an item that was refused', () => {
        const item = refusedCall({ ...BULK, bulk: createSession().session });

        expect(gapAfter(0, gate => gate.refused(NOW + 500, item))).toBeGreaterThan(undisturbed);
    });

    it('does not with a person who is alone and did not leave at it, but with one who did', () => {
        const first = gapAfter(1, gate => gate.refused(NOW + 500, refusedCall(PERSON, 1)));
        const second = gapAfter(1, gate => gate.refused(NOW + 500, refusedCall(PERSON, 2)));

        expect(first).toBeLessThanOrEqual(undisturbed);
        expect(second).toBeGreaterThan(undisturbed);
    });

    it('slows down with one of several people, who left at it', () => {
        expect(gapAfter(2, gate => gate.refused(NOW + 500, refusedCall(PERSON, 1)))).toBeGreaterThan(undisturbed);
    });
});

describe('a healthy server', () => {
    it('paces nobody when it tells its quota', () => {
        const { gate } = createGate({ people: 2 });

        gate.limit(NOW, { remaining: 0, resetMs: 5000 }, 10_000);

        expect(gate.opensAt(createCall(PERSON))).toBe(0);
    });

    it('paces nobody after a reset', () => {
        const { gate } = createGate({ people: 2 });

        gate.reset(NOW);
        gate.leave(NOW);

        expect(gate.opensAt(createCall(PERSON))).toBe(0);
    });
});

describe('a server in trouble', () => {
    const REASONS: Record<string, (created: ReturnType<typeof createGate>) => void> = {
        'the circuit is open': ({ breaker }) => void breaker.open(NOW, NOW + 1000),
        'a call has failed': ({ breaker }) => void breaker.fail(NOW),
        'it asked for a pause': ({ gate }) => void gate.pause(NOW, NOW + 1000),
        'it refused something a while ago': ({ gate }) => gate.refused(NOW - 29_000, refusedCall(PERSON)),
        'there is bulk work': ({ gate }) => gate.setBulk(NOW - 60_000, true),
    };

    it.each(Object.entries(REASONS))('is one while %s', (_, begin) => {
        const created = createGate();
        begin(created);

        created.gate.review(NOW, 0);

        expect(created.gate.isTroubled).toBe(true);
    });

    it('is one while calls wait', () => {
        const { gate } = createGate();

        gate.review(NOW, 1);

        expect(gate.isTroubled).toBe(true);
    });

    it('has recovered when it has accepted everything for half a minute, and its pause is forgotten', () => {
        const { gate } = createGate();
        gate.pause(NOW, NOW + 1000);
        gate.review(NOW + 29_999, 0);
        expect(gate.isTroubled).toBe(true);

        gate.review(NOW + 30_000, 0);

        expect(gate.isTroubled).toBe(false);
        expect(gate.pausedUntil).toBe(0);
        expect(gate.opensAt(createCall(BULK))).toBe(0);
    });
});

describe('a pause', () => {
    it('is news only when it is longer than what is known', () => {
        const { gate } = createGate();

        expect(gate.pause(NOW, NOW + 1000)).toBe(true);
        expect(gate.pause(NOW, NOW + 1000)).toBe(false);
        expect(gate.pause(NOW, NOW + 2000)).toBe(true);

        expect(gate.pausedUntil).toBe(NOW + 2000);
    });

    it('is forgotten after a reset, and waiting calls go one after another', () => {
        const { gate } = createGate({ people: 2 });
        gate.pause(NOW, NOW + 10_000);

        gate.reset(NOW);
        expect(gate.opensAt(createCall(PERSON))).toBe(NOW);
        gate.leave(NOW);

        expect(gate.opensAt(createCall(PERSON))).toBeGreaterThan(NOW);
    });
});

describe('the answer to a call', () => {
    it('closes the circuit when it is that of the probe', () => {
        const { breaker, gate } = createGate();
        breaker.open(NOW - 1000, NOW);
        const probe = gate.leave(NOW);

        gate.answered(createCall(PERSON), probe - 1);
        expect(breaker.describe(NOW).status).toBe('half-open');
        gate.answered(createCall(PERSON), probe);

        expect(breaker.describe(NOW).status).toBe('closed');
    });

    it('lets another call probe when there was none', () => {
        const { breaker, gate } = createGate();
        breaker.open(NOW - 1000, NOW);
        const probe = gate.leave(NOW);
        expect(breaker.passesAt).toBeGreaterThan(NOW);

        gate.unanswered(createCall(PERSON), probe);

        expect(breaker.passesAt).toBe(NOW);
    });

    it('tells that the server was not silent, for calls that were sent before it', () => {
        const { gate } = createGate();
        const call = createCall(PERSON);
        call.sequence = ++gate.sent;
        expect(gate.isSilentSince(call)).toBe(true);

        gate.answered(createCall(PERSON), 0);

        expect(gate.isSilentSince(call)).toBe(false);
    });
});
