import type { Limiter } from './limiters.ts';
import type { Arrival, Server } from './server.ts';

export interface Measurement {
    sent: number;
    accepted: number;
    refused: number;
    /** What was accepted, as a share of the most that the limiter would have. */
    share: number;
    refusedShare: number;
    /** How evenly the clients came off: 1 when all had the same, 1/n when one had everything (Jain 1984). */
    jain: number;
    /** Rows that did not get in, and rows that got in more than once. */
    lost: number;
    doubled: number;
    durationMs: number;
    arrivals: Arrival[];
    limiter: Limiter;
}

/** What the first `durationMs` came to, from the server's point of view. */
export function measure(server: Server, durationMs: number, clients: number, lost: number): Measurement {
    const { limiter } = server.options;
    const arrivals = server.arrivals.filter(({ at }) => at < durationMs);
    const acceptedOf = new Array<number>(clients).fill(0);
    for (const { client, isAccepted } of arrivals) if (isAccepted) acceptedOf[client] = (acceptedOf[client] ?? 0) + 1;
    const accepted = sum(acceptedOf);
    const refused = arrivals.length - accepted;
    return {
        sent: arrivals.length,
        accepted,
        refused,
        share: accepted / limiter.allowed(durationMs),
        refusedShare: refused / arrivals.length,
        jain: accepted ** 2 / (clients * sum(acceptedOf.map(count => count ** 2))),
        lost,
        doubled: [...server.stored.values()].filter(times => times > 1).length,
        durationMs,
        arrivals,
        limiter,
    };
}

/** Runs of one import as a row of a table: their means. */
export function describeImports(runs: Measurement[]) {
    const mean = (of: (run: Measurement) => number) => sum(runs.map(of)) / runs.length;
    return {
        'rows lost': Math.ceil(mean(run => run.lost)),
        'rows doubled': Math.ceil(mean(run => run.doubled)),
        seconds: mean(run => run.durationMs / 1000).toFixed(1),
        'of the limit': mean(run => run.share).toFixed(2),
        'requests refused': `${(mean(run => run.refusedShare) * 100).toFixed(1)} %`,
    };
}

export const sum = (numbers: number[]): number => numbers.reduce((total, number) => total + number, 0);
