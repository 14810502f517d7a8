import type { Attributes, BatchObservableResult, Meter } from '@opentelemetry/api';
import type { CallEnd } from '../core/call.js';
import type { RateLimitSnapshot } from '../core/monitor.js';
import type { RateLimitService } from '../core/service.js';
import { attributesOf, CIRCUIT_STATE, OUTCOME, PRIORITY } from './attributes.js';

const OUTCOMES = ['succeeded', 'failed', 'exhausted', 'rejected', 'aborted'] as const;

/** By the status of the service: an attribute has words of its own, with underscores. */
const CIRCUIT_STATES = { closed: 'closed', open: 'open', 'half-open': 'half_open' } as const;

/** Seconds. The first is the number of calls that did not wait at all, the others reach to what bulk work waits. */
const WAIT_BOUNDARIES = [0, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300];

/** What is so at a moment. */
type State = Pick<RateLimitSnapshot, 'waiting' | 'waitingBulk'> & { status: RateLimitSnapshot['status'] | undefined };

/**
 * Reports the counters and the state of the service when they are asked for, and what tells the calls apart as it
 * happens. Returns a function for each thing that it began, which ends that.
 */
export function reportMetrics(service: RateLimitService, meter: Meter, common: Attributes): (() => void)[] {
    const calls = meter.createObservableCounter('ra_rate_limit.calls', {
        description: 'Calls that have ended, by how.',
        unit: '{call}',
    });
    const refusals = meter.createObservableCounter('ra_rate_limit.refusals', {
        description: 'Answers that were a 429.',
        unit: '{refusal}',
    });
    const openings = meter.createObservableCounter('ra_rate_limit.circuit.openings', {
        description: 'How often the circuit opened, a refused probe included.',
        unit: '{opening}',
    });
    // A state is an UpDownCounter of 0 and 1 for each of its values: the sum over clients counts those that are in it.
    const status = meter.createObservableUpDownCounter('ra_rate_limit.circuit.status', {
        description: 'Circuits by the state that they are in.',
        unit: '{circuit}',
    });
    const waiting = meter.createObservableUpDownCounter('ra_rate_limit.call.waiting', {
        description: 'Calls that wait for their turn or for their next retry.',
        unit: '{call}',
    });
    const retries = meter.createCounter('ra_rate_limit.retries', {
        description: 'Refused calls that are sent again.',
        unit: '{retry}',
    });
    const failures = meter.createCounter('ra_rate_limit.failures', {
        description: 'Calls that failed because of the rate limit.',
        unit: '{call}',
    });
    const waits = meter.createHistogram('ra_rate_limit.wait.duration', {
        description: 'How long a call waited, over all its attempts.',
        unit: 's',
        advice: { explicitBucketBoundaries: WAIT_BOUNDARIES },
    });

    let isObserved = false;
    let hasEnded = false;
    const observe = (result: BatchObservableResult) => {
        isObserved = true;
        if (hasEnded) {
            // An SDK goes on with the last value that it was told: there is nothing any more.
            observeState(result, { status: undefined, waiting: 0, waitingBulk: 0 });
            queueMicrotask(stop);
            return;
        }
        const stats = service.getStats();
        for (const outcome of OUTCOMES) result.observe(calls, stats[outcome], { ...common, [OUTCOME]: outcome });
        result.observe(refusals, stats.rateLimited, common);
        result.observe(openings, stats.opened, common);
        observeState(result, service.getSnapshot());
    };
    const observeState = (result: BatchObservableResult, now: State) => {
        for (const [is, state] of Object.entries(CIRCUIT_STATES)) {
            result.observe(status, is === now.status ? 1 : 0, { ...common, [CIRCUIT_STATE]: state });
        }
        result.observe(waiting, now.waiting - now.waitingBulk, { ...common, [PRIORITY]: 'interactive' });
        result.observe(waiting, now.waitingBulk, { ...common, [PRIORITY]: 'bulk' });
    };
    const observed = [calls, refusals, openings, status, waiting];
    const stop = () => meter.removeBatchObservableCallback(observe, observed);
    const end = () => {
        hasEnded = true;
        if (!isObserved) stop();
    };
    meter.addBatchObservableCallback(observe, observed);

    const ended = ({ waitedMs }: CallEnd, outcome: string) =>
        waits.record(waitedMs / 1000, { ...common, [OUTCOME]: outcome });
    const failed = (call: CallEnd, outcome: string) => {
        ended(call, outcome);
        failures.add(1, { ...attributesOf(call, common), [OUTCOME]: outcome });
    };
    return [
        end,
        service.on('retry', call => retries.add(1, attributesOf(call, common))),
        service.on('success', call => ended(call, 'succeeded')),
        service.on('exhausted', call => failed(call, 'exhausted')),
        service.on('reject', call => failed(call, 'rejected')),
    ];
}
