import type { RateLimitOptions, RateLimitService } from 'ra-rate-limit';
import type { Limiter } from '../bulk/limiters.ts';
import { type Arrival, type Hint, Server } from '../bulk/server.ts';
import { wire } from '../bulk/strategies/ours.ts';
import { inVirtualTime, seededRandom, sleep } from '../bulk/virtualTime.ts';

/** People at work, each in a tab of their own: a service each, one limit for all of them. */
export interface Crowd {
    people: number;
    /** The mean time that a person takes from the end of a save to the next one. */
    thinkMs: number;
    durationMs: number;
    limiter: () => Limiter;
    hint: Hint;
    options: RateLimitOptions;
    seed: number;
}

/** One save, as the person sees it. Times are milliseconds since the start of the run. */
export interface Save {
    person: number;
    calledAt: number;
    /** From the click to the answer or the error. */
    tookMs: number;
    isSaved: boolean;
}

export interface CrowdRun {
    saves: Save[];
    arrivals: Arrival[];
    /** How often a circuit opened, in all tabs together. */
    opened: number;
}

/** Lets people save again and again, at random moments. A save that failed is not made again by itself. */
export const simulatePeople = (crowd: Crowd): Promise<CrowdRun> =>
    inVirtualTime(crowd.seed, async ({ now }) => {
        const { people, thinkMs, durationMs, limiter, hint, options, seed } = crowd;
        const server = new Server({ limiter: limiter(), hint, now, random: seededRandom(seed) });
        const services: RateLimitService[] = [];
        const saves: Save[] = [];

        const work = async (person: number): Promise<void> => {
            const random = seededRandom(seed * 1000 + person);
            const { service, create } = wire({ fetch: server.fetch, url: 'http://server/rows', random }, options);
            services.push(service);
            for (let row = 0; ; row++) {
                await sleep(-Math.log(1 - random()) * thinkMs);
                const calledAt = now();
                if (calledAt >= durationMs) return;
                const isSaved = await service
                    .executeWithRetry(() => create({ client: person, row }))
                    .then(
                        () => true,
                        () => false,
                    );
                saves.push({ person, calledAt, tookMs: now() - calledAt, isSaved });
            }
        };

        await Promise.all(Array.from({ length: people }, (_, person) => work(person)));
        const opened = services.reduce((sum, service) => sum + service.getStats().opened, 0);
        for (const service of services) service.dispose();
        return { saves, arrivals: server.arrivals, opened };
    });
