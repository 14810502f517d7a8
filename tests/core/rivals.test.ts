import { describe, expect, it } from 'vitest';
import { Rivals } from '../../src/core/rivals';

const NOW = 1_000_000;

/** What was told of several times between two refusals: how many calls, in how many seconds, and how many of sending. */
function rivalsAfter(...measurements: [count: number, seconds: number, sending?: number, at?: number][]): Rivals {
    const rivals = new Rivals();
    for (const [count, seconds, sending = seconds, at = 0] of measurements) {
        rivals.measured(NOW + at, count, seconds, sending);
    }
    return rivals;
}

describe('rivals are not noticed', () => {
    it('before anything was measured, nor with the first measurement', () => {
        expect(new Rivals().arePresent).toBe(false);
        expect(rivalsAfter([100, 10]).arePresent).toBe(false);
    });

    it.each([
        ['the rate is the same', [200, 10], [40, 2]],
        ['it differs by half a call', [20, 1], [19.1, 1]],
        ['it differs by four hundredths', [1000, 1], [1040, 1]],
        ['more is accepted, and may have been saved up in the pauses before', [200, 10], [30, 2, 1]],
        ['less is accepted, and may have been lost in the pauses', [200, 10], [30, 2, 1.4]],
    ] as const)('while %s', (_, first, second) => {
        expect(rivalsAfter([...first], [...second]).arePresent).toBe(false);
        expect(rivalsAfter([...second], [...first]).arePresent).toBe(false);
    });
});

describe('rivals are noticed', () => {
    it.each([
        ['less is accepted than the limit lets through', [200, 10], [150, 10]],
        ['by a little, where many calls were counted', [10_000, 10], [10_500, 10]],
        ['even if nothing was saved up in the pauses', [200, 10], [22, 2, 1.3]],
    ] as const)('when %s', (_, first, second) => {
        expect(rivalsAfter([...first], [...second]).arePresent).toBe(true);
        expect(rivalsAfter([...second], [...first]).arePresent).toBe(true);
    });

    it('when a measurement agrees with each of the others, which leave no room for it together', () => {
        // Between 10 and 14, 13 and 18, and 9 and 12 a second.
        const all: [number, number, number][] = [
            [100, 10, 7.1],
            [130, 10, 7.2],
            [90, 10, 7.5],
        ];

        expect(rivalsAfter(...all.slice(0, 2)).arePresent).toBe(false);
        expect(rivalsAfter(...all).arePresent).toBe(true);
    });
});

describe('rivals that were noticed', () => {
    const noticed: [number, number][] = [
        [200, 10],
        [100, 10],
    ];

    it('are measured against from then on', () => {
        const rivals = rivalsAfter(...noticed, [100, 10, 10, 20_001]);
        expect(rivals.arePresent).toBe(false);

        rivals.measured(NOW + 20_002, 200, 10, 10);

        expect(rivals.arePresent).toBe(true);
    });

    it.each([
        [20_000, true],
        [20_001, false],
    ])('are gone when all agrees for 20 s: after %d ms', (at, arePresent) => {
        expect(rivalsAfter(...noticed, [100, 10, 10, at]).arePresent).toBe(arePresent);
    });

    it('are noticed again', () => {
        const rivals = rivalsAfter(...noticed, [200, 10, 10, 15_000], [200, 10, 10, 30_000]);

        expect(rivals.arePresent).toBe(true);
    });
});
