import { describe, expect, it } from 'vitest';
import { CircuitBreaker } from '../../src/core/circuitBreaker';

const NOW = 1_000_000;
const PROBE_MS = 30_000;

/** A circuit that was opened and whose open period is over at `NOW`. */
function createHalfOpen() {
    const breaker = new CircuitBreaker(1);
    breaker.open(NOW - 100, NOW);
    return breaker;
}

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
        expect(breaker.describe(NOW)).toMatchObject({ status: 'closed', consecutiveFailures: 3 });
    });

    it('counts failures in a row only', () => {
        const breaker = new CircuitBreaker(2);

        breaker.fail(NOW);
        breaker.answer();

        expect(breaker.describe(NOW).consecutiveFailures).toBe(0);
        expect(breaker.fail(NOW)).toBe(false);
    });

    it('remembers when a call last failed, whatever was answered since', () => {
        const breaker = new CircuitBreaker(5);

        breaker.fail(NOW - 5000);
        breaker.fail(NOW - 3000);
        breaker.answer();

        expect(breaker.describe(NOW)).toMatchObject({ lastFailureTime: NOW - 3000, timeSinceLastFailure: 3000 });
    });

    it('lets every call pass, none of them as a probe', () => {
        const breaker = new CircuitBreaker(1);

        expect(breaker.passesAt).toBe(0);
        expect(breaker.pass(NOW)).toBe(0);
        expect(breaker.isCurrent(0)).toBe(false);
        expect(breaker.passesAt).toBe(0);
    });

    it('cannot be closed', () => {
        expect(new CircuitBreaker(1).close()).toBe(false);
        expect(new CircuitBreaker(1).reset()).toBe(false);
    });
});

describe('an open circuit', () => {
    it('is open until its moment, and half-open from then on', () => {
        const breaker = new CircuitBreaker(1);

        expect(breaker.open(NOW, NOW + 100)).toBe(true);

        expect(breaker.passesAt).toBe(NOW + 100);
        expect(breaker.describe(NOW + 99)).toMatchObject({ status: 'open', isOpen: true, openUntil: NOW + 100 });
        expect(breaker.describe(NOW + 100)).toMatchObject({ status: 'half-open', isOpen: false, openUntil: null });
    });

    it('stays open for longer when told to, never for shorter', () => {
        const breaker = new CircuitBreaker(1);
        breaker.open(NOW, NOW + 100);

        expect(breaker.open(NOW, NOW + 50)).toBe(false);
        expect(breaker.open(NOW + 99, NOW + 100)).toBe(false);
        expect(breaker.describe(NOW).openUntil).toBe(NOW + 100);

        expect(breaker.open(NOW, NOW + 101)).toBe(true);
        expect(breaker.describe(NOW).openUntil).toBe(NOW + 101);
    });

    it('counts late failures, and need not open again', () => {
        const breaker = new CircuitBreaker(1);
        breaker.fail(NOW);
        breaker.open(NOW, NOW + 100);

        expect(breaker.fail(NOW + 1)).toBe(false);
        expect(breaker.describe(NOW + 1).consecutiveFailures).toBe(2);
    });

    it('is not closed by an answer, but by the one who decides', () => {
        const breaker = new CircuitBreaker(1);
        breaker.open(NOW, NOW + 100);

        breaker.answer();
        expect(breaker.describe(NOW).status).toBe('open');

        expect(breaker.close()).toBe(true);
        expect(breaker.describe(NOW).status).toBe('closed');
        expect(breaker.passesAt).toBe(0);
    });
});

describe('a half-open circuit', () => {
    it('lets one call pass as the probe, which has the floor for half a minute', () => {
        const breaker = createHalfOpen();
        expect(breaker.passesAt).toBe(NOW);

        const probe = breaker.pass(NOW + 5);

        expect(breaker.isCurrent(probe)).toBe(true);
        expect(breaker.passesAt).toBe(NOW + 5 + PROBE_MS);
        expect(breaker.describe(NOW + 5)).toMatchObject({ status: 'half-open', isOpen: false, openUntil: null });
    });

    it('knows its probe from one that took over and from none', () => {
        const breaker = createHalfOpen();
        const silent = breaker.pass(NOW);

        const next = breaker.pass(NOW + PROBE_MS);

        expect(breaker.isCurrent(silent)).toBe(false);
        expect(breaker.isCurrent(next)).toBe(true);
        expect(breaker.isCurrent(0)).toBe(false);
    });

    it.each([
        ['was given up', (breaker: CircuitBreaker) => breaker.abandonProbe()],
        ['saw the circuit close', (breaker: CircuitBreaker) => breaker.close()],
        ['saw the circuit reset', (breaker: CircuitBreaker) => breaker.reset()],
        ['saw the circuit open again', (breaker: CircuitBreaker) => breaker.open(NOW, NOW + 1)],
    ])('does not wait for a probe that %s', (_, end) => {
        const breaker = createHalfOpen();
        const probe = breaker.pass(NOW);

        end(breaker);

        expect(breaker.isCurrent(probe)).toBe(false);
        expect(breaker.passesAt).toBeLessThanOrEqual(NOW + 1);
    });

    it('does not open for the failure of a call that is not the probe', () => {
        expect(createHalfOpen().fail(NOW)).toBe(false);
    });

    it('opens again, also until an earlier moment than before', () => {
        const breaker = createHalfOpen();

        expect(breaker.open(NOW + 10, NOW + 10)).toBe(true);
        expect(breaker.open(NOW + 10, NOW + 60)).toBe(true);
        expect(breaker.describe(NOW + 59).status).toBe('open');
    });

    it('can be closed', () => {
        const breaker = createHalfOpen();

        expect(breaker.close()).toBe(true);
        expect(breaker.describe(NOW).status).toBe('closed');
    });
});

it('a circuit that was reset is as new', () => {
    const breaker = new CircuitBreaker(2);
    breaker.fail(NOW);
    breaker.open(NOW, NOW + 100);

    expect(breaker.reset()).toBe(true);

    expect(breaker.describe(NOW)).toEqual(new CircuitBreaker(2).describe(NOW));
    expect(breaker.fail(NOW)).toBe(false);
});
