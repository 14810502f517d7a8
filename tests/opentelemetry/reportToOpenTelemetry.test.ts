import { type ReportToOpenTelemetryOptions, reportToOpenTelemetry } from 'ra-rate-limit/opentelemetry';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createService } from '../support/createService';
import { refusal, rejectionOf, scriptedCall } from '../support/scriptedCalls';
import { createReporter, NAMES } from './createReporter';
import { startTelemetry } from './telemetry';

let telemetry: ReturnType<typeof startTelemetry>;

beforeEach(() => {
    telemetry = startTelemetry();
});

afterEach(() => telemetry.stop());

describe('the function that ends it', () => {
    it('ends all of it, and can be called twice', async () => {
        const { stop, fail } = createReporter(telemetry, { circuitBreakerThreshold: 1 });

        stop();
        stop();
        await fail();
        await fail();

        for (const metric of (await telemetry.collect()).values()) expect(metric.dataPoints).toEqual([]);
        expect(telemetry.spans()).toEqual([]);
    });

    it('leaves no state behind, and its counters as they were', async () => {
        const { service, stop } = createReporter(telemetry);
        const waiting = rejectionOf(service.executeWithRetry(() => Promise.reject(refusal()), NAMES));
        await expect(telemetry.values('ra_rate_limit.call.waiting')).resolves.toContainEqual({
            priority: 'interactive',
            value: 1,
        });

        stop();
        service.dispose();
        await waiting;
        await telemetry.collect();

        for (const name of ['ra_rate_limit.circuit.status', 'ra_rate_limit.call.waiting']) {
            for (const { value } of await telemetry.values(name)) expect(value).toBe(0);
        }
        await expect(telemetry.values('ra_rate_limit.refusals')).resolves.toEqual([{ value: 1 }]);
    });

    it('leaves its place to one that is started after it', async () => {
        const { service, stop, fail } = createReporter({ meter: telemetry.meter }, { circuitBreakerThreshold: 1 });
        await fail();
        await telemetry.collect();

        stop();
        reportToOpenTelemetry(service, { meter: telemetry.meter });

        await expect(telemetry.values('ra_rate_limit.circuit.status')).resolves.toContainEqual({
            'circuit.state': 'open',
            value: 1,
        });
    });

    it('leaves another reporter alone', async () => {
        const { service, stop, fail } = createReporter({ meter: telemetry.meter });
        reportToOpenTelemetry(service, { meter: telemetry.meter });

        stop();
        await fail();

        await expect(telemetry.values('ra_rate_limit.failures')).resolves.toMatchObject([{ value: 1 }]);
        await expect(telemetry.values('ra_rate_limit.refusals')).resolves.toEqual([{ value: 4 }]);
    });
});

describe('a meter that fails', () => {
    const fault = new Error('The meter is broken');
    const broken = () => {
        throw fault;
    };

    it('costs no call', async () => {
        const instrument = { add: broken, record: broken };
        const meter = {
            createCounter: () => instrument,
            createHistogram: () => instrument,
            createObservableCounter: () => instrument,
            createObservableUpDownCounter: () => instrument,
            addBatchObservableCallback: () => {},
        } as unknown as ReportToOpenTelemetryOptions['meter'];
        const { clock, lines, call, fail } = createReporter({ meter });

        await expect(clock.resolve(call(refusal(), 'saved'))).resolves.toBe('saved');
        await expect(fail()).resolves.toMatchObject({ name: 'RateLimitError' });
        expect(lines).toContainEqual(expect.objectContaining({ context: { error: fault } }));
    });

    it('at the start leaves no listener behind', async () => {
        const { service, lines, clock } = createService();
        const meter = { ...noFunctions(), createHistogram: broken } as unknown as ReportToOpenTelemetryOptions['meter'];

        expect(() => reportToOpenTelemetry(service, { meter })).toThrow(fault);
        await clock.resolve(service.executeWithRetry(scriptedCall(clock, 'saved')));

        expect(lines).toEqual([]);
    });
});

const noFunctions = () => ({
    createCounter() {},
    createObservableCounter() {},
    createObservableUpDownCounter() {},
    addBatchObservableCallback() {},
});

describe('a wrong argument', () => {
    const { service } = createService();
    const valid = { meter: { ...noFunctions(), createHistogram() {} } };

    it.each<[string, unknown, unknown]>([
        ['service must be a RateLimitService, got undefined', undefined, valid],
        ['service must be a RateLimitService, got [object Object]', { on() {} }, valid],
        [
            'meter.createObservableCounter must be a function, as in an OpenTelemetry meter, got undefined',
            service,
            undefined,
        ],
        [
            'meter.createHistogram must be a function, as in an OpenTelemetry meter, got undefined',
            service,
            { meter: noFunctions() },
        ],
        [
            'tracer.startSpan must be a function, as in an OpenTelemetry tracer, got undefined',
            service,
            { ...valid, tracer: { getTracer() {} } },
        ],
        ['name must be a string, got 7', service, { ...valid, name: 7 }],
    ])('is refused: %s', (message, ...args) => {
        const report = () => reportToOpenTelemetry(...(args as Parameters<typeof reportToOpenTelemetry>));

        expect(report).toThrow(new TypeError(`ra-rate-limit: ${message}`));
    });
});
