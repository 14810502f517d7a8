import { HttpError } from 'ra-core';
import { runBulk } from 'ra-rate-limit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { heldCall, refusal, rejectionOf } from '../support/scriptedCalls';
import { createReporter, NAMES } from './createReporter';
import { startTelemetry } from './telemetry';

let telemetry: ReturnType<typeof startTelemetry>;

beforeEach(() => {
    telemetry = startTelemetry();
});

afterEach(() => telemetry.stop());

/** A service that has seen each way in which a call can end: it is open, and has waited for 700 and 100 ms. */
async function createBusyReporter() {
    const created = createReporter(telemetry, { circuitBreakerThreshold: 1 });
    const { service, clock, call, fail } = created;
    await clock.resolve(call('saved'));
    await clock.resolve(call(refusal(), 'saved'));
    await rejectionOf(clock.resolve(call(new HttpError('Bad record', 400))));
    await rejectionOf(service.executeWithRetry(heldCall(), { ...NAMES, signal: AbortSignal.abort() }));
    await fail();
    await fail();
    return created;
}

describe('the metrics', () => {
    it('have the names, kinds and units of the semantic conventions', async () => {
        await createBusyReporter();

        const metrics = [...(await telemetry.collect()).values()];

        const described = metrics.map(metric => [
            metric.descriptor.name,
            metric.descriptor.unit,
            'isMonotonic' in metric ? (metric.isMonotonic ? 'counter' : 'up-down counter') : 'histogram',
        ]);
        expect(described).toEqual([
            ['ra_rate_limit.calls', '{call}', 'counter'],
            ['ra_rate_limit.refusals', '{refusal}', 'counter'],
            ['ra_rate_limit.circuit.openings', '{opening}', 'counter'],
            ['ra_rate_limit.circuit.status', '{circuit}', 'up-down counter'],
            ['ra_rate_limit.call.waiting', '{call}', 'up-down counter'],
            ['ra_rate_limit.retries', '{retry}', 'counter'],
            ['ra_rate_limit.failures', '{call}', 'counter'],
            ['ra_rate_limit.wait.duration', 's', 'histogram'],
        ]);
        for (const { descriptor } of metrics) expect(descriptor.description).not.toBe('');
    });

    it('count the calls by how they ended, exactly as the service does', async () => {
        const { service } = await createBusyReporter();

        await expect(telemetry.values('ra_rate_limit.calls')).resolves.toEqual([
            { outcome: 'succeeded', value: 2 },
            { outcome: 'failed', value: 1 },
            { outcome: 'exhausted', value: 1 },
            { outcome: 'rejected', value: 1 },
            { outcome: 'aborted', value: 1 },
        ]);
        expect(service.getStats().calls).toBe(6);
    });

    it('count the refusals, the openings and the retries', async () => {
        const { service } = await createBusyReporter();
        service.resetCircuit();
        service.dispatcher.pause(60_000);
        service.dispatcher.pause(3_600_000); // longer than it is open already: the same opening

        await expect(telemetry.values('ra_rate_limit.refusals')).resolves.toEqual([{ value: 5 }]);
        await expect(telemetry.values('ra_rate_limit.circuit.openings')).resolves.toEqual([{ value: 2 }]);
        await expect(telemetry.values('ra_rate_limit.retries')).resolves.toEqual([
            { resource: 'contacts', operation: 'create', value: 4 },
        ]);
    });

    it('tell what failed for the rate limit, by its names', async () => {
        const { service, clock } = await createBusyReporter();
        await rejectionOf(clock.resolve(service.executeWithRetry(heldCall(), { operation: 'close_month' })));
        await rejectionOf(clock.resolve(service.executeWithRetry(heldCall())));

        await expect(telemetry.values('ra_rate_limit.failures')).resolves.toStrictEqual([
            { resource: 'contacts', operation: 'create', outcome: 'exhausted', value: 1 },
            { resource: 'contacts', operation: 'create', outcome: 'rejected', value: 1 },
            { operation: 'close_month', outcome: 'rejected', value: 1 },
            { outcome: 'rejected', value: 1 },
        ]);
    });

    it('tell in seconds how long the calls waited, and how many did not', async () => {
        await createBusyReporter();

        const waits = await telemetry.values('ra_rate_limit.wait.duration');

        const boundaries = [0, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300];
        expect(waits).toMatchObject([
            {
                outcome: 'succeeded',
                value: { count: 2, sum: 0.1, buckets: { boundaries, counts: [1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0] } },
            },
            { outcome: 'exhausted', value: { count: 1, sum: 0.7 } },
            { outcome: 'rejected', value: { count: 1, sum: 0 } },
        ]);
    });

    it('tell the state of the circuit', async () => {
        const { service, clock, fail } = createReporter(telemetry, {
            circuitBreakerThreshold: 1,
            circuitResetMs: 1000,
        });
        const state = async () =>
            (await telemetry.values('ra_rate_limit.circuit.status')).map(point => Object.values(point));

        await expect(state()).resolves.toEqual([
            ['closed', 1],
            ['open', 0],
            ['half_open', 0],
        ]);
        await fail();
        await expect(state()).resolves.toEqual([
            ['closed', 0],
            ['open', 1],
            ['half_open', 0],
        ]);
        await clock.advance(1000);
        await expect(state()).resolves.toEqual([
            ['closed', 0],
            ['open', 0],
            ['half_open', 1],
        ]);
        service.resetCircuit();
        await expect(state()).resolves.toEqual([
            ['closed', 1],
            ['open', 0],
            ['half_open', 0],
        ]);
    });

    it('tell the calls that wait, those of people apart from those of bulk work', async () => {
        const { service, clock, call } = createReporter({ meter: telemetry.meter });
        service.dispatcher.pause(5000);
        const run = runBulk([1, 2], async () => {}, { service, concurrency: 2 });
        const calls = [call('saved'), call('saved'), call('saved')];
        await clock.advance(100);

        const { waiting, waitingBulk } = service.getSnapshot();
        expect(waitingBulk).toBeGreaterThan(0);
        await expect(telemetry.values('ra_rate_limit.call.waiting')).resolves.toEqual([
            { priority: 'interactive', value: 3 },
            { priority: 'bulk', value: waitingBulk },
        ]);
        expect(waiting).toBe(3 + waitingBulk);

        await clock.resolve(Promise.all([run, ...calls]));
        await expect(telemetry.values('ra_rate_limit.call.waiting')).resolves.toEqual([
            { priority: 'interactive', value: 0 },
            { priority: 'bulk', value: 0 },
        ]);
    });

    it('are there before anything has happened, but for what has no names yet', async () => {
        createReporter({ meter: telemetry.meter });

        const names = [...(await telemetry.collect()).keys()];

        expect(names).toEqual([
            'ra_rate_limit.calls',
            'ra_rate_limit.refusals',
            'ra_rate_limit.circuit.openings',
            'ra_rate_limit.circuit.status',
            'ra_rate_limit.call.waiting',
        ]);
    });

    it('of two services on one meter are told apart by a name', async () => {
        const crm = createReporter({ meter: telemetry.meter, name: 'crm' });
        const mail = createReporter({ meter: telemetry.meter, name: 'mail' });

        await crm.clock.resolve(crm.call('saved'));
        await mail.fail();

        const calls = await telemetry.values('ra_rate_limit.calls');
        expect(calls.filter(({ value }) => value !== 0)).toEqual([
            { name: 'crm', outcome: 'succeeded', value: 1 },
            { name: 'mail', outcome: 'exhausted', value: 1 },
        ]);
        for (const metric of (await telemetry.collect()).values()) {
            for (const { attributes } of metric.dataPoints) expect(attributes).toHaveProperty(['ra_rate_limit.name']);
        }
    });

    it('have nothing of the record or of the refusal', async () => {
        const SECRET = 'canary-7f3a';
        const { service, clock } = createReporter({ ...telemetry, name: 'crm' }, { circuitBreakerThreshold: 1 });
        const cause = Object.assign(new HttpError(SECRET, 429, { record: SECRET }), { headers: { apikey: SECRET } });

        for (let count = 0; count < 2; count++) {
            await rejectionOf(clock.resolve(service.executeWithRetry(() => Promise.reject(cause), NAMES)));
        }
        service.resetCircuit();

        const spans = telemetry
            .spans()
            .map(({ name, attributes, events, status }) => [name, attributes, events, status]);
        expect(spans.length).toBeGreaterThan(0);
        expect(JSON.stringify([spans, [...(await telemetry.collect()).values()]])).not.toContain(SECRET);
    });
});
