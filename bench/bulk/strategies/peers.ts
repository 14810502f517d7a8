import { AdaptiveRetryStrategy } from '@smithy/util-retry';
import Bottleneck from 'bottleneck';
import { bulkhead, ConsecutiveBreaker, circuitBreaker, ExponentialBackoff, handleAll, retry, wrap } from 'cockatiel';
import Opossum from 'opossum';
import pRetry from 'p-retry';
import type { Row } from '../server.ts';
import { sleep } from '../virtualTime.ts';
import { countSettled, inLoops } from './loops.ts';
import type { Job, Strategy } from './strategy.ts';

/** The error of a request that the server turned down, as a careful client would make it. */
class RequestError extends Error {
    readonly status: number;
    /** The wait that the server asked for, in milliseconds. */
    readonly retryAfterMs: number | undefined;
    /** Where the AWS SDK looks for the status. */
    readonly $metadata: { httpStatusCode: number };

    constructor(status: number, retryAfterMs: number | undefined) {
        super(`The server answered ${status}`);
        this.status = status;
        this.retryAfterMs = retryAfterMs;
        this.$metadata = { httpStatusCode: status };
    }
}

/** The `create` of a data provider, without any handling of rate limits. */
export const createOf =
    ({ fetch, url }: Pick<Job, 'fetch' | 'url'>) =>
    async (row: Row): Promise<void> => {
        const response = await fetch(url, { method: 'POST', body: JSON.stringify(row) });
        const body = JSON.parse((await response.text()) || '{}');
        if (response.ok) return;
        const seconds = Number(response.headers.get('Retry-After'));
        throw new RequestError(response.status, body.retry_after_ms ?? (seconds > 0 ? seconds * 1000 : undefined));
    };

/** How long to wait after a refusal: as the server says, else exponential backoff with full jitter, 100 ms to 10 s. */
export const waitMsOf = (error: unknown, attempt: number): number =>
    (error instanceof RequestError && error.retryAfterMs) || Math.random() * Math.min(100 * 2 ** attempt, 10_000);

/** What most code does: exponential backoff around each call, all rows at once. */
const pRetryAllAtOnce: Strategy = {
    name: 'p-retry, Promise.all',
    isForFiniteJobs: true,
    async run(job) {
        const create = createOf(job);
        const rows = [...job.rows];
        return countSettled(await Promise.allSettled(rows.map(row => pRetry(() => create(row), { retries: 3 }))));
    },
};

/** With the options of opossum's readme. A row that finds the circuit open is lost: opossum does not wait. */
const opossum: Strategy = {
    name: 'opossum, 20 at a time',
    isForFiniteJobs: true,
    async run(job) {
        const breaker = new Opossum(createOf(job), {
            timeout: 3000,
            errorThresholdPercentage: 50,
            resetTimeout: 30_000,
        });
        const outcome = await inLoops(job, row => breaker.fire(row));
        breaker.shutdown();
        return outcome;
    },
};

/** The policies of cockatiel's readme, with the most patience that makes sense: ten retries, up to 30 s apart. */
const cockatiel: Strategy = {
    name: 'cockatiel (bulkhead, retry, breaker)',
    async run(job) {
        const create = createOf(job);
        const policy = wrap(
            bulkhead(job.concurrency, Number.POSITIVE_INFINITY),
            retry(handleAll, { maxAttempts: 10, backoff: new ExponentialBackoff() }),
            circuitBreaker(handleAll, { halfOpenAfter: 10_000, breaker: new ConsecutiveBreaker(5) }),
        );
        return inLoops(job, row => policy.execute(() => create(row)));
    },
};

/** What is left to do by hand: each of 20 loops waits as long as the server told it, then sends its row again. */
export const honourRetryAfter: Strategy = {
    name: 'Retry-After honoured, 20 at a time',
    async run(job) {
        const create = createOf(job);
        return inLoops(job, async row => {
            for (let attempt = 0; ; attempt++) {
                try {
                    await create(row);
                    return;
                } catch (error) {
                    await sleep(waitMsOf(error, attempt));
                }
            }
        });
    },
};

/**
 * As bottleneck's readme has retries: the `failed` event returns the wait. A reservoir or a `minTime` would need the rate,
 * which nobody knows.
 */
const bottleneck: Strategy = {
    name: 'bottleneck, 20 at a time',
    async run(job) {
        const create = createOf(job);
        const limiter = new Bottleneck({ maxConcurrent: job.concurrency });
        limiter.on('failed', (error, { retryCount }) => Promise.resolve(waitMsOf(error, retryCount)));
        const outcome = await inLoops(job, row => limiter.schedule(() => create(row)));
        await limiter.disconnect();
        return outcome;
    },
};

type Token = Parameters<AdaptiveRetryStrategy['recordSuccess']>[0];
type ErrorInfo = Parameters<AdaptiveRetryStrategy['refreshRetryTokenForRetry']>[1];

/** The SDK's adaptive mode around a call, used as the SDK's retry middleware does. */
export function sendAdaptively(create: (row: Row) => Promise<void>, maxAttempts = 3): (row: Row) => Promise<void> {
    const strategy = new AdaptiveRetryStrategy(async () => maxAttempts);
    return async row => {
        let token = (await strategy.acquireInitialRetryToken('')) as Token;
        for (;;) {
            try {
                await create(row);
                strategy.recordSuccess(token);
                return;
            } catch (error) {
                const { retryAfterMs } = error as RequestError;
                const info: ErrorInfo = {
                    error: error as NonNullable<ErrorInfo['error']>,
                    errorType: 'THROTTLING' as const,
                    ...(retryAfterMs && { retryAfterHint: new Date(Date.now() + retryAfterMs) }),
                };
                token = (await strategy.refreshRetryTokenForRetry(token, info)) as Token;
                await sleep(token.getRetryDelay());
            }
        }
    };
}

/**
 * The SDK's adaptive mode for an import. Where it would give a request up, because its attempts or the client's retry
 * quota are used up, the row starts over, so that none is lost.
 */
export const awsAdaptive: Strategy = {
    name: 'AWS SDK, adaptive mode',
    async run(job) {
        const send = sendAdaptively(createOf(job), 100);
        return inLoops(job, async row => {
            for (;;) {
                try {
                    return await send(row);
                } catch {
                    // "No retry token available"
                }
            }
        });
    },
};

export const peers: readonly Strategy[] = [
    pRetryAllAtOnce,
    opossum,
    cockatiel,
    honourRetryAfter,
    bottleneck,
    awsAdaptive,
];
