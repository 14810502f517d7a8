import axios, { type AxiosAdapter } from 'axios';
import axiosRetry, { exponentialDelay } from 'axios-retry';
import Bottleneck from 'bottleneck';
import { ConsecutiveBreaker, circuitBreaker, ExponentialBackoff, handleAll, retry, wrap } from 'cockatiel';
import ky from 'ky';
import Opossum from 'opossum';
import pRetry from 'p-retry';
import { RateLimitService, rateLimitFetch, withRateLimit } from 'ra-rate-limit';
import { markdownTable } from '../page.ts';

/** Many and short: on a busy machine some of them are left in peace. */
const ROUNDS = 200;
const ROUND_NS = 2_000_000;
/** Calls between two looks at the clock. */
const BATCH = 25;
/** The target: ours adds less than this share of what either of these adds. */
const MOST = 0.5;
const CHECKED = ['cockatiel (breaker and retry)', 'opossum (breaker)'];

type Call = () => Promise<unknown>;

/** Calls that do the same, bare and with something around them. */
interface Group {
    title: string;
    bare: Call;
    wrapped: Readonly<Record<string, Call>>;
}

/** What the first in its group costs beyond the bare call is compared with. */
export interface HealthyCall {
    name: string;
    group: string;
    bareNs: number;
    addedNs: number;
    /** What ours adds in the same group, as a share of what this adds. */
    oursShare: number;
}

const params = { data: { id: 1, name: 'Ada' } };
const URL = 'http://server/contacts';
const body = JSON.stringify(params.data);

/** A data provider that answers at once: all that is left to measure is what is around it. */
function aroundFunction(): Group {
    const provider = { create: (_resource: string, { data }: typeof params) => Promise.resolve({ data }) };
    const bare = () => provider.create('contacts', params);
    const wrapped = withRateLimit(provider);
    const policy = wrap(
        retry(handleAll, { maxAttempts: 3, backoff: new ExponentialBackoff() }),
        circuitBreaker(handleAll, { breaker: new ConsecutiveBreaker(5), halfOpenAfter: 60_000 }),
    );
    const breaker = { timeout: false, errorThresholdPercentage: 50, volumeThreshold: 5, resetTimeout: 60_000 } as const;
    const opossum = new Opossum(bare, breaker);
    const opossumAroundRetry = new Opossum(() => pRetry(bare), breaker);
    const bottleneck = new Bottleneck();
    return {
        title: 'around a function',
        bare,
        wrapped: {
            withRateLimit: () => wrapped.create('contacts', params),
            'cockatiel (breaker and retry)': () => policy.execute(bare),
            'opossum (breaker)': () => opossum.fire(),
            'p-retry': () => pRetry(bare),
            'opossum and p-retry': () => opossumAroundRetry.fire(),
            bottleneck: () => bottleneck.schedule(bare),
        },
    };
}

/** `fetch` that answers at once. */
function aroundFetch(): Group {
    const fetch = async () => new Response(body, { status: 201 });
    const post = async (send: typeof globalThis.fetch) => (await send(URL, { method: 'POST', body })).text();
    const service = new RateLimitService();
    const observed = rateLimitFetch(service, { fetch });
    const provider = withRateLimit({ create: (_resource: string) => post(observed) }, { service });
    const client = ky.create({ fetch, retry: { methods: ['post'] } });
    return {
        title: 'around `fetch`',
        bare: () => post(fetch),
        wrapped: {
            'withRateLimit and rateLimitFetch': () => provider.create('contacts'),
            'ky, the whole client': () => client.post(URL, { body }).text(),
        },
    };
}

/** axios whose adapter answers at once. */
function aroundAxios(): Group {
    const adapter: AxiosAdapter = async config => ({
        data: body,
        status: 201,
        statusText: 'Created',
        headers: {},
        config,
    });
    const plain = axios.create({ adapter });
    const retrying = axios.create({ adapter });
    axiosRetry(retrying, { retryDelay: exponentialDelay });
    const wrapped = withRateLimit({ create: (_resource: string) => plain.post(URL, params.data) });
    return {
        title: 'around axios',
        bare: () => plain.post(URL, params.data),
        wrapped: {
            'withRateLimit around axios': () => wrapped.create('contacts'),
            'axios-retry': () => retrying.post(URL, params.data),
        },
    };
}

async function nanosecondsPerCall(call: Call): Promise<number> {
    globalThis.gc?.({ type: 'minor' }); // the garbage of the one before; a full collection would undo optimisations
    const start = process.hrtime.bigint();
    let elapsedNs = 0;
    let calls = 0;
    while (elapsedNs < ROUND_NS) {
        for (let count = 0; count < BATCH; count++) await call();
        calls += BATCH;
        elapsedNs = Number(process.hrtime.bigint() - start);
    }
    return elapsedNs / calls;
}

/** The best of all rounds: what disturbs a round only ever makes it longer. */
async function measureGroup({ title, bare, wrapped }: Group, rounds: number): Promise<HealthyCall[]> {
    const contestants = Object.entries({ bare, ...wrapped });
    const best = new Map<string, number>();
    for (let round = 0; round < rounds; round++) {
        for (const [name, call] of contestants) {
            best.set(name, Math.min(best.get(name) ?? Number.POSITIVE_INFINITY, await nanosecondsPerCall(call)));
        }
    }
    const bareNs = best.get('bare') as number;
    const added = Object.keys(wrapped).map(name => ({ name, addedNs: (best.get(name) as number) - bareNs }));
    const oursNs = added[0]?.addedNs as number;
    return added.map(({ name, addedNs }) => ({ name, group: title, bareNs, addedNs, oursShare: oursNs / addedNs }));
}

/** What a healthy call costs, in interleaved rounds of one process. */
export async function measureHealthyCalls(rounds = ROUNDS): Promise<HealthyCall[]> {
    const results: HealthyCall[] = [];
    for (const group of [aroundFunction(), aroundFetch(), aroundAxios()])
        results.push(...(await measureGroup(group, rounds)));
    return results;
}

const duration = (ns: number): string => (ns < 1e6 ? `${ns.toFixed(0)} ns` : `${(ns / 1e6).toFixed(1)} ms`);

export function healthyCallsTable(results: HealthyCall[]): string {
    const rows = results.map(({ name, group, bareNs, addedNs, oursShare }, place) => {
        const isFirst = results[place - 1]?.group !== group;
        const bare = isFirst ? `${group}: ${duration(bareNs)}` : '';
        const ours = oursShare < 0.01 ? 'next to nothing' : `${oursShare.toFixed(2)} of it`;
        return [bare, name, duration(addedNs), isFirst ? '' : ours];
    });
    return markdownTable(['bare call', 'with', 'added', 'ours adds'], rows);
}

/** The peers of which ours adds too much. */
export const missesOf = (results: HealthyCall[]): string[] =>
    results.filter(({ name, oursShare }) => CHECKED.includes(name) && oursShare >= MOST).map(({ name }) => name);
