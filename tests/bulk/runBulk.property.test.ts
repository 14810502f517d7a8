import fc from 'fast-check';
import { HttpError } from 'ra-core';
import { type BulkItemResult, runBulk, withRateLimit } from 'ra-rate-limit';
import { expect, test } from 'vitest';
import { createService } from '../support/createService';
import type { VirtualClock } from '../support/virtualClock';

interface Limits {
    kind: 'bucket' | 'window';
    rate: number;
    burst: number;
    hint: 'seconds' | 'exact' | 'none';
}

/** A server that counts what it did: each item, and what was sent before the moment that it had named. */
function createServer(
    clock: VirtualClock,
    { kind, rate, burst, hint }: Limits,
    bad: ReadonlySet<number>,
    losses: number[],
) {
    const executed = new Map<number, number>();
    let tokens = burst;
    let countedAt = clock.now();
    let namedUntil = 0;
    let tooEarly = 0;
    let requests = 0;

    const waitMs = (now: number): number => {
        if (kind === 'window') {
            const windowMs = (burst / rate) * 1000;
            if (Math.floor(now / windowMs) !== Math.floor(countedAt / windowMs)) tokens = burst;
            countedAt = now;
            return tokens >= 1 ? 0 : windowMs - (now % windowMs);
        }
        tokens = Math.min(burst, tokens + ((now - countedAt) / 1000) * rate);
        countedAt = now;
        return tokens >= 1 ? 0 : ((1 - tokens) / rate) * 1000;
    };

    const handle = (items: number[]): 'lost' | 'in' => {
        const now = clock.now();
        if (now < namedUntil) tooEarly++;
        const wait = waitMs(now);
        if (wait > 0) {
            const seconds = hint === 'seconds' ? Math.max(1, Math.ceil(wait / 1000)) : Math.ceil(wait) / 1000;
            if (hint !== 'none') namedUntil = now + seconds * 1000;
            throw new HttpError('Too Many Requests', 429, hint === 'none' ? undefined : { retry_after: seconds });
        }
        tokens -= 1;
        if (items.some(item => bad.has(item))) throw new HttpError('bad', 400);
        const isLost = losses.includes(requests++);
        for (const item of items) executed.set(item, (executed.get(item) ?? 0) + 1);
        return isLost ? 'lost' : 'in';
    };

    return { executed, handle, tooEarly: () => tooEarly };
}

const limits = fc.record<Limits>({
    kind: fc.constantFrom('bucket', 'window'),
    rate: fc.integer({ min: 2, max: 300 }),
    burst: fc.integer({ min: 1, max: 100 }),
    hint: fc.constantFrom('seconds', 'exact', 'none'),
});

const scenario = fc.record({
    limits,
    total: fc.integer({ min: 0, max: 120 }),
    bad: fc.uniqueArray(fc.nat(119), { maxLength: 12 }),
    losses: fc.uniqueArray(fc.nat(60), { maxLength: 4 }),
    latencyMs: fc.integer({ min: 0, max: 400 }),
    concurrency: fc.integer({ min: 1, max: 30 }),
    batchSize: fc.option(fc.integer({ min: 1, max: 40 }), { nil: undefined }),
    idempotent: fc.boolean(),
    isWrapped: fc.boolean(),
    steps: fc.array(
        fc.record({ afterMs: fc.integer({ min: 0, max: 3000 }), what: fc.constantFrom('pause', 'resume', 'reset') }),
        { maxLength: 6 },
    ),
    cancelAfterMs: fc.option(fc.integer({ min: 0, max: 8000 }), { nil: undefined }),
});

test('whatever happens, every item ends in one state, and the server did each that got in once', async () => {
    await fc.assert(
        fc.asyncProperty(scenario, async given => {
            const { service, clock } = createService();
            const server = createServer(clock, given.limits, new Set(given.bad), given.losses);
            const controller = new AbortController();
            const results: BulkItemResult<number>[] = [];
            const raw = async (items: number[]) => {
                const sleep = () =>
                    new Promise<void>(resolve => void clock.setTimeout(resolve, Math.ceil(given.latencyMs / 2)));
                await sleep();
                const outcome = server.handle(items);
                await sleep();
                if (outcome === 'lost') throw new TypeError('Failed to fetch');
            };
            const provider = withRateLimit(
                { createMany: (_: string, { data }: { data: number[] }) => raw(data) },
                { service },
            );
            const worker = (items: number[]) =>
                given.isWrapped ? provider.createMany('contacts', { data: items }) : raw(items);
            const options = {
                service,
                concurrency: given.concurrency,
                idempotent: given.idempotent,
                signal: controller.signal,
                onResult: (result: BulkItemResult<number>) => void results.push(result),
            };
            const items = Array.from({ length: given.total }, (_, index) => index);

            const run =
                given.batchSize === undefined
                    ? runBulk(items, item => worker([item]), options)
                    : runBulk(items, worker, { ...options, batchSize: given.batchSize });
            if (given.cancelAfterMs !== undefined) clock.setTimeout(() => controller.abort(), given.cancelAfterMs);
            for (const { afterMs, what } of given.steps) {
                await clock.advance(afterMs);
                if (what === 'reset') service.resetCircuit();
                else run[what]();
            }
            run.resume();
            const result = await clock.resolve(run);

            const { succeeded, failed, unknown, notAttempted } = result;
            expect(succeeded + failed + unknown + notAttempted).toBe(given.total);
            expect(result.total).toBe(given.total);
            expect(new Set(results.map(({ index }) => index)).size).toBe(results.length);
            expect(results).toHaveLength(succeeded + failed + unknown);
            if (given.cancelAfterMs === undefined) expect(result).toMatchObject({ status: 'done', notAttempted: 0 });
            for (const { item, outcome } of results) {
                const times = server.executed.get(item) ?? 0;
                if (outcome === 'failed') expect(given.bad).toContain(item);
                if (outcome === 'failed') expect(times).toBe(0);
                if (outcome === 'unknown') expect(given.idempotent && given.cancelAfterMs === undefined).toBe(false);
                if (outcome === 'succeeded') expect(times).toBeGreaterThanOrEqual(1);
                if (!given.idempotent) expect(times).toBeLessThanOrEqual(1);
            }
            if (!given.idempotent) {
                const ended = new Set(results.map(({ item }) => item));
                for (const item of server.executed.keys()) expect(ended).toContain(item);
            }
            // What had left before the server named a moment may arrive after it did. Resetting forgets it.
            if (given.latencyMs === 0 && !given.steps.some(({ what }) => what === 'reset')) {
                expect(server.tooEarly()).toBe(0);
            }
            await clock.advance(120_000);
            expect(clock.pendingTimers).toBe(0);
        }),
        { numRuns: 300 },
    );
}, 120_000);
