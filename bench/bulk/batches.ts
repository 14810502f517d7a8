/**
 * 10,000 rows with 40 bad ones among them, in batches, against 20 requests a second: one request stores a whole batch, or
 * nothing when there is a bad row in it. In virtual time.
 *
 *     npm run build && node bench/bulk/batches.ts            prints the table
 *     npm run build && node bench/bulk/batches.ts --check    fails when a target is missed
 */
import { createHttpClient, RateLimitService, runBulk } from 'ra-rate-limit';
import { TokenBucket } from './limiters.ts';
import { inVirtualTime, seededRandom, sleep } from './virtualTime.ts';

const ROWS = 10_000;
const BAD = 40;
const MOST_SECONDS = 30;
const SIZES = [undefined, 100, 500, 1_000];
const SEEDS = [1, 2, 3];

interface BatchRun {
    seconds: number;
    requests: number;
    refused: number;
    /** Batches that failed because of a bad row. */
    failed: number;
    /** Whether every good row is stored once, and exactly the bad ones are reported. */
    isExact: boolean;
}

const importInBatches = (batchSize: number | undefined, seed: number): Promise<BatchRun> =>
    inVirtualTime(seed, async ({ now }) => {
        const random = seededRandom(seed);
        const bad = new Set<number>();
        while (bad.size < BAD) bad.add(Math.floor(random() * ROWS));

        const limiter = new TokenBucket({ fromMs: 0, rate: 20, burst: 20 });
        const stored = new Map<number, number>();
        const counts = { requests: 0, refused: 0, failed: 0 };
        const fetch = async (_url: unknown, init?: RequestInit): Promise<Response> => {
            const rows: number[] = JSON.parse(String(init?.body));
            counts.requests++;
            await sleep(25);
            const { isAllowed, waitMs } = limiter.take(now());
            if (isAllowed) await sleep(rows.length);
            await sleep(25);
            if (!isAllowed) {
                counts.refused++;
                return new Response('{}', {
                    status: 429,
                    headers: { 'Retry-After': String(Math.ceil(waitMs / 1000)) },
                });
            }
            if (rows.some(row => bad.has(row))) {
                counts.failed++;
                return new Response('{"message":"violates check constraint"}', { status: 400 });
            }
            for (const row of rows) stored.set(row, (stored.get(row) ?? 0) + 1);
            return new Response('{}', { status: 201 });
        };

        const service = new RateLimitService({ logger: false });
        const client = createHttpClient({ service, fetch });
        const post = (rows: number[]) => client('http://server/rows', { method: 'POST', body: JSON.stringify(rows) });
        const rows = Array.from({ length: ROWS }, (_, row) => row);
        const run = batchSize
            ? runBulk(rows, post, { service, batchSize })
            : runBulk(rows, row => post([row]), { service });
        const { errors } = await run;
        service.dispose();

        const isReported = errors.length === BAD && errors.every(({ index }) => bad.has(index));
        const isStoredOnce = stored.size === ROWS - BAD && [...stored.values()].every(times => times === 1);
        return { seconds: now() / 1000, ...counts, isExact: isReported && isStoredOnce };
    });

const table: Record<string, object> = {};
let isMissed = false;
for (const batchSize of SIZES) {
    const runs: BatchRun[] = [];
    for (const seed of SEEDS) runs.push(await importInBatches(batchSize, seed));
    const most = (of: (run: BatchRun) => number) => Math.max(...runs.map(of));
    const isExact = runs.every(run => run.isExact);
    table[batchSize ? `batchSize ${batchSize}` : 'one by one'] = {
        seconds: most(run => run.seconds).toFixed(1),
        requests: most(run => run.requests),
        'with a bad row': most(run => run.failed),
        refused: most(run => run.refused),
        [`${BAD} reported, the others in once`]: isExact ? 'yes' : 'no',
    };
    isMissed ||= !isExact || (batchSize !== undefined && most(run => run.seconds) > MOST_SECONDS);
}
console.log(`${ROWS} rows, ${BAD} bad ones, 20 requests/s: the worst of ${SEEDS.length} runs`);
console.table(table);
if (isMissed) console.error(`The target of ${MOST_SECONDS} s, and nothing lost, is missed`);
if (process.argv.includes('--check') && isMissed) process.exitCode = 1;
