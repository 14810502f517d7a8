/**
 * What a row costs when nothing is in its way: a million rows from an async generator through `runBulk`, with a worker
 * that answers at once. Memory has to stay flat, and a row to cost the same however many there are.
 *
 *     npm run build && node --expose-gc bench/bulk/memory.ts            prints the table
 *     npm run build && node --expose-gc bench/bulk/memory.ts --check    fails when a target is missed
 */
import { RateLimitService, runBulk } from 'ra-rate-limit';

const COUNTS = [1_000, 10_000, 100_000, 1_000_000];
/** So many rows in all for each count, so that short runs are not judged by a single one. */
const LEAST_ROWS = 100_000;
const SAMPLE_EVERY = 100_000;
const MOST_MB = 32;
const MOST_RATIO = 1.3;

const heapMb = (): number => {
    globalThis.gc?.();
    return process.memoryUsage().heapUsed / 2 ** 20;
};

async function* rows(count: number, onRow: (row: number) => void = () => {}) {
    for (let row = 0; row < count; row++) {
        onRow(row);
        yield { row, name: `Contact ${row}` };
    }
}

async function run(source: AsyncIterable<{ row: number }>): Promise<void> {
    const service = new RateLimitService({ logger: false });
    const { failed } = await runBulk(source, async item => ({ data: item }), { service });
    service.dispose();
    if (failed > 0) throw new Error(`${failed} rows failed`);
}

/** Seconds on the wall, and microseconds of CPU a row. */
async function cost(count: number) {
    const runs = Math.max(1, Math.min(20, LEAST_ROWS / count));
    const start = performance.now();
    const before = process.cpuUsage();
    for (let done = 0; done < runs; done++) await run(rows(count));
    const { user, system } = process.cpuUsage(before);
    return {
        seconds: (performance.now() - start) / 1000 / runs,
        cpuUs: (user + system) / runs / count,
    };
}

await run(rows(10_000)); // compiles everything
const costs = new Map<number, { seconds: number; cpuUs: number }>();
for (const count of COUNTS) costs.set(count, await cost(count));

const samples: number[] = [];
const before = heapMb();
await run(rows(1_000_000, row => row % SAMPLE_EVERY === 0 && row > 0 && samples.push(heapMb())));
const grown = heapMb() - before;
const grownDuring = Math.max(...samples) - before;

console.table(
    Object.fromEntries(
        [...costs].map(([count, { seconds, cpuUs }]) => [
            `${count.toLocaleString('en')} rows`,
            { seconds: seconds.toFixed(2), 'µs of CPU a row': cpuUs.toFixed(2) },
        ]),
    ),
);
const ratio = (costs.get(1_000_000)?.cpuUs ?? 0) / (costs.get(1_000)?.cpuUs ?? 1);
console.log(`A row among a million costs ${ratio.toFixed(2)} of one among a thousand (at most ${MOST_RATIO})`);
console.log(
    `Heap: ${grownDuring.toFixed(1)} MB more during the run, ${grown.toFixed(1)} MB after it (at most ${MOST_MB} MB)`,
);

const isMissed = ratio > MOST_RATIO || grown > MOST_MB || grownDuring > MOST_MB;
if (isMissed) console.error('A target is missed');
if (process.argv.includes('--check') && isMissed) process.exitCode = 1;
