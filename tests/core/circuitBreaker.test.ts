import { describe, expect, it } from 'vitest';
import { CircuitBreaker, PROBE_TIMEOUT_MS } from '../../src/core/circuitBreaker';

const NOW = 1_000_000;

describe('a closed circuit', () => {
    it('has no failures at first', () => {
        expect(new CircuitBreaker(5).describe(NOW)).toEqual({
            status: 'closed',
            isOpen: false,
            consecutiveFailures: 0,
            lastFailureTime: null,
            timeSinceLastFailure: null,
            openUntil: null,
        });
    });

    it('should open at the failure that reaches the threshold, not before', () => {
        const breaker = new CircuitBreaker(3);

        expect([breaker.fail(NOW), breaker.fail(NOW), breaker.fail(NOW)]).toEqual([false, false, true]);
    });

    it('counts failures in a row only', () => {
        const breaker = new CircuitBreaker(2);

        breaker.fail(NOW);
        breaker.clearFailures();

        expect(breaker.fail(NOW)).toBe(false);
        expect(breaker.consecutiveFailures).toBe(1);
    });

    it('remembers when a call last failed', () => {
        const breaker = new CircuitBreaker(5);

        breaker.fail(NOW - 5000);
        breaker.fail(NOW - 3000);

        expect(breaker.describe(NOW)).toMatchObject({
            consecutiveFailures: 2,
            lastFailureTime: NOW - 3000,
            timeSinceLastFailure: 3000,
        });
    });
});

describe('an open circuit', () => {
    it('is open until its moment, and half-open from then on', () => {
        const breaker = new CircuitBreaker(1);

        expect(breaker.open(NOW + 100)).toBe(true);

        expect(breaker.describe(NOW + 99)).toMatchObject({ status: 'open', isOpen: true, openUntil: NOW + 100 });
        expect(breaker.describe(NOW + 100)).toMatchObject({ status: 'half-open', isOpen: false, openUntil: null });
    });

    it('stays open for longer when told to, never for shorter', () => {
        const breaker = new CircuitBreaker(1);
        breaker.open(NOW + 100);

        expect(breaker.open(NOW + 50)).toBe(false);
        expect(breaker.open(NOW + 100)).toBe(false);
        expect(breaker.describe(NOW).openUntil).toBe(NOW + 100);

        expect(breaker.open(NOW + 200)).toBe(true);
        expect(breaker.describe(NOW).openUntil).toBe(NOW + 200);
    });

    it('counts late failures, and need not open again', () => {
        const breaker = new CircuitBreaker(1);
        breaker.fail(NOW);
        breaker.open(NOW + 100);

        expect(breaker.fail(NOW + 1)).toBe(false);
        expect(breaker.consecutiveFailures).toBe(2);
    });
});

describe('a half-open circuit', () => {
    it('waits for a probe, which has the floor for half a minute', () => {
        const breaker = new CircuitBreaker(1);
        breaker.halfOpen();
        expect(breaker.state).toEqual({ status: 'half-open', probe: undefined });

        const probe = breaker.startProbe(NOW);

        expect(probe.expiresAt).toBe(NOW + PROBE_TIMEOUT_MS);
        expect(PROBE_TIMEOUT_MS).toBe(30_000);
        expect(breaker.state).toEqual({ status: 'half-open', probe });
        expect(breaker.statusAt(NOW)).toBe('half-open');
    });

    it('knows its probe from another, from one that came too late and from none', () => {
        const breaker = new CircuitBreaker(1);
        const first = breaker.startProbe(NOW);
        expect(breaker.isCurrent(first)).toBe(true);

        const second = breaker.startProbe(NOW);
        expect(breaker.isCurrent(first)).toBe(false);
        expect(breaker.isCurrent(second)).toBe(true);

        breaker.halfOpen();
        expect(breaker.isCurrent(second)).toBe(false);
        expect(breaker.isCurrent(undefined)).toBe(false);

        const third = breaker.startProbe(NOW);
        breaker.close();
        expect(breaker.isCurrent(third)).toBe(false);
    });

    it('does not open for the failure of a call that is not the probe', () => {
        const breaker = new CircuitBreaker(1);
        breaker.halfOpen();

        expect(breaker.fail(NOW)).toBe(false);
    });
});

it('a circuit that was reset is as new', () => {
    const breaker = new CircuitBreaker(2);
    breaker.fail(NOW);
    breaker.open(NOW + 100);

    breaker.reset();

    expect(breaker.describe(NOW)).toEqual(new CircuitBreaker(2).describe(NOW));
    expect(breaker.fail(NOW)).toBe(false);
});
