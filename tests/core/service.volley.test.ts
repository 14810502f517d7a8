import { RateLimitService } from 'ra-rate-limit';
import { describe, expect, it } from 'vitest';
import { createChance } from '../support/chance';
import { refusal, refusalFor } from '../support/scriptedCalls';
import { VirtualClock } from '../support/virtualClock';

const LATENCY_MS = 40;
/** Fewer where calls are many, which takes long. */
const seedsFor = (calls: number) => Array.from({ length: calls > 100 ? 5 : 20 }, (_, index) => index + 1);

type Hint = 'whole seconds' | 'the exact time' | 'nothing';

interface Limit {
    rate: number;
    burst: number;
    hint: Hint;
}

/** A server behind a token bucket: `save` is answered after some 40 ms, and rejects with a 429. */
function createServer({ rate, burst, hint }: Limit, seed: number) {
    const chance = createChance(seed * 7919);
    const clock = new VirtualClock({ random: chance });
    const wait = (ms: number) => new Promise<void>(resolve => clock.setTimeout(resolve, ms));
    const counts = { accepted: 0, refused: 0 };
    let tokens = burst;
    let filledAt = clock.now();
    const save = async () => {
        await wait(LATENCY_MS * (0.5 + chance()));
        tokens = Math.min(burst, tokens + ((clock.now() - filledAt) * rate) / 1000);
        filledAt = clock.now();
        const missing = 1 - tokens;
        if (missing <= 0) tokens--;
        counts[missing <= 0 ? 'accepted' : 'refused']++;
        await wait(LATENCY_MS / 2);
        if (missing <= 0) return;
        const seconds = missing / rate;
        throw hint === 'nothing' ? refusal() : refusalFor(hint === 'whole seconds' ? Math.ceil(seconds) : seconds);
    };
    return { clock, save, counts };
}

/** So many calls at once, with the default options. Tells how many failed, and what was refused. */
async function volley(calls: number, limit: Limit, seed: number) {
    const { clock, save, counts } = createServer(limit, seed);
    const service = new RateLimitService({ clock, logger: false });
    const all = Promise.allSettled(Array.from({ length: calls }, () => service.executeWithRetry(save)));
    const failed = (await clock.resolve(all)).filter(({ status }) => status === 'rejected').length;
    service.dispose();
    return { failed, refused: counts.refused };
}

describe.each<[calls: number, rate: number, burst: number]>([
    [10, 1, 2],
    [10, 4, 2],
    [20, 2, 2],
    [60, 5, 5],
    [300, 20, 40],
])('%i saves at once on a limit of %i a second with a burst of %i', (calls, rate, burst) => {
    it.each<Hint>(['whole seconds', 'the exact time'])('are all saved when the server tells %s', async hint => {
        for (const seed of seedsFor(calls)) {
            const { failed, refused } = await volley(calls, { rate, burst, hint }, seed);

            expect(failed, `with chance ${seed}`).toBe(0);
            // What the burst had no room for, at least, and hardly more.
            expect(refused).toBeGreaterThanOrEqual(calls - burst);
            expect(refused).toBeLessThan(1.5 * calls);
        }
    });
});

describe.each<[calls: number, rate: number, burst: number]>([
    [20, 2, 2],
    [60, 5, 5],
    [300, 20, 40],
])(
    '%i saves at once on a limit of %i a second with a burst of %i, that does not tell when to come back',
    (calls, rate, burst) => {
        it('are all saved', async () => {
            for (const seed of seedsFor(calls)) {
                const { failed } = await volley(calls, { rate, burst, hint: 'nothing' }, seed);

                expect(failed, `with chance ${seed}`).toBe(0);
            }
        });
    },
);

describe.each<[people: number, rate: number, burst: number]>([
    [4, 10, 4],
    [8, 20, 8],
])(
    '%i people, each with a service of their own, on one limit of %i a second with a burst of %i',
    (people, rate, burst) => {
        it.each<Hint>(['whole seconds', 'the exact time'])('lose none of four saves each when told %s', async hint => {
            for (const seed of seedsFor(people)) {
                const { clock, save, counts } = createServer({ rate, burst, hint }, seed);
                const saveAll = async () => {
                    const service = new RateLimitService({ clock, logger: false });
                    for (let saved = 0; saved < 4; saved++) await service.executeWithRetry(save);
                    service.dispose();
                };

                await clock.resolve(Promise.all(Array.from({ length: people }, saveAll)));

                expect(counts.accepted, `with chance ${seed}`).toBe(4 * people);
                expect(counts.refused).toBeGreaterThan(0);
            }
        });
    },
);

it('a script that saves 20 at a time, for as long as it takes, loses none: who was refused is not overtaken for ever', async () => {
    for (const seed of [1, 2, 3]) {
        const { clock, save, counts } = createServer({ rate: 20, burst: 5, hint: 'whole seconds' }, seed);
        const service = new RateLimitService({ clock, logger: false });
        const saveInTurn = async () => {
            for (let saved = 0; saved < 40; saved++) await service.executeWithRetry(save);
        };

        await clock.resolve(Promise.all(Array.from({ length: 20 }, saveInTurn)));

        expect(counts.accepted).toBe(800);
        service.dispose();
    }
});
