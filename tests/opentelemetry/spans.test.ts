import { AsyncLocalStorage } from 'node:async_hooks';
import { type Context, type ContextManager, context, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import { type RateLimitOptions, runBulk } from 'ra-rate-limit';
import { reportToOpenTelemetry } from 'ra-rate-limit/opentelemetry';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createService } from '../support/createService';
import { refusal, rejectionOf, scriptedCall } from '../support/scriptedCalls';
import { createReporter } from './createReporter';
import { startTelemetry } from './telemetry';

let telemetry: ReturnType<typeof startTelemetry>;

beforeEach(() => {
    telemetry = startTelemetry();
});

afterEach(async () => {
    context.disable();
    await telemetry.stop();
});

function createTracedReporter(options: RateLimitOptions = {}, name?: string) {
    const created = createReporter({ ...telemetry, name }, options);
    const start = created.clock.now();
    /** The milliseconds from the start of the test. */
    const sinceStart = ([seconds, nanoseconds]: [number, number]) => seconds * 1000 + nanoseconds / 1e6 - start;
    const timeline = (spans: readonly ReadableSpan[]) =>
        spans.map(({ startTime, endTime }) => [sinceStart(startTime), sinceStart(endTime)]);
    return { ...created, sinceStart, timeline };
}

const named = (name: string) => telemetry.spans().filter(span => span.name === name);
const waits = () => named('ra_rate_limit.wait');
const openPeriods = () => named('ra_rate_limit.circuit.open');

/** What a Node app sets up with `AsyncLocalStorageContextManager`. */
class AsyncContexts implements ContextManager {
    readonly #storage = new AsyncLocalStorage<Context>();
    active = () => this.#storage.getStore() ?? ROOT_CONTEXT;
    with: ContextManager['with'] = (active, run, thisArg, ...args) =>
        this.#storage.run(active, () => run.apply(thisArg as never, args));
    bind: ContextManager['bind'] = (_, target) => target;
    enable = () => this;
    disable = () => this;
}

describe('the wait before a retry', () => {
    it('is a span from the refusal to the next attempt', async () => {
        const { clock, call, timeline } = createTracedReporter();

        await clock.resolve(call('saved'));
        expect(waits()).toEqual([]);
        await clock.resolve(call(refusal(), refusal(), 'saved'));

        expect(timeline(waits())).toEqual([
            [0, 100],
            [100, 300],
        ]);
        expect(waits().map(({ attributes }) => attributes)).toEqual([
            {
                'ra_rate_limit.resource': 'contacts',
                'ra_rate_limit.operation': 'create',
                'ra_rate_limit.retry.attempt': 1,
            },
            expect.objectContaining({ 'ra_rate_limit.retry.attempt': 2 }),
        ]);
    });

    it('belongs to what the app was doing, where there is a context', async () => {
        context.setGlobalContextManager(new AsyncContexts());
        const { clock, call } = createTracedReporter();
        const parent = telemetry.tracer.startSpan('nightly import');

        const calling = context.with(trace.setSpan(ROOT_CONTEXT, parent), () => call(refusal(), refusal(), 'saved'));
        await clock.resolve(calling);

        expect(waits().map(({ parentSpanContext }) => parentSpanContext?.spanId)).toEqual([
            parent.spanContext().spanId,
            parent.spanContext().spanId,
        ]);
    });

    it('is none for a row of bulk work, which waits for its turn', async () => {
        const { service, clock, namesOfEvents } = createTracedReporter();
        const worker = scriptedCall(clock, 'saved', refusal(), 'saved');

        await clock.resolve(runBulk([1, 2, 3], worker, { service }));

        expect(namesOfEvents()).toContain('retry');
        expect(telemetry.spans()).toEqual([]);
    });
});

describe('an open period of the circuit', () => {
    const options = { circuitBreakerThreshold: 1, circuitResetMs: 1000, maxRetries: 0 };

    it('is a span with an error, from the opening to the closing', async () => {
        const { service, clock, call, fail, timeline } = createTracedReporter(options, 'crm');
        await clock.advance(50);
        await fail();
        const { openUntil } = service.getCircuitState();
        expect(openPeriods()).toEqual([]);

        await clock.advance(1500);
        await clock.resolve(call('saved'));

        expect(timeline(openPeriods())).toEqual([[50, 1550]]);
        expect(openPeriods()).toMatchObject([
            {
                status: { code: 2, message: 'The circuit is open' },
                attributes: {
                    'ra_rate_limit.name': 'crm',
                    'ra_rate_limit.circuit.open_until': new Date(openUntil ?? 0).toISOString(),
                    'ra_rate_limit.circuit.consecutive_failures': 1,
                },
            },
        ]);
    });

    it('tells when it was half-open, and when it opened again', async () => {
        const { clock, call, fail, sinceStart } = createTracedReporter(options);
        await fail();
        await clock.advance(1200);
        await fail();
        await clock.advance(1000);
        await clock.resolve(call('saved'));

        const [period, ...others] = openPeriods();
        expect(others).toEqual([]);
        expect(period?.events.map(({ name, time }) => [name, sinceStart(time)])).toEqual([
            ['half_open', 1000],
            ['reopened', 1200],
            ['half_open', 2200],
        ]);
        expect(period?.events[1]?.attributes).toMatchObject({ 'ra_rate_limit.circuit.consecutive_failures': 2 });
    });

    it('is another one after it was closed', async () => {
        const { service, clock, fail, timeline } = createTracedReporter(options);

        for (let count = 0; count < 2; count++) {
            await fail();
            await clock.advance(100);
            service.resetCircuit();
        }

        expect(timeline(openPeriods())).toEqual([
            [0, 100],
            [100, 200],
        ]);
    });

    it('belongs to no call', async () => {
        context.setGlobalContextManager(new AsyncContexts());
        const { service, clock, call } = createTracedReporter(options);
        const parent = telemetry.tracer.startSpan('save');

        await context.with(trace.setSpan(ROOT_CONTEXT, parent), () => rejectionOf(clock.resolve(call(refusal()))));
        service.resetCircuit();

        expect(openPeriods()).toHaveLength(1);
        expect(openPeriods()[0]?.parentSpanContext).toBeUndefined();
    });

    it('ends when the reporter does', async () => {
        const { service, clock, fail, stop, timeline } = createTracedReporter(options);
        await fail();
        await clock.advance(300);

        stop();
        stop();
        service.resetCircuit();

        expect(timeline(openPeriods())).toEqual([[0, 300]]);
    });

    it('that began before the reporter is not made up', async () => {
        const { service, clock } = createService(options);
        await rejectionOf(clock.resolve(service.executeWithRetry(scriptedCall(clock, refusal()))));
        reportToOpenTelemetry(service, { meter: telemetry.meter, tracer: telemetry.tracer });

        await clock.advance(1000);
        service.resetCircuit();

        expect(telemetry.spans()).toEqual([]);
    });
});

it('makes no spans without a tracer', async () => {
    const { service, clock } = createService();
    reportToOpenTelemetry(service, { meter: telemetry.meter });

    await clock.resolve(service.executeWithRetry(scriptedCall(clock, refusal(), 'saved')));

    expect(telemetry.spans()).toEqual([]);
});
