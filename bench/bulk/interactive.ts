/**
 * Somebody saves a record once a second while an import runs through the same service: how long each call waits before it
 * is sent, and for its answer. In virtual time.
 *
 *     npm run build && node bench/bulk/interactive.ts            prints the table
 *     npm run build && node bench/bulk/interactive.ts --check    fails when a call that could have been sent had to wait
 */
import { runBulk } from 'ra-rate-limit';
import { TokenBucket } from './limiters.ts';
import { Server } from './server.ts';
import { rowsOf } from './simulate.ts';
import { wire } from './strategies/ours.ts';
import { inVirtualTime, seededRandom, sleep } from './virtualTime.ts';

const DURATION_MS = 60_000;
const IMPORT = 0;
const PERSON = 1;

const LIMITS = [
    { rate: 200, burst: 50 },
    { rate: 20, burst: 20 },
    { rate: 20, burst: 5 },
];

interface Save {
    /** Whether the server had asked for a pause: nothing may be sent then. */
    isPaused: boolean;
    hadRoom: boolean;
    /** From the call to the first request. */
    waitMs: number;
    /** Rows of the import that were sent while it waited. */
    overtakenBy: number;
    attempts: number;
    latencyMs: number;
}

const saveDuringImport = (rate: number, burst: number): Promise<Save[]> =>
    inVirtualTime(1, async ({ now }) => {
        const random = seededRandom(1);
        const limiter = new TokenBucket({ fromMs: 0, rate, burst });
        const server = new Server({ limiter, hint: 'seconds', now, random });
        let rowsSent = 0;
        const fetch: typeof globalThis.fetch = (url, init) => {
            if (JSON.parse(String(init?.body)).client === IMPORT) rowsSent++;
            return server.fetch(url, init);
        };
        const { service, create } = wire({ fetch, url: 'http://server/rows', random });
        const end = new AbortController();
        const { signal } = end;
        const bulk = runBulk(rowsOf(IMPORT, Number.POSITIVE_INFINITY, signal), create, { service, signal });

        const save = async (row: number): Promise<Save> => {
            const calledAt = now();
            const isPaused = (service.getSnapshot().pausedUntil ?? 0) > Date.now();
            const hadRoom = limiter.hasRoom(calledAt);
            const rowsBefore = rowsSent;
            const sent: { at: number; rowsSent: number }[] = [];
            await service.executeWithRetry(() => {
                sent.push({ at: now(), rowsSent });
                return create({ client: PERSON, row });
            });
            const first = sent[0] ?? { at: Number.NaN, rowsSent: Number.NaN };
            return {
                isPaused,
                hadRoom,
                waitMs: first.at - calledAt,
                overtakenBy: first.rowsSent - rowsBefore,
                attempts: sent.length,
                latencyMs: now() - calledAt,
            };
        };

        const saves: Promise<Save>[] = [];
        for (let row = 0; now() < DURATION_MS; row++) {
            await sleep(500 + 1000 * random());
            saves.push(save(row));
        }
        const results = await Promise.all(saves);
        end.abort();
        await bulk;
        service.dispose();
        return results;
    });

const quantile = (values: number[], share: number): number =>
    values.toSorted((one, other) => one - other)[Math.floor(share * (values.length - 1))] ?? Number.NaN;

const table: Record<string, object> = {};
let late = 0;
for (const { rate, burst } of LIMITS) {
    const saves = await saveDuringImport(rate, burst);
    const free = saves.filter(({ isPaused }) => !isPaused);
    const paused = saves.filter(({ isPaused }) => isPaused);
    const latencies = saves.map(({ latencyMs }) => latencyMs);
    late += free.filter(({ hadRoom, waitMs, overtakenBy }) => hadRoom && (waitMs > 0 || overtakenBy > 0)).length;
    table[`${rate}/s, burst ${burst}`] = {
        saves: saves.length,
        'sent at once': free.filter(({ waitMs }) => waitMs === 0).length,
        'in a pause': paused.length,
        'else late': free.filter(({ waitMs }) => waitMs > 0).length,
        overtaken: saves.filter(({ overtakenBy }) => overtakenBy > 0).length,
        refused: saves.filter(({ attempts }) => attempts > 1).length,
        'median ms': quantile(latencies, 0.5),
        '95 % within ms': quantile(latencies, 0.95),
        'longest ms': quantile(latencies, 1),
    };
}
console.log('A save a second during an import: when it is sent, and how long it takes (a request takes 50 ms)');
console.table(table);
if (late > 0) console.error(`${late} saves waited although the server had room`);
if (process.argv.includes('--check') && late > 0) process.exitCode = 1;
