import { markdownTable } from '../page.ts';
import { importers } from '../peers/clients.ts';
import { CELLS, type Cell } from './cells.ts';
import { type Measurement, sum } from './measurement.ts';
import { simulateFor } from './simulate.ts';
import { bulk } from './strategies/ours.ts';
import { peers } from './strategies/peers.ts';
import type { Strategy } from './strategies/strategy.ts';

const MINUTE_MS = 60_000;

/** Parts of the matrix. Its runs of a minute stand for the short ones, and ten clients for other numbers of them. */
const PARTS: Readonly<Record<string, (cell: Cell) => boolean>> = {
    '`Retry-After`': ({ hint, clients }) => hint === 'seconds' && clients === 1,
    'milliseconds in the body': ({ hint, clients }) => hint === 'exact' && clients === 1,
    'told nothing': ({ hint, clients }) => hint === 'none' && clients === 1,
    '`RateLimit` headers': ({ hint }) => hint.startsWith('headers'),
    'ten clients, `Retry-After`': ({ hint, clients }) => hint === 'seconds' && clients === 10,
    'ten clients, told nothing': ({ hint, clients }) => hint === 'none' && clients === 10,
};

/** What a strategy made of each cell. */
export interface Summary {
    strategy: Strategy;
    /** By part of the matrix. */
    runs: Readonly<Record<string, Measurement[]>>;
}

const run = ({ durationMs, hint, clients, concurrency, limiter }: Cell, strategy: Strategy): Promise<Measurement> =>
    simulateFor(durationMs, { limiter: () => limiter(durationMs), hint, strategy, clients, concurrency, seed: 1 });

/** Our bulk work and all peers that can work on an import of no known length. */
export async function summarise(): Promise<Summary[]> {
    const strategies = [bulk, ...peers, ...importers].filter(({ isForFiniteJobs }) => !isForFiniteJobs);
    const cells = CELLS.filter(({ durationMs }) => durationMs >= MINUTE_MS);
    const summaries: Summary[] = [];
    for (const strategy of strategies) {
        const runs: Record<string, Measurement[]> = {};
        for (const [part, isPart] of Object.entries(PARTS)) {
            const measured: Measurement[] = [];
            for (const cell of cells.filter(isPart)) measured.push(await run(cell, strategy));
            runs[part] = measured;
        }
        summaries.push({ strategy, runs });
    }
    return summaries;
}

const percent = (share: number): string => `${(share * 100).toFixed(share < 0.0995 ? 1 : 0)} %`;

const mean = (numbers: number[]) => sum(numbers) / numbers.length;

const shareOf = (runs: Measurement[]) => mean(runs.map(({ share }) => share));
const refusedShareOf = (runs: Measurement[]) => mean(runs.map(({ refusedShare }) => refusedShare));

export function summaryTable(summaries: Summary[]): string {
    const head = ['', ...Object.keys(PARTS), 'rows given up'];
    const rows = summaries.map(({ strategy, runs }) => [
        strategy.name,
        ...Object.values(runs).map(part => `${shareOf(part).toFixed(2)}, ${percent(refusedShareOf(part))}`),
        String(sum(Object.values(runs).flatMap(part => part.map(({ lost }) => lost)))),
    ]);
    return markdownTable(head, rows);
}
