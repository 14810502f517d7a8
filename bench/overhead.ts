/**
 * What a healthy call costs, side by side with cockatiel, opossum and p-retry: one process, interleaved rounds, the
 * best round of each. And what each adds to a bundle.
 *
 *     npm run build && npm run bench:overhead            prints the tables
 *     npm run build && npm run bench:overhead -- --check fails when the target is missed as well
 */
import { readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { ConsecutiveBreaker, circuitBreaker, ExponentialBackoff, handleAll, retry, wrap } from 'cockatiel';
import Opossum from 'opossum';
import pRetry from 'p-retry';
import { RateLimitService, withRateLimit } from 'ra-rate-limit';
import { rolldown } from 'rolldown';

/** Many and short: on a busy machine some of them are left in peace. */
const ROUNDS = 200;
const CALLS = 5_000;
/** The target: ours adds less than this share of what a peer adds. */
const MOST = 0.5;

const COCKATIEL = 'cockatiel (breaker, retry)';
const OPOSSUM = 'opossum (breaker)';

const BUNDLED = {
    "import { withRateLimit } from 'ra-rate-limit'": "export { withRateLimit } from 'ra-rate-limit'",
    'cockatiel (breaker, retry)':
        "export { circuitBreaker, ConsecutiveBreaker, ExponentialBackoff, handleAll, retry, wrap } from 'cockatiel'",
    "all of 'ra-rate-limit'": "export * from 'ra-rate-limit'",
    'all of cockatiel': "export * from 'cockatiel'",
};

const params = { data: { id: 1, name: 'Ada' } };

/** A data provider that answers at once: all that is left to measure is what is around it. */
const provider = { create: (_resource: string, { data }: typeof params) => Promise.resolve({ data }) };
const bare = () => provider.create('contacts', params);

function contestants(): Record<string, () => Promise<unknown>> {
    const wrapped = withRateLimit(provider);
    const service = new RateLimitService();
    const context = { resourceName: 'contacts', operation: 'create' };

    const policy = wrap(
        retry(handleAll, { maxAttempts: 3, backoff: new ExponentialBackoff() }),
        circuitBreaker(handleAll, { breaker: new ConsecutiveBreaker(5), halfOpenAfter: 60_000 }),
    );

    const settings = {
        timeout: false,
        errorThresholdPercentage: 50,
        volumeThreshold: 5,
        resetTimeout: 60_000,
    } as const;
    const retries = { retries: 3, minTimeout: 100, maxTimeout: 10_000 };
    const breaker = new Opossum(bare, settings);
    const breakerAroundRetry = new Opossum(() => pRetry(bare, retries), settings);

    return {
        bare,
        withRateLimit: () => wrapped.create('contacts', params),
        executeWithRetry: () => service.executeWithRetry(bare, context),
        [COCKATIEL]: () => policy.execute(bare),
        [OPOSSUM]: () => breaker.fire(),
        'opossum + p-retry': () => breakerAroundRetry.fire(),
        'p-retry': () => pRetry(bare, retries),
    };
}

async function nanosecondsPerCall(call: () => Promise<unknown>): Promise<number> {
    globalThis.gc?.({ type: 'minor' }); // the garbage of the one before; a full collection would undo optimisations
    const start = process.hrtime.bigint();
    for (let count = 0; count < CALLS; count++) await call();
    return Number(process.hrtime.bigint() - start) / CALLS;
}

/** The best of all rounds: what disturbs a round only ever makes it longer. */
async function measure(calls: Record<string, () => Promise<unknown>>): Promise<Map<string, number>> {
    const best = new Map<string, number>();
    for (let round = 0; round < ROUNDS; round++) {
        for (const [name, call] of Object.entries(calls)) {
            best.set(name, Math.min(best.get(name) ?? Number.POSITIVE_INFINITY, await nanosecondsPerCall(call)));
        }
    }
    return best;
}

/** The bytes that an import adds to a bundle, minified and gzipped. */
async function bytesOf(source: string): Promise<number> {
    const entry = '\0entry';
    const build = await rolldown({
        input: entry,
        external: ['ra-core'], // every react-admin app has it already
        platform: 'browser',
        cwd: fileURLToPath(new URL('..', import.meta.url)),
        plugins: [
            {
                name: 'entry',
                resolveId: id => (id === entry ? id : undefined),
                load: id => (id === entry ? source : undefined),
            },
        ],
    });
    const { output } = await build.generate({ minify: true });
    await build.close();
    return gzipSync(output[0].code, { level: 9 }).byteLength;
}

const versionOf = (name: string): string => {
    const path = findPackageJSON(name, import.meta.url);
    return path ? JSON.parse(readFileSync(path, 'utf8')).version : 'unknown';
};

const best = await measure(contestants());
const bareNs = best.get('bare') ?? 0;
const addedNs = (name: string) => (best.get(name) ?? 0) - bareNs;
const share = (name: string) => addedNs('withRateLimit') / addedNs(name);

const versions = ['ra-rate-limit', 'cockatiel', 'opossum', 'p-retry'].map(name => `${name} ${versionOf(name)}`);
console.log(`Node ${process.version}, ${versions.join(', ')}`);
console.log(`A healthy call: the best of ${ROUNDS} interleaved rounds of ${CALLS} calls`);
console.table(
    Object.fromEntries(
        [...best].map(([name, ns]) => [
            name,
            {
                'ns a call': Math.round(ns),
                'ns added': Math.round(addedNs(name)),
                'ours is': name === 'bare' ? '' : `${share(name).toFixed(2)} of it`,
            },
        ]),
    ),
);

console.log('In a bundle, minified and gzipped');
console.table(
    Object.fromEntries(
        await Promise.all(
            Object.entries(BUNDLED).map(async ([name, source]) => [name, { bytes: await bytesOf(source) }]),
        ),
    ),
);

const missed = [COCKATIEL, OPOSSUM].filter(name => share(name) >= MOST);
if (missed.length > 0)
    console.error(`The target is missed: ours adds ${MOST} or more of what ${missed.join(' and ')} adds`);
if (process.argv.includes('--check') && missed.length > 0) process.exitCode = 1;
