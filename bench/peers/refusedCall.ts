import type { Row } from '../bulk/server.ts';
import { inVirtualTime, seededRandom, sleep } from '../bulk/virtualTime.ts';
import { markdownTable } from '../page.ts';
import { type Client, clients } from './clients.ts';

const LATENCY_MS = 50;
/** Chance decides how long peers wait. */
const SEEDS = 200;
export const retryAfterSeconds = 2;
const REFUSALS = [0, 1, 2, 3, 4] as const;
const ROW: Row = { client: 0, row: 0 };

/** How one call went that was refused so many times before it was to be accepted. */
interface Run {
    elapsedMs: number;
    isAccepted: boolean;
    /** Requests that the server got before the moment that its last refusal had named. */
    early: number;
}

/** A client's calls, by the number of refusals that they meet: the median of all runs. */
export interface RefusedCalls {
    client: Client;
    calls: Run[];
}

const call = (client: Client, refusals: number, retryAfter: number | undefined, seed: number): Promise<Run> =>
    inVirtualTime(seed, async ({ now }) => {
        const headers = retryAfter === undefined ? {} : { 'Retry-After': String(retryAfter) };
        let requests = 0;
        let early = 0;
        let allowedAt = 0;
        const fetch: typeof globalThis.fetch = async () => {
            await sleep(LATENCY_MS / 2);
            const isRefused = requests++ < refusals;
            if (now() < allowedAt) early++;
            allowedAt = now() + (retryAfter ?? 0) * 1000;
            await sleep(LATENCY_MS / 2);
            if (!isRefused) return new Response('{}', { status: 201, statusText: 'Created' });
            const body = '{"message":"Too Many Requests"}';
            return new Response(body, { status: 429, statusText: 'Too Many Requests', headers });
        };
        const send = client.connect({ fetch, url: 'http://server/rows', random: seededRandom(seed) });
        const isAccepted = await send(ROW).then(
            () => true,
            () => false,
        );
        return { elapsedMs: now(), isAccepted, early };
    });

function median(runs: Run[]): Run {
    const sorted = runs.toSorted((one, other) => one.elapsedMs - other.elapsedMs);
    return sorted[Math.floor(runs.length / 2)] as Run;
}

/** Calls that meet 0 to 4 refusals, by each client: without a `Retry-After`, or with one. Virtual time. */
export async function measureRefusedCalls(retryAfter?: number): Promise<RefusedCalls[]> {
    const results: RefusedCalls[] = [];
    for (const client of clients) {
        if (client.isTaught && retryAfter === undefined) continue;
        const calls: Run[] = [];
        for (const refusals of REFUSALS) {
            const runs: Run[] = [];
            for (let seed = 1; seed <= SEEDS; seed++) runs.push(await call(client, refusals, retryAfter, seed));
            calls.push(median(runs));
        }
        results.push({ client, calls });
    }
    return results;
}

const seconds = (ms: number) => `${(ms / 1000).toFixed(2)} s`;

export function refusedCallsTable(results: RefusedCalls[], isTimeNamed: boolean): string {
    const head = ['', 'retries', ...REFUSALS.map(count => (count === 1 ? '1 refusal' : `${count} refusals`))];
    const rows = results.map(({ client, calls }) => [
        client.name,
        client.retries,
        ...calls.map(({ elapsedMs, isAccepted }) => (isAccepted ? '' : 'fails after ') + seconds(elapsedMs)),
        ...(isTimeNamed ? [String(Math.max(...calls.map(({ early }) => early)))] : []),
    ]);
    return markdownTable(isTimeNamed ? [...head, 'sent too early, of 4'] : head, rows);
}
