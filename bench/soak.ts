/**
 * People who save and imports that do not end, at the limit of a server that fails in every way it can: whether memory,
 * listeners or timers grow, and whether a row is lost or stored twice.
 *
 *     npm run build && npm run bench:soak                    ten minutes over real sockets
 *     npm run build && npm run bench:soak -- 2               two minutes
 *     npm run build && npm run bench:soak -- --virtual 3     three hours of virtual time
 *     npm run build && npm run bench:soak -- --check         fails when a target is missed as well
 */
import { getEventListeners } from 'node:events';
import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { createHttpClient, RateLimitError, RateLimitService, runBulk, withRateLimit } from 'ra-rate-limit';
import { countingClock } from '../tests/support/countingClock.ts';
import { inVirtualTime, seededRandom, sleep } from './bulk/virtualTime.ts';
import { FailingServer, overSockets } from './soak/failingServer.ts';

const SAMPLES = 20;
const PEOPLE = 5;
const ROWS = 300;
const CONCURRENCY = 10;
/** From the first third of the samples to the last, by their medians. */
const MOST_MB = 1;
/** Of a signal that all calls share: no more than there are calls and runs under way. */
const MOST_LISTENERS = PEOPLE + CONCURRENCY + 5;

const { values, positionals } = parseArgs({
    options: { virtual: { type: 'string' }, check: { type: 'boolean' } },
    allowPositionals: true,
});
const { gc } = globalThis;
if (!gc) throw new Error('Run it with node --expose-gc');

// Code that is thrown away after a while would look like memory that shrinks.
setFlagsFromString('--no-flush-bytecode');

let unhandled = 0;
process.on('unhandledRejection', () => void unhandled++);

interface Sample {
    at: string;
    heapMb: number;
    listeners: number;
    timers: number;
    waiting: number;
    handles: number;
    requests: number;
    refused: number;
    failed: number;
    saved: number;
    imported: number;
}

interface Soak {
    server: FailingServer;
    fetch: typeof fetch;
    url: string;
    /** How long it lasts, and what a unit of that is called. */
    durationMs: number;
    unit: 'minutes' | 'hours';
}

async function soak({ server, fetch, url, durationMs, unit }: Soak): Promise<{ samples: Sample[]; faults: string[] }> {
    const { clock, timers } = countingClock();
    const service = new RateLimitService({ logger: false, clock, circuitResetMs: 10_000 });
    const client = createHttpClient({ service, fetch });
    const create = (key: string) => client(url, { method: 'POST', body: JSON.stringify({ key }) });
    const provider = withRateLimit(
        { create: (_resource: string, { key }: { key: string }) => create(key) },
        { service },
    );
    const controller = new AbortController();
    const { signal } = controller;
    const startedAt = Date.now();
    const isOver = () => Date.now() - startedAt >= durationMs;
    const faults: string[] = [];
    const counts = { saved: 0, imported: 0 };

    /** Saves one record after another. Each is stored once, or told as an error. */
    const person = async (number: number) => {
        for (let save = 0; !isOver(); save++) {
            const key = `person ${number}, save ${save}`;
            const outcome = await provider.create('contacts', { key, signal } as { key: string }).then(
                () => 'saved' as const,
                (error: unknown) => error,
            );
            const times = server.take(key);
            if (outcome === 'saved') counts.saved++;
            const isLost = outcome === 'saved' ? times === 0 : outcome instanceof RateLimitError && times > 0;
            if (isLost || times > 1) faults.push(`${key}: ${outcome}, stored ${times} times`);
            await sleep(500 + 1000 * clock.random());
        }
    };

    /** Imports one file after another, each with keys, listened to, and some of them paused or cancelled on the way. */
    const importer = async () => {
        for (let file = 0; !isOver(); file++) {
            const keys = Array.from({ length: ROWS }, (_, row) => `file ${file}, row ${row}`);
            const cancel = new AbortController();
            const stops = [service.subscribe(() => {}), service.on('retry', () => {})];
            const run = runBulk(keys, create, {
                service,
                concurrency: CONCURRENCY,
                idempotent: true,
                signal: file % 5 === 3 ? cancel.signal : signal,
                onProgress: ({ processed }) => {
                    if (processed > ROWS / 2) cancel.abort();
                },
            });
            if (file % 4 === 1) {
                await sleep(500);
                run.pause();
                await sleep(500);
                run.resume();
            }
            const { status, succeeded, failed, unknown, errors } = await run;
            for (const stop of stops) stop();
            counts.imported += succeeded;
            const failures = new Set(errors.map(({ item }) => item));
            const missing = keys.filter(key => server.take(key) === 0 && !failures.has(key)).length;
            if (unknown > 0) faults.push(`file ${file}: ${unknown} rows of an import with keys are unknown`);
            if (status === 'done' && (missing > 0 || succeeded + failed < ROWS)) faults.push(`file ${file}: lost rows`);
            if (getEventListeners(cancel.signal, 'abort').length > 0) faults.push(`file ${file}: a listener is left`);
        }
    };

    const samples: Sample[] = [];
    const sampler = async () => {
        for (let number = 1; number <= SAMPLES; number++) {
            await sleep(Math.max(0, startedAt + (durationMs * number) / SAMPLES - Date.now()));
            gc?.();
            samples.push({
                at: `${(((durationMs / SAMPLES) * number) / (unit === 'hours' ? 3_600_000 : 60_000)).toFixed(2)} ${unit}`,
                heapMb: process.memoryUsage().heapUsed / 2 ** 20,
                listeners: getEventListeners(signal, 'abort').length,
                timers: timers.size,
                waiting: service.getStats().waiting,
                handles: process.getActiveResourcesInfo().filter(name => name.startsWith('TCP')).length,
                ...server.counts,
                ...counts,
            });
        }
    };

    await Promise.all([...Array.from({ length: PEOPLE }, (_, number) => person(number)), importer(), sampler()]);
    const left = getEventListeners(signal, 'abort').length;
    if (left > 0) faults.push(`${left} listeners are left at the end`);
    service.dispose();
    if (timers.size > 0) faults.push(`${timers.size} timers are left at the end`);
    return { samples, faults };
}

async function virtualHours(hours: number) {
    return inVirtualTime(1, async ({ now }) => {
        const server = new FailingServer({ rate: 20, burst: 10, now, random: seededRandom(2) });
        const durationMs = hours * 3_600_000;
        return soak({ server, fetch: server.fetch, url: 'http://server/rows', durationMs, unit: 'hours' });
    });
}

async function realMinutes(minutes: number) {
    const startedAt = performance.now();
    const now = () => performance.now() - startedAt;
    const server = new FailingServer({ rate: 40, burst: 20, now, random: Math.random });
    const { url, close } = await overSockets(server);
    try {
        return await soak({ server, fetch, url, durationMs: minutes * 60_000, unit: 'minutes' });
    } finally {
        await close();
    }
}

const median = (numbers: number[]) => numbers.sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;

const { samples, faults } =
    values.virtual === undefined
        ? await realMinutes(Number(positionals[0] ?? 10))
        : await virtualHours(Number(values.virtual));

console.table(samples.map(sample => ({ ...sample, heapMb: sample.heapMb.toFixed(2) })));
const heaps = samples.map(({ heapMb }) => heapMb);
const third = Math.floor(SAMPLES / 3);
const grownMb = median(heaps.slice(-third)) - median(heaps.slice(1, third + 1));
const mostListeners = Math.max(...samples.map(({ listeners }) => listeners));
console.log(`Heap: ${grownMb.toFixed(2)} MB more in the last third than in the first (at most ${MOST_MB} MB)`);
console.log(`Listeners of the signal that all share: ${mostListeners} at most (target ${MOST_LISTENERS})`);
console.log(`Unhandled rejections: ${unhandled}. Rows lost or doubled, and what else is wrong: ${faults.length}`);
for (const fault of faults.slice(0, 10)) console.log(`  ${fault}`);

const isMissed = grownMb > MOST_MB || mostListeners > MOST_LISTENERS || unhandled > 0 || faults.length > 0;
if (isMissed) console.error('A target is missed');
if (values.check && isMissed) process.exitCode = 1;
