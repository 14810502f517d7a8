import { type RateLimitOptions, withRateLimit } from 'ra-rate-limit';
import { type Limiter, TokenBucket } from '../bulk/limiters.ts';
import { type Hint, Server } from '../bulk/server.ts';
import { wire } from '../bulk/strategies/ours.ts';
import { inVirtualTime, seededRandom } from '../bulk/virtualTime.ts';

const SEEDS = [1, 2, 3, 4, 5];

/** So many creates at the same moment, in one tab or spread over several. */
export interface Volley {
    tabs: number;
    createsEach: number;
    limiter: () => Limiter;
    hint: Hint;
    options: RateLimitOptions;
}

export interface VolleyRun {
    lost: number;
    refused: number;
    /** When the last create was in. */
    doneMs: number;
}

/** The means of five runs. */
export async function fireTogether(volley: Volley): Promise<VolleyRun> {
    const runs: VolleyRun[] = [];
    for (const seed of SEEDS) runs.push(await fireOnce(volley, seed));
    const mean = (of: (run: VolleyRun) => number) => runs.reduce((sum, run) => sum + of(run), 0) / runs.length;
    return { lost: mean(run => run.lost), refused: mean(run => run.refused), doneMs: mean(run => run.doneMs) };
}

const fireOnce = ({ tabs, createsEach, limiter, hint, options }: Volley, seed: number): Promise<VolleyRun> =>
    inVirtualTime(seed, async ({ now }) => {
        const server = new Server({ limiter: limiter(), hint, now, random: seededRandom(seed) });
        let doneMs = 0;
        const fire = async (client: number): Promise<number> => {
            const random = seededRandom(seed * 1000 + client);
            const { service, create } = wire({ fetch: server.fetch, url: 'http://server/rows', random }, options);
            const provider = withRateLimit({ create }, { service });
            const creates = Array.from({ length: createsEach }, async (_, row) => {
                await provider.create({ client, row });
                doneMs = now();
            });
            const settled = await Promise.allSettled(creates);
            service.dispose();
            return settled.filter(({ status }) => status === 'rejected').length;
        };
        const lost = await Promise.all(Array.from({ length: tabs }, (_, tab) => fire(tab)));
        const refused = server.arrivals.filter(({ isAccepted }) => !isAccepted).length;
        return { lost: lost.reduce((sum, count) => sum + count, 0), refused, doneMs };
    });

export const bucket = (rate: number, burst: number) => () => new TokenBucket({ fromMs: 0, rate, burst });
