/**
 * An import of 2,000 rows, done by each strategy there is: what gets lost, and how long it takes. In virtual time, against
 * servers that tell their limit in a `Retry-After` of whole seconds.
 *
 *     npm run build && node bench/bulk/imports.ts
 */
import { TokenBucket } from './limiters.ts';
import { describeImports, type Measurement } from './measurement.ts';
import { simulateImport } from './simulate.ts';
import { ours } from './strategies/ours.ts';
import { peers } from './strategies/peers.ts';

const ROWS = 2_000;
/** Chance decides how some peers fare: the table has the means. */
const SEEDS = [1, 2, 3, 4, 5];
const LIMITS = [
    { rate: 200, burst: 50 },
    { rate: 20, burst: 5 },
];

for (const { rate, burst } of LIMITS) {
    const table: Record<string, object> = {};
    for (const strategy of [...ours, ...peers]) {
        const limiter = () => new TokenBucket({ fromMs: 0, rate, burst });
        const runs: Measurement[] = [];
        for (const seed of SEEDS) runs.push(await simulateImport(ROWS, { limiter, hint: 'seconds', strategy, seed }));
        table[strategy.name] = describeImports(runs);
    }
    console.log(`${ROWS} rows against ${rate} requests/s, burst ${burst}: the mean of ${SEEDS.length} runs`);
    console.table(table);
}
