import axios, { type AxiosAdapter, AxiosError } from 'axios';
import axiosRetry, { exponentialDelay, type isRetryableError } from 'axios-retry';
import Bottleneck from 'bottleneck';
import {
    ConsecutiveBreaker,
    circuitBreaker,
    DelegateBackoff,
    ExponentialBackoff,
    handleAll,
    type IRetryBackoffContext,
    retry,
    wrap,
} from 'cockatiel';
import ky from 'ky';
import pRetry from 'p-retry';
import { withRateLimit } from 'ra-rate-limit';
import type { Row } from '../bulk/server.ts';
import { inLoops } from '../bulk/strategies/loops.ts';
import { wire } from '../bulk/strategies/ours.ts';
import { createOf, sendAdaptively, waitMsOf } from '../bulk/strategies/peers.ts';
import type { Job, Strategy } from '../bulk/strategies/strategy.ts';
import { sleep } from '../bulk/virtualTime.ts';

type Connection = Pick<Job, 'fetch' | 'url' | 'random'>;

/** One way to send a row, as the documentation of a library has it for a server that answers 429. */
export interface Client {
    name: string;
    /** How often it repeats a call, in words. */
    retries: string;
    /** Whether it differs from the one before only where the server names a time. */
    isTaught?: boolean;
    /** @param retries by default as many as the library or its documentation has */
    connect(connection: Connection, retries?: number): (row: Row) => Promise<unknown>;
}

const ours: Client = {
    name: 'ra-rate-limit',
    retries: '3',
    connect(connection) {
        const { service, create } = wire(connection);
        const provider = withRateLimit({ create }, { service });
        return row => provider.create(row);
    },
};

/** All defaults. It knows nothing of HTTP. */
const pRetryClient: Client = {
    name: 'p-retry',
    retries: '10',
    connect(connection, retries) {
        const create = createOf(connection);
        return row => pRetry(() => create(row), retries === undefined ? {} : { retries });
    },
};

/** The wait is the application's, in `onFailedAttempt`, as the readme has it; p-retry adds none. */
const pRetryTaught: Client = {
    name: 'p-retry, Retry-After by hand',
    retries: '10',
    isTaught: true,
    connect(connection) {
        const create = createOf(connection);
        const onFailedAttempt = ({ error, attemptNumber }: { error: Error; attemptNumber: number }) =>
            sleep(waitMsOf(error, attemptNumber - 1));
        return row => pRetry(() => create(row), { minTimeout: 0, onFailedAttempt });
    },
};

/** The example of the readme. */
const readmeBreaker = () => circuitBreaker(handleAll, { halfOpenAfter: 10_000, breaker: new ConsecutiveBreaker(5) });

const cockatiel: Client = {
    name: 'cockatiel',
    retries: '3',
    connect(connection) {
        const create = createOf(connection);
        const backoff = new ExponentialBackoff();
        const policy = wrap(retry(handleAll, { maxAttempts: 3, backoff }), readmeBreaker());
        return row => policy.execute(() => create(row));
    },
};

const cockatielTaught: Client = {
    name: 'cockatiel, Retry-After by hand',
    retries: '3',
    isTaught: true,
    connect(connection) {
        const create = createOf(connection);
        const backoff = new DelegateBackoff(({ attempt, result }: IRetryBackoffContext<unknown>) =>
            waitMsOf('error' in result ? result.error : undefined, attempt - 1),
        );
        const policy = wrap(retry(handleAll, { maxAttempts: 3, backoff }), readmeBreaker());
        return row => policy.execute(() => create(row));
    },
};

/** axios over the given `fetch`: its own adapter for that takes many times as long, which adds up in a simulation. */
const adapterOver =
    (fetch: Connection['fetch']): AxiosAdapter =>
    async config => {
        const answer = await fetch(config.url ?? '', { method: 'POST', body: config.data });
        const { status, statusText } = answer;
        const headers = Object.fromEntries(answer.headers);
        const response = { data: await answer.text(), status, statusText, headers, config };
        if (answer.ok) return response;
        throw new AxiosError(`Request failed with status code ${status}`, undefined, config, undefined, response);
    };

/** `exponentialDelay` as in the readme, which hears `Retry-After`; and told that a POST may be repeated after a 429. */
const axiosRetryClient: Client = {
    name: 'axios-retry',
    retries: '3',
    connect({ fetch, url }, retries = 3) {
        const client = axios.create({ adapter: adapterOver(fetch) });
        const isRefusal = (error: Parameters<typeof isRetryableError>[0]) => error.response?.status === 429;
        axiosRetry(client, { retries, retryDelay: exponentialDelay, retryCondition: isRefusal });
        return row => client.post(url, row);
    },
};

/** Its defaults, which hear `Retry-After`; and told that a POST may be repeated. */
const kyClient: Client = {
    name: 'ky',
    retries: '2',
    connect({ fetch, url }, limit = 2) {
        const client = ky.create({ fetch, retry: { limit, methods: ['post'], statusCodes: [429] } });
        return row => client.post(url, { json: row }).text();
    },
};

/** Its `failed` event, whose listener says how long to wait, if at all. */
const bottleneck: Client = {
    name: 'bottleneck, waits by hand',
    retries: '3, by hand',
    connect(connection) {
        const create = createOf(connection);
        const limiter = new Bottleneck();
        limiter.on('failed', async (error, { retryCount }) =>
            retryCount < 3 ? waitMsOf(error, retryCount) : undefined,
        );
        return row => limiter.schedule(() => create(row));
    },
};

const awsAdaptive: Client = {
    name: 'AWS SDK, adaptive mode',
    retries: '2',
    connect: connection => sendAdaptively(createOf(connection)),
};

export const clients: readonly Client[] = [
    ours,
    axiosRetryClient,
    kyClient,
    pRetryClient,
    pRetryTaught,
    cockatiel,
    cockatielTaught,
    bottleneck,
    awsAdaptive,
];

/** An import with one of them: 20 rows at a time, as patient as it can be. */
const asStrategy = ({ name, connect }: Client): Strategy => ({
    name: `${name}, 20 at a time`,
    run(job) {
        return inLoops(job, connect(job, 10));
    },
});

export const importers: readonly Strategy[] = [axiosRetryClient, kyClient, pRetryClient].map(asStrategy);
