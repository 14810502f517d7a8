/**
 * An import of 2,000 rows, done by each strategy there is: what gets lost, and how long it takes. In virtual time, against
 * servers that tell their limit in a `Retry-After` of whole seconds.
 *
 *     npm run build && node bench/bulk/imports.ts            prints the tables
 *     npm run build && node bench/bulk/imports.ts --write    and puts them into docs/bulk.md, as one
 */
import { markdownTable, publish } from '../page.ts';
import { TokenBucket } from './limiters.ts';
import { describeImports, type Measurement } from './measurement.ts';
import { simulateImport } from './simulate.ts';
import { bulk, ours } from './strategies/ours.ts';
import { peers } from './strategies/peers.ts';

const ROWS = 2_000;
/** Chance decides how some peers fare: the table has the means. */
const SEEDS = [1, 2, 3, 4, 5];
const LIMITS = [
    { rate: 200, burst: 50 },
    { rate: 20, burst: 5 },
];

const strategies = [...ours, ...peers];
const rows = strategies.map(({ name }) => [name === bulk.name ? `**\`${name}\`**` : name]);

for (const { rate, burst } of LIMITS) {
    const table: Record<string, object> = {};
    for (const [place, strategy] of strategies.entries()) {
        const limiter = () => new TokenBucket({ fromMs: 0, rate, burst });
        const runs: Measurement[] = [];
        for (const seed of SEEDS) runs.push(await simulateImport(ROWS, { limiter, hint: 'seconds', strategy, seed }));
        const described = describeImports(runs);
        table[strategy.name] = described;
        const lost = described['rows lost'];
        const cells = [lost.toLocaleString('en'), lost > 0 ? '' : described.seconds, described['requests refused']];
        rows[place]?.push(...cells.map(cell => (strategy === bulk && cell ? `**${cell}**` : cell)));
    }
    console.log(`${ROWS} rows against ${rate} requests/s, burst ${burst}: the mean of ${SEEDS.length} runs`);
    console.table(table);
}

const head = LIMITS.flatMap(({ rate, burst }) => [`${rate}/s, burst ${burst}: lost`, 'seconds', 'refused']);
publish('docs/bulk.md', { imports: markdownTable(['', ...head], rows) });
