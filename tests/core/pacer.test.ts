import { describe, expect, it } from 'vitest';
import { Pacer } from '../../src/core/pacer';

const NOW = 1_000_000;

/** A pacer whose gaps vary by nothing. */
const createPacer = () => new Pacer(() => 0.5);

/** The gap behind a call that leaves now. */
function gapOf(pacer: Pacer, now = NOW): number {
    pacer.sent(now);
    return pacer.opensAt - now;
}

const times = (count: number, act: () => void) => {
    for (let index = 0; index < count; index++) act();
};

describe('without a refusal', () => {
    it('there is no pace, whatever was sent and accepted', () => {
        const pacer = createPacer();

        pacer.accepted();
        pacer.sent(NOW);

        expect(pacer.isPacing).toBe(false);
        expect(pacer.opensAt).toBe(0);
    });
});

describe('the first refusal', () => {
    it.each([true, false])('begins a pace of ten calls a second (left at a pace: %s)', isPaced => {
        const pacer = createPacer();

        pacer.refused(1, 1, isPaced);

        expect(pacer.isPacing).toBe(true);
        expect(gapOf(pacer)).toBe(100);
    });

    it('lets the next call leave at once', () => {
        const pacer = createPacer();
        pacer.sent(NOW);

        pacer.refused(1, 1, true);

        expect(pacer.opensAt).toBeLessThanOrEqual(NOW);
    });

    it('of a call that was not sent here begins it too', () => {
        const pacer = createPacer();

        pacer.refused(0, 0, false);

        expect(pacer.isPacing).toBe(true);
    });

    it.each([
        [0, 90],
        [0.999_999, 110],
    ])('varies the gap by a fifth, so that clients do not fall into step: %d', (chance, gapMs) => {
        const pacer = new Pacer(() => chance);

        pacer.refused(1, 1, true);

        expect(gapOf(pacer)).toBeCloseTo(gapMs, 3);
    });
});

describe('a further refusal', () => {
    it('doubles the gap, once per burst', () => {
        const pacer = createPacer();
        pacer.refused(3, 10, true);

        pacer.refused(4, 12, true);
        pacer.refused(10, 12, true);
        expect(gapOf(pacer)).toBe(100);

        pacer.refused(11, 15, true);
        pacer.refused(15, 15, true);
        expect(gapOf(pacer)).toBe(200);

        pacer.refused(16, 16, true);
        expect(gapOf(pacer)).toBe(400);
    });

    it('of a lone call leaves the gap as it is, and begins a burst', () => {
        const pacer = createPacer();
        pacer.refused(1, 1, true);

        pacer.refused(2, 5, false);
        expect(gapOf(pacer)).toBe(100);

        pacer.refused(5, 5, true);
        expect(gapOf(pacer)).toBe(100);
    });

    it('takes the gap back to 100 ms at least', () => {
        const pacer = createPacer();
        pacer.refused(1, 1, true);
        times(140, () => pacer.accepted());
        expect(gapOf(pacer)).toBeLessThan(7);

        pacer.refused(2, 2, true);

        expect(gapOf(pacer)).toBe(100);
    });

    it('makes the gap 10 s at most', () => {
        const pacer = createPacer();

        for (let sequence = 1; sequence <= 20; sequence++) pacer.refused(sequence, sequence, true);

        expect(gapOf(pacer)).toBe(10_000);
    });
});

describe('an accepted call', () => {
    it('takes 2 % off the gap', () => {
        const pacer = createPacer();
        pacer.refused(1, 1, true);

        pacer.accepted();
        expect(gapOf(pacer)).toBeCloseTo(98);
        pacer.accepted();
        expect(gapOf(pacer)).toBeCloseTo(96.04);
    });

    it('ends the pace when the gap would be shorter than 5 ms', () => {
        const pacer = createPacer();
        pacer.refused(1, 1, true);

        times(148, () => pacer.accepted());
        expect(pacer.isPacing).toBe(true);
        expect(gapOf(pacer)).toBeGreaterThan(5);

        pacer.accepted();
        expect(pacer.isPacing).toBe(false);
        expect(pacer.opensAt).toBe(0);
    });
});

it('a pace that has ended begins again with any refusal, also a late one of the burst before', () => {
    const pacer = createPacer();
    pacer.refused(1, 500, true);
    times(149, () => pacer.accepted());

    pacer.refused(300, 500, true);

    expect(pacer.isPacing).toBe(true);
    expect(gapOf(pacer)).toBe(100);
});
