import type { RateLimitOptions } from 'ra-rate-limit';
import type { Limiter } from '../bulk/limiters.ts';
import type { Hint } from '../bulk/server.ts';
import { markdownTable } from '../page.ts';
import { type CrowdRun, simulatePeople } from './people.ts';

/** A limit that people share, and how much they ask of it. */
export interface Case {
    name: string;
    limiter: () => Limiter;
    hint: Hint;
    /** Saves a second, all people together, as long as none of them waits. */
    load: number;
}

/** What a table compares: options by the words of its first column. */
export type Settings = Readonly<Record<string, RateLimitOptions>>;

const PEOPLE = 50;
const DURATION_MS = 10 * 60_000;
const SEEDS = [1, 2, 3, 4, 5];

/** Each setting against each case: what `describe` says of all runs together. */
export async function crowdTable(
    what: string,
    settings: Settings,
    cases: readonly Case[],
    describe: (runs: CrowdRun[]) => string,
): Promise<string> {
    const rows: string[][] = [];
    for (const [name, options] of Object.entries(settings)) {
        const row = [name];
        for (const { limiter, hint, load } of cases) {
            const crowd = { people: PEOPLE, thinkMs: (PEOPLE / load) * 1000, durationMs: DURATION_MS };
            const runs: CrowdRun[] = [];
            for (const seed of SEEDS) runs.push(await simulatePeople({ ...crowd, limiter, hint, options, seed }));
            row.push(describe(runs));
        }
        rows.push(row);
    }
    return markdownTable([what, ...cases.map(({ name }) => name)], rows);
}

/** Saves that fail; what half of the others and 95 % of them take at most; requests for each save. */
export function failuresAndTimes(runs: CrowdRun[]): string {
    const saves = runs.flatMap(run => run.saves);
    const times = saves.filter(({ isSaved }) => isSaved).map(({ tookMs }) => tookMs);
    const requests = runs.reduce((sum, { arrivals }) => sum + arrivals.length, 0) / saves.length;
    const failed = percent(1 - times.length / saves.length);
    return `${failed}, ${seconds(quantile(times, 0.5))}, ${seconds(quantile(times, 0.95))}, ${requests.toFixed(2)}`;
}

const quantile = (values: readonly number[], share: number): number =>
    values.toSorted((one, other) => one - other)[Math.floor(share * (values.length - 1))] ?? Number.NaN;

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;

export const seconds = (ms: number): string => `${(ms / 1000).toFixed(ms < 10_000 ? 2 : 0)} s`;
