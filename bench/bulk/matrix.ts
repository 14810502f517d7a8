/**
 * Bulk work against every kind of limit, in virtual time: how much of what the server allows an import of unknown length
 * uses, how much of it is refused, and how evenly clients on one limit come off.
 *
 *     npm run build && node bench/bulk/matrix.ts                      the whole matrix
 *     npm run build && node bench/bulk/matrix.ts --write              and puts its tables into docs/bulk.md
 *     node bench/bulk/matrix.ts 'token 20/5' seconds long             the cells whose name has all of these
 *     node bench/bulk/matrix.ts 'token 20/5' --peers                  with the peers below each
 *     node bench/bulk/matrix.ts --strategy AWS                        another strategy instead
 *     node bench/bulk/matrix.ts --seeds 10 --check                    more runs of each; fails when a target is missed
 */
import { parseArgs } from 'node:util';
import { publish } from '../page.ts';
import { CELLS, type Cell, missesOf } from './cells.ts';
import type { Measurement } from './measurement.ts';
import { simulateFor } from './simulate.ts';
import { bulk, ours } from './strategies/ours.ts';
import { peers } from './strategies/peers.ts';
import type { Strategy } from './strategies/strategy.ts';
import { aloneTable, type Result, sharedTable } from './tables.ts';

const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
        peers: { type: 'boolean', default: false },
        check: { type: 'boolean', default: false },
        write: { type: 'boolean', default: false },
        strategy: { type: 'string', default: bulk.name },
        seeds: { type: 'string', default: '5' },
    },
});

/** Those that can work on an import with no end. */
const endless = [...ours, ...peers].filter(({ isForFiniteJobs }) => !isForFiniteJobs);
const strategies = endless.filter(({ name }) => values.peers || name.includes(values.strategy));
const seeds = Array.from({ length: Number(values.seeds) }, (_, place) => place + 1);
const cells = CELLS.filter(({ name }) => positionals.every(part => name.includes(part)));

async function runsOf(cell: Cell, strategy: Strategy): Promise<Measurement[]> {
    const runs: Measurement[] = [];
    for (const seed of seeds) {
        const { durationMs, hint, clients, concurrency } = cell;
        const limiter = () => cell.limiter(durationMs);
        runs.push(await simulateFor(durationMs, { limiter, hint, strategy, clients, concurrency, seed }));
    }
    return runs;
}

/** The mean of all runs; of rows lost or doubled, the worst. */
function typicalOf(runs: Measurement[]): Measurement {
    const mean = (of: (run: Measurement) => number) => runs.reduce((sum, run) => sum + of(run), 0) / runs.length;
    const worst = (of: (run: Measurement) => number) => Math.max(...runs.map(of));
    const [first] = runs;
    if (!first) throw new Error('--seeds must be 1 or more');
    return {
        ...first,
        share: mean(run => run.share),
        sent: mean(run => run.sent),
        refused: mean(run => run.refused),
        refusedShare: mean(run => run.refusedShare),
        jain: mean(run => run.jain),
        lost: worst(run => run.lost),
        doubled: worst(run => run.doubled),
    };
}

function row(cell: Cell, strategy: Strategy, typical: Measurement) {
    const misses = missesOf(cell, typical);
    return {
        name: strategy === strategies[0] ? cell.name : `    ${strategy.name}`,
        share: typical.share.toFixed(3),
        of: cell.target.share,
        refused: `${(typical.refusedShare * 100).toFixed(1)} %`,
        jain: cell.clients > 1 ? typical.jain.toFixed(2) : '',
        lost: typical.lost || '',
        doubled: typical.doubled || '',
        target: misses.length > 0 ? `missed: ${misses.join(', ')}` : 'met',
    };
}

const WIDTHS = { name: 52, share: 6, of: 5, refused: 8, jain: 5, lost: 6, doubled: 8, target: 8 };
type Column = keyof typeof WIDTHS;
const line = (values: Record<Column, unknown>) =>
    (Object.keys(WIDTHS) as Column[]).map(key => String(values[key]).padEnd(WIDTHS[key])).join(' ');

console.log(`The mean of ${seeds.length} runs of each`);
console.log(line(Object.fromEntries(Object.keys(WIDTHS).map(key => [key, key])) as Record<Column, string>));
let missed = 0;
const results = new Map<string, Result>();
for (const cell of cells) {
    for (const strategy of strategies) {
        const typical = typicalOf(await runsOf(cell, strategy));
        const result = row(cell, strategy, typical);
        if (strategy === strategies[0]) {
            results.set(cell.name, typical);
            if (result.target !== 'met') missed++;
        }
        console.log(line(result));
    }
}
console.log(`${cells.length - missed} of ${cells.length} cells meet their targets`);
if (cells.length === CELLS.length) {
    const resultOf = (name: string): Result => {
        const result = results.get(name);
        if (!result) throw new Error(`The matrix has no cell '${name}'`);
        return result;
    };
    publish('docs/bulk.md', { alone: aloneTable(resultOf), clients: sharedTable(resultOf) });
}
if (values.check && missed > 0) process.exitCode = 1;
