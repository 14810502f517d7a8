import type { RateLimitEventName } from 'ra-rate-limit';
import { describe, expect, it, vi } from 'vitest';
import { Circuit } from '../../src/core/circuit';
import { Monitor, type RateLimitSnapshot } from '../../src/core/monitor';
import { resolveOptions } from '../../src/core/options';
import { VirtualClock } from '../support/virtualClock';

const LAST_MOMENT = 8.64e15;

/** A circuit, all that it tells, and who listens to it. */
function createCircuit(...names: RateLimitEventName[]) {
    const clock = new VirtualClock({ now: 1000 });
    const error = vi.fn();
    const logger = { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error };
    const monitor = new Monitor(logger, () => ({}) as RateLimitSnapshot);
    const told: string[] = [];
    for (const name of names) monitor.on(name, event => void told.push(`${name} ${JSON.stringify(event)}`));
    const circuit = new Circuit(resolveOptions({ circuitBreakerThreshold: 2, clock }), monitor);
    return { circuit, clock, monitor, error, told };
}

describe('a circuit that opens', () => {
    it('is told with the failures that opened it, in an event and a log line', () => {
        const { circuit, error, told } = createCircuit('open');
        circuit.fail(1000);
        circuit.fail(1000);

        expect(circuit.open(1000, 5000)).toBe(true);

        const opened = { openUntil: 5000, consecutiveFailures: 2 };
        expect(told).toEqual([`open ${JSON.stringify(opened)}`]);
        const line = '[RateLimit] Circuit breaker opened after 2 consecutive failures';
        expect(error).toHaveBeenCalledExactlyOnceWith(line, opened);
    });

    it('is one opening when it stays open for longer, of which only the snapshot hears', () => {
        const { circuit, monitor, told } = createCircuit('open');
        circuit.open(1000, 5000);
        const changed = vi.fn();
        monitor.subscribe(changed);

        expect(circuit.open(1000, 6000)).toBe(true);

        expect(told).toHaveLength(1);
        expect(changed).toHaveBeenCalledOnce();
    });

    it('is never shortened', () => {
        const { circuit } = createCircuit();
        circuit.open(1000, 5000);

        expect(circuit.open(1000, 4000)).toBe(false);

        expect(circuit.describe(1000).openUntil).toBe(5000);
    });

    it('is not open when a listener has closed it at once', () => {
        const { circuit, clock, monitor } = createCircuit('halfOpen');
        monitor.on('open', () => void circuit.close());

        expect(circuit.open(1000, 5000)).toBe(false);

        expect(clock.pendingTimers).toBe(0);
    });

    it('ends with the last moment that a date can hold', () => {
        const { circuit } = createCircuit();

        circuit.open(1000, Number.MAX_VALUE);

        expect(circuit.describe(1000).openUntil).toBe(LAST_MOMENT);
    });
});

describe('the end of an open period', () => {
    it('is told in time to those who listen', async () => {
        const { circuit, clock, told } = createCircuit('halfOpen');
        circuit.open(1000, 5000);

        await clock.advance(3999);
        expect(told).toEqual([]);
        await clock.advance(1);

        expect(told).toEqual(['halfOpen {}']);
    });

    it('needs no timer while nobody does, and has one as soon as somebody has begun', async () => {
        const { circuit, clock, monitor } = createCircuit();
        circuit.open(1000, 5000);
        expect(clock.pendingTimers).toBe(0);

        const listener = vi.fn();
        monitor.on('halfOpen', listener);
        circuit.listenersChanged(1000);
        await clock.advance(4000);

        expect(listener).toHaveBeenCalledOnce();
    });

    it('moves when it stays open for longer', async () => {
        const { circuit, clock, told } = createCircuit('halfOpen');
        circuit.open(1000, 5000);
        circuit.open(1000, 8000);

        await clock.advance(6999);
        expect(told).toEqual([]);
        await clock.advance(1);

        expect(told).toEqual(['halfOpen {}']);
    });

    it.each(['close', 'reset', 'stop'] as const)('is not told any more after %s', async end => {
        const { circuit, clock, told } = createCircuit('halfOpen');
        circuit.open(1000, 5000);

        circuit[end]();
        await clock.advance(10_000);

        expect(told).toEqual([]);
        expect(clock.pendingTimers).toBe(0);
    });
});

describe('a circuit that closes', () => {
    it.each(['close', 'reset'] as const)('with %s is told once', end => {
        const { circuit, told } = createCircuit('close');
        circuit.open(1000, 5000);

        expect(circuit[end]()).toBe(true);
        expect(circuit[end]()).toBe(false);

        expect(told).toEqual(['close {}']);
    });
});
