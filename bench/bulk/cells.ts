import { FixedWindow, LeakyQueue, type Limiter, SlidingWindow, TokenBucket } from './limiters.ts';
import type { Measurement } from './measurement.ts';
import type { Hint } from './server.ts';

/** One case of the matrix: a limiter, how it tells its limit, how long the run is, how many clients there are. */
export interface Cell {
    name: string;
    limiter: (durationMs: number) => Limiter;
    hint: Hint;
    durationMs: number;
    clients: number;
    concurrency: number;
    target: Target;
}

export interface Target {
    /** The least share of what the limiter allows. */
    share: number;
    /** The most requests refused, as a share of those sent. */
    refusedShare: number;
    /** The least Jain index. */
    jain: number;
}

interface Limit {
    name: string;
    limiter: (durationMs: number) => Limiter;
    /** Whether what is saved up during the wait that a refusal costs is lost, where that is in whole seconds. */
    coversSecond: boolean;
    /** A run is a whole number of these: of a window that is cut short, a paced client could not use everything. */
    windowMs?: number;
    /** More where 20 rows at a time could not reach the rate. */
    concurrency?: number;
}

const bucket = (rate: number, burst: number): Limit => ({
    name: `token ${rate}/${burst}`,
    limiter: () => new TokenBucket({ fromMs: 0, rate, burst }),
    coversSecond: burst >= rate,
    ...(rate >= 400 && { concurrency: 50 }),
});

const changing = (from: [rate: number, burst: number], to: [rate: number, burst: number]): Limit => ({
    name: `token ${from.join('/')} → ${to.join('/')}`,
    limiter: durationMs =>
        new TokenBucket(
            { fromMs: 0, rate: from[0], burst: from[1] },
            { fromMs: durationMs / 2, rate: to[0], burst: to[1] },
        ),
    coversSecond: false, // a new rate has to be found out
});

const fixed = (limit: number, windowMs: number): Limit => ({
    name: `fixed ${limit} per ${windowMs / 1000} s`,
    limiter: () => new FixedWindow(limit, windowMs),
    coversSecond: true,
    windowMs,
});

const sliding = (limit: number, windowMs: number): Limit => ({
    name: `sliding ${limit} per ${windowMs / 1000} s`,
    limiter: () => new SlidingWindow(limit, windowMs),
    coversSecond: true,
    windowMs,
});

const leakyQueue = (rate: number, burst: number): Limit => ({
    name: `leaky queue ${rate}/${burst}`,
    limiter: () => new LeakyQueue(rate, burst),
    coversSecond: burst >= rate,
    concurrency: 50,
});

const LIMITS: Limit[] = [
    bucket(20, 20),
    bucket(100, 200),
    bucket(200, 50),
    bucket(20, 5),
    bucket(500, 100),
    bucket(20, 40),
    bucket(1, 2),
    { ...bucket(20, 2), name: 'leaky 20' }, // as a meter, which is a bucket with hardly any burst
    leakyQueue(20, 10),
    fixed(100, 10_000),
    fixed(20, 1_000),
    sliding(100, 10_000),
    changing([20, 20], [40, 40]),
    changing([40, 40], [20, 20]),
    changing([100, 200], [25, 200]),
];

const SHARED_LIMITS = [bucket(100, 200), bucket(20, 20), bucket(200, 50), bucket(500, 500)];
const CLIENTS = [2, 5, 10, 50];

const LENGTHS = { short: 15_000, long: 60_000 };

function targetOf({ coversSecond }: Limit, hint: Hint, isShort: boolean, clients: number): Target {
    if (clients > 1) return { share: 0.93, refusedShare: 0.03, jain: 0.9 };
    const isCovered = coversSecond || hint === 'exact';
    const share = isCovered ? 0.97 : isShort ? 0.82 : 0.93;
    const refusedShare = hint.startsWith('headers') ? 0 : isShort ? 0.02 : 0.01;
    return { share, refusedShare, jain: 0 };
}

function cellOf(limit: Limit, hint: Hint, length: keyof typeof LENGTHS, clients = 1): Cell {
    const { windowMs = 1_000, concurrency = 20, limiter } = limit;
    return {
        name: `${limit.name}, ${hint}, ${length}, ${clients} ${clients > 1 ? 'clients' : 'client'}`,
        limiter,
        hint,
        durationMs: Math.ceil(LENGTHS[length] / windowMs) * windowMs,
        clients,
        concurrency,
        target: targetOf(limit, hint, length === 'short', clients),
    };
}

export const CELLS: Cell[] = [
    ...(['seconds', 'exact', 'none'] as const).flatMap(hint =>
        LIMITS.flatMap(limit => (['short', 'long'] as const).map(length => cellOf(limit, hint, length))),
    ),
    ...(['headers-6', 'headers-8'] as const).flatMap(hint =>
        [fixed(100, 10_000), fixed(20, 1_000)].flatMap(limit =>
            (['short', 'long'] as const).map(length => cellOf(limit, hint, length)),
        ),
    ),
    ...(['seconds', 'exact', 'none'] as const).flatMap(hint =>
        SHARED_LIMITS.flatMap(limit => CLIENTS.map(clients => cellOf(limit, hint, 'long', clients))),
    ),
];

/** What is wrong with a run: nothing, when it meets its target. */
export function missesOf({ target, clients }: Cell, measured: Measurement): string[] {
    const misses: string[] = [];
    if (measured.lost > 0) misses.push('lost');
    if (measured.doubled > 0) misses.push('doubled');
    if (measured.share < target.share) misses.push('share');
    // The limit cannot be known without meeting it: one refusal a client is no miss, however few requests there are.
    const most = target.refusedShare && Math.max(clients, target.refusedShare * measured.sent);
    if (measured.refused > most) misses.push('refused');
    if (measured.jain < target.jain) misses.push('jain');
    return misses;
}
