import { createHttpClient, type RateLimitOptions, RateLimitService, runBulk, withRateLimit } from 'ra-rate-limit';
import type { Row } from '../server.ts';
import { countSettled, inLoops } from './loops.ts';
import type { Job, Strategy } from './strategy.ts';

/** A service of the job's own, and a client whose answers it sees: the full wiring of the readme. */
export function wire({ fetch, url, random }: Pick<Job, 'fetch' | 'url' | 'random'>, options: RateLimitOptions = {}) {
    const service = new RateLimitService({
        ...options,
        logger: false,
        clock: {
            now: () => Date.now(),
            setTimeout: (callback, ms) => setTimeout(callback, ms),
            clearTimeout: handle => clearTimeout(handle as ReturnType<typeof setTimeout>),
            random,
        },
    });
    const client = createHttpClient({ service, fetch });
    const create = (row: Row) => client(url, { method: 'POST', body: JSON.stringify(row) });
    return { service, create };
}

export const bulk: Strategy = {
    name: 'runBulk',
    async run(job) {
        const { service, create } = wire(job);
        const { concurrency, signal } = job;
        const { succeeded, failed, unknown } = await runBulk(job.rows, create, { service, concurrency, signal });
        service.dispose();
        return { succeeded, failed: failed + unknown };
    },
};

/** What the import add-ons that people have amount to, over a data provider wrapped in one line. */
const wrappedAllAtOnce = (name: string, options?: RateLimitOptions): Strategy => ({
    name,
    isForFiniteJobs: true,
    async run(job) {
        const { service, create } = wire(job, options);
        const provider = withRateLimit({ create }, { service });
        const settled = await Promise.allSettled(Array.from(job.rows, row => provider.create(row)));
        service.dispose();
        return countSettled(settled);
    },
});

const wrappedInLoops: Strategy = {
    name: 'withRateLimit, 20 at a time',
    async run(job) {
        const { service, create } = wire(job);
        const provider = withRateLimit({ create }, { service });
        const outcome = await inLoops(job, row => provider.create(row));
        service.dispose();
        return outcome;
    },
};

export const ours: readonly Strategy[] = [
    bulk,
    wrappedAllAtOnce('withRateLimit, Promise.all'),
    wrappedAllAtOnce('the same, maxElapsedMs: Infinity', { maxElapsedMs: Number.POSITIVE_INFINITY }),
    wrappedInLoops,
];
