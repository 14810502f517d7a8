import type { Limiter } from './limiters.ts';
import { type Measurement, measure, sum } from './measurement.ts';
import { type Hint, type Row, Server } from './server.ts';
import type { Strategy } from './strategies/strategy.ts';
import { inVirtualTime, seededRandom } from './virtualTime.ts';

export interface Simulation {
    limiter: () => Limiter;
    hint: Hint;
    strategy: Strategy;
    /** Each with a service of its own, all on the one limit. @default 1 */
    clients?: number;
    /** Rows under way at the same time, of each client. @default 20 */
    concurrency?: number;
    /** Where all chance comes from. */
    seed: number;
    latencyMs?: number;
    jitterMs?: number;
}

/** Imports with no end, stopped after `durationMs`. */
export const simulateFor = (durationMs: number, simulation: Simulation): Promise<Measurement> =>
    simulate(simulation, Number.POSITIVE_INFINITY, durationMs);

/** An import of so many rows by each client. */
export const simulateImport = (rowsEach: number, simulation: Simulation): Promise<Measurement> =>
    simulate(simulation, rowsEach, undefined);

function simulate(
    { limiter, strategy, hint, seed, latencyMs, jitterMs, clients = 1, concurrency = 20 }: Simulation,
    rowsEach: number,
    timeLimitMs: number | undefined,
): Promise<Measurement> {
    return inVirtualTime(seed, async ({ now }) => {
        const random = seededRandom(seed);
        const server = new Server({ limiter: limiter(), hint, now, random, latencyMs, jitterMs });
        const deadline = new AbortController();
        const { signal } = deadline;
        if (timeLimitMs !== undefined) setTimeout(() => deadline.abort(), timeLimitMs);

        const outcomes = await Promise.all(
            Array.from({ length: clients }, (_, client) =>
                strategy.run({
                    rows: rowsOf(client, rowsEach, signal),
                    fetch: server.fetch,
                    url: 'http://server/rows',
                    concurrency,
                    signal,
                    random: seededRandom(seed * 1000 + client),
                }),
            ),
        );
        // Of an import with no end, those that its strategy gave up, or only believes to be in.
        const givenUp = sum(outcomes.map(({ failed }) => failed));
        const imagined = sum(outcomes.map(({ succeeded }) => succeeded)) - server.stored.size;
        const lost =
            timeLimitMs === undefined ? rowsEach * clients - server.stored.size : givenUp + Math.max(0, imagined);
        return measure(server, timeLimitMs ?? now(), clients, lost);
    });
}

/** Rows until there are enough of them, or the time is up. */
export function* rowsOf(client: number, count: number, signal?: AbortSignal): Generator<Row> {
    for (let row = 0; row < count && !signal?.aborted; row++) yield { client, row };
}
