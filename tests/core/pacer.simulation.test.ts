import { describe, expect, it } from 'vitest';
import { Pacer } from '../../src/core/pacer';
import { createChance } from '../support/chance';

const LATENCY_MS = 50;

interface Limiter {
    /** Calls a second, at a moment. */
    rateAt: (at: number) => number;
    burst: number;
    /** Whether a refusal says when to come back, in whole seconds. */
    tellsPause: boolean;
}

/** A token bucket: tells 0 of an accepted call, else the pause it asks for, in milliseconds, or `NaN`. */
function createBucket({ rateAt, burst, tellsPause }: Limiter) {
    let tokens = burst;
    let filledAt = 0;
    return (now: number): number => {
        const rate = rateAt(now);
        tokens = Math.min(burst, tokens + ((now - filledAt) * rate) / 1000);
        filledAt = now;
        if (tokens >= 1) {
            tokens--;
            return 0;
        }
        return tellsPause ? Math.ceil((1 - tokens) / rate) * 1000 : Number.NaN;
    };
}

interface Event {
    at: number;
    run: () => void;
}

/** Clients with calls without end, on one limit, in virtual time. Counts between two moments, in seconds. */
function simulate(limiter: Limiter, clients: number, seed: number, { from = 0, to = 60 } = {}) {
    const chance = createChance(seed);
    const bucket = createBucket(limiter);
    const events: Event[] = [];
    const counts = Array.from({ length: clients }, () => ({ accepted: 0, refused: 0 }));
    const schedule = (at: number, run: () => void) => {
        const index = events.findLastIndex(event => event.at <= at);
        events.splice(index + 1, 0, { at, run });
    };
    for (const count of counts) {
        const pacer = new Pacer(chance);
        let sent = 0;
        let pausedUntil = 0;
        const isCounted = (at: number) => at >= from * 1000 && at < to * 1000;
        const send = (now: number) => {
            const opensAt = Math.max(pacer.opensAt, pausedUntil);
            if (opensAt > now) {
                schedule(opensAt, () => send(opensAt));
                return;
            }
            pacer.sent(now);
            const call = { sequence: ++sent, sentAt: now };
            schedule(now + LATENCY_MS / 2, () => {
                const arrivedAt = now + LATENCY_MS / 2;
                const pauseMs = bucket(arrivedAt);
                if (isCounted(arrivedAt)) count[pauseMs === 0 ? 'accepted' : 'refused']++;
                schedule(now + LATENCY_MS, () => {
                    const answeredAt = now + LATENCY_MS;
                    if (pauseMs === 0) {
                        pacer.accepted(call);
                        return;
                    }
                    if (pauseMs > 0) pausedUntil = Math.max(pausedUntil, answeredAt + pauseMs);
                    pacer.refused(answeredAt, pausedUntil, call, sent);
                });
            });
            send(now);
        };
        const startsAt = 100 * chance();
        schedule(startsAt, () => {
            pacer.start(startsAt);
            send(startsAt);
        });
    }
    for (let next = events.shift(); next && next.at < to * 1000; next = events.shift()) next.run();
    let limit = 0;
    for (let second = from; second < to; second++) limit += limiter.rateAt(second * 1000);
    const sum = (name: 'accepted' | 'refused') => counts.reduce((total, count) => total + count[name], 0);
    const squares = counts.reduce((total, { accepted }) => total + accepted ** 2, 0);
    return {
        /** Of what the limit would have let through. */
        share: sum('accepted') / limit,
        /** Of all that was sent. */
        refused: sum('refused') / (sum('accepted') + sum('refused')),
        /** Jain's index: 1 when all have the same. */
        fairness: sum('accepted') ** 2 / (clients * squares),
    };
}

const SEEDS = [1, 2, 3, 4, 5, 6, 7, 8];

const limiters: [string, Limiter][] = [
    ['20 a second with a burst of 20 and whole-second pauses', { rateAt: () => 20, burst: 20, tellsPause: true }],
    ['100 a second with a burst of 200 and whole-second pauses', { rateAt: () => 100, burst: 200, tellsPause: true }],
    ['20 a second with a burst of 5, that tells no pause', { rateAt: () => 20, burst: 5, tellsPause: false }],
];

const mean = (values: number[]) => values.reduce((sum, value) => sum + value) / values.length;

describe.each(limiters)('a limit of %s', (_, limiter) => {
    it.each(SEEDS)('is used to nine tenths in the first minute, with 2 %% refused at most (chance %i)', seed => {
        const { share, refused } = simulate(limiter, 1, seed);

        expect(share).toBeGreaterThan(0.9);
        expect(refused).toBeLessThan(0.02);
    });

    it.each(SEEDS)('is used to 98 hundredths in the second, with 1 %% refused at most (chance %i)', seed => {
        const { share, refused } = simulate(limiter, 1, seed, { from: 60, to: 120 });

        expect(share).toBeGreaterThan(0.98);
        expect(refused).toBeLessThan(0.01);
    });

    it.each([2, 5])('is shared by %i clients fairly after a minute', clients => {
        const results = SEEDS.map(seed => simulate(limiter, clients, seed, { from: 60, to: 120 }));

        expect(mean(results.map(({ fairness }) => fairness))).toBeGreaterThan(0.85);
        expect(Math.min(...results.map(({ fairness }) => fairness))).toBeGreaterThan(0.7);
        expect(mean(results.map(({ share }) => share))).toBeGreaterThan(0.95);
        expect(mean(results.map(({ refused }) => refused))).toBeLessThan(0.03);
    });
});

describe('a limit of a few a minute', () => {
    it.each(SEEDS)('is not stormed (chance %i)', seed => {
        const fewAMinute: Limiter = { rateAt: () => 5 / 60, burst: 1, tellsPause: false };

        const { share, refused } = simulate(fewAMinute, 1, seed, { to: 600 });

        expect(share).toBeGreaterThan(0.5);
        expect(refused).toBeLessThan(0.6);
    });
});

describe('a limit of 40 a second', () => {
    const limiterOf = (later: number): Limiter => ({
        rateAt: at => (at < 60_000 ? 40 : later),
        burst: 40,
        tellsPause: true,
    });

    it.each(SEEDS)('that becomes half of that is followed within ten seconds (chance %i)', seed => {
        const { share, refused } = simulate(limiterOf(20), 1, seed, { from: 70, to: 120 });

        expect(share).toBeGreaterThan(0.95);
        expect(refused).toBeLessThan(0.01);
    });

    it.each(SEEDS)('that becomes twice of that is found within a minute (chance %i)', seed => {
        const { share, refused } = simulate(limiterOf(80), 1, seed, { from: 120, to: 180 });

        expect(share).toBeGreaterThan(0.9);
        expect(refused).toBeLessThan(0.01);
    });
});
