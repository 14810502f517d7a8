import { RateLimitError, RateLimitErrorCode } from 'ra-rate-limit';
import { describe, expect, it, vi } from 'vitest';
import { createCall } from '../../src/core/call';
import type { RateLimitEventName, RateLimitEvents } from '../../src/core/events';
import { Monitor, type RateLimitSnapshot } from '../../src/core/monitor';

const createLogger = () => ({ debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() });
const snapshot = (waiting = 0): RateLimitSnapshot => ({
    status: 'closed',
    isOpen: false,
    consecutiveFailures: 0,
    lastFailureTime: null,
    openUntil: null,
    waiting,
    waitingBulk: 0,
    waitingReads: 0,
    pausedUntil: null,
});
const error = new RateLimitError({
    code: RateLimitErrorCode.CIRCUIT_OPEN,
    message: 'Wait.',
    retryAfterMs: 1000,
    attempts: 4,
});
const events: RateLimitEvents = {
    retry: { attempt: 1, maxRetries: 3, delayMs: 100 },
    success: { attempts: 1, waitedMs: 0 },
    exhausted: { attempts: 4, waitedMs: 700, error },
    reject: { attempts: 0, waitedMs: 0, error },
    open: { openUntil: 1000, consecutiveFailures: 5 },
    halfOpen: {},
    close: {},
    pause: { until: 1000 },
};
const names = Object.keys(events) as RateLimitEventName[];
const quoted = (name: unknown) => (typeof name === 'string' ? `"${name}"` : String(name));

describe('an event', () => {
    it.each(['halfopen', 'toString', undefined, Symbol('open')])('that there is not, %s, is refused by name', name => {
        const monitor = new Monitor(false, () => snapshot());

        expect(() => monitor.on(name as 'open', () => {})).toThrow(
            new TypeError(`ra-rate-limit: event must be one of ${names.join(', ')}, got ${quoted(name)}`),
        );
    });

    it('has listeners that are functions', () => {
        const monitor = new Monitor(false, () => snapshot());

        expect(() => monitor.on('open', undefined as never)).toThrow(
            new TypeError('ra-rate-limit: listener must be a function, got undefined'),
        );
    });

    it.each(names)('%s reaches those who listen to it, as it is', name => {
        const monitor = new Monitor(false, () => snapshot());
        const listener = vi.fn();
        monitor.on(name, listener);

        monitor.emit(name, events[name]);

        expect(listener.mock.calls).toEqual([[events[name]]]);
    });

    it('does not reach those who listen to another', () => {
        const monitor = new Monitor(false, () => snapshot());
        const listener = vi.fn();
        monitor.on('open', listener);

        monitor.emit('close', {});

        expect(listener).not.toHaveBeenCalled();
    });

    it('does not reach those who have stopped listening', () => {
        const monitor = new Monitor(false, () => snapshot());
        const [leaving, staying] = [vi.fn(), vi.fn()];
        const stop = monitor.on('close', leaving);
        monitor.on('close', staying);

        expect(stop()).toBeUndefined();
        monitor.emit('close', {});

        expect(leaving).not.toHaveBeenCalled();
        expect(staying).toHaveBeenCalledTimes(1);
    });

    it('reaches a listener that was added twice twice, until each is taken off', () => {
        const monitor = new Monitor(false, () => snapshot());
        const listener = vi.fn();
        const stop = monitor.on('close', listener);
        monitor.on('close', listener);

        monitor.emit('close', {});
        expect(listener).toHaveBeenCalledTimes(2);

        stop();
        stop();
        monitor.emit('close', {});
        expect(listener).toHaveBeenCalledTimes(3);
    });

    it('does not reach a listener that was added while it is told', () => {
        const monitor = new Monitor(false, () => snapshot());
        const late = vi.fn();
        monitor.on('close', () => void monitor.on('close', late));

        monitor.emit('close', {});

        expect(late).not.toHaveBeenCalled();
    });

    it('reaches the others when a listener throws, and the log says so', () => {
        const logger = createLogger();
        const monitor = new Monitor(logger, () => snapshot());
        const broken = new Error('A broken listener');
        const listener = vi.fn();
        monitor.on('close', () => {
            throw broken;
        });
        monitor.on('close', listener);

        monitor.emit('close', {});

        expect(listener).toHaveBeenCalledTimes(1);
        expect(logger.error.mock.calls).toEqual([['[RateLimit] A listener threw', { error: broken }]]);
    });

    it('are told of in the log when their promise rejects', async () => {
        const logger = createLogger();
        const monitor = new Monitor(logger, () => snapshot());
        const broken = new Error('A broken listener');
        monitor.on('close', (() => Promise.reject(broken)) as () => void);

        monitor.emit('close', {});
        await Promise.resolve();

        expect(logger.error.mock.calls).toEqual([['[RateLimit] A listener threw', { error: broken }]]);
    });

    it('and loggers may reject: nobody is left to tell', async () => {
        const logger = createLogger();
        logger.error.mockImplementation((() => Promise.reject(new Error('full'))) as () => void);
        const monitor = new Monitor(logger, () => snapshot());

        // A rejection that nobody handles fails the run.
        expect(() => monitor.log('error', 'Max retries exceeded', {})).not.toThrow();
        await Promise.resolve();
    });
});

describe('the counters', () => {
    it.each([
        ['retry', 'retries'],
        ['exhausted', 'exhausted'],
        ['reject', 'rejected'],
        ['open', 'opened'],
    ] as const)('count %s as %s and as nothing else', (name, counter) => {
        const monitor = new Monitor(false, () => snapshot());
        const before = { ...monitor.counters };

        monitor.emit(name, events[name]);
        monitor.emit(name, events[name]);

        expect(monitor.counters).toEqual({ ...before, [counter]: 2 });
    });

    it.each(['success', 'halfOpen', 'close', 'pause'] as const)('do not count %s', name => {
        const monitor = new Monitor(false, () => snapshot());
        const before = { ...monitor.counters };

        monitor.emit(name, events[name]);

        expect(monitor.counters).toEqual(before);
    });

    it('start at 0', () => {
        expect(new Monitor(false, () => snapshot()).counters).toEqual({
            calls: 0,
            succeeded: 0,
            failed: 0,
            rateLimited: 0,
            retries: 0,
            exhausted: 0,
            rejected: 0,
            aborted: 0,
            opened: 0,
        });
    });
});

describe('an event that is heard', () => {
    it('has been counted, and found its way into the snapshot', () => {
        const monitor: Monitor = new Monitor(false, () => snapshot(monitor.counters.retries));
        const seen: number[] = [monitor.snapshotAt(0).waiting];
        const look = () => void seen.push(monitor.snapshotAt(0).waiting);
        monitor.on('retry', look);
        monitor.subscribe(look);

        monitor.emit('retry', events.retry);

        expect(seen).toEqual([0, 1, 1]);
    });
});

describe('a call that ended', () => {
    it.each(['succeeded', 'failed', 'aborted'] as const)('is counted as %s and as nothing else', outcome => {
        const monitor = new Monitor(false, () => snapshot());
        const before = { ...monitor.counters };

        monitor.ended(createCall({}), outcome);
        monitor.ended(createCall({}), outcome);

        expect(monitor.counters).toEqual({ ...before, [outcome]: 2 });
    });

    it.each(['failed', 'aborted'] as const)(
        'is no event when it %s, and has been counted when that is told',
        outcome => {
            const monitor = new Monitor(false, () => snapshot());
            const [listener, subscriber] = [vi.fn(), vi.fn(() => expect(monitor.counters[outcome]).toBe(1))];
            for (const name of names) monitor.on(name, listener);
            monitor.subscribe(subscriber);
            const shown = monitor.snapshotAt(0);

            monitor.ended(createCall({}), outcome);

            expect(listener).not.toHaveBeenCalled();
            expect(subscriber).toHaveBeenCalledOnce();
            expect(subscriber).toHaveReturned();
            expect(monitor.snapshotAt(0)).toBe(shown);
        },
    );
});

describe('a call that succeeded', () => {
    const call = { ...createCall({ resourceName: 'contacts', operation: 'create' }), attempts: 2, waitedMs: 100 };

    it('is told to those who listen, with its names and attempts', () => {
        const monitor = new Monitor(false, () => snapshot());
        const listener = vi.fn();
        monitor.on('success', listener);

        monitor.ended(call, 'succeeded');

        expect(listener.mock.calls).toEqual([
            [{ resource: 'contacts', operation: 'create', attempts: 2, waitedMs: 100 }],
        ]);
    });

    it('is counted once, whether or not somebody listens', () => {
        const [heard, unheard] = [new Monitor(false, () => snapshot()), new Monitor(false, () => snapshot())];
        heard.on('success', () => {});

        heard.ended(call, 'succeeded');
        unheard.ended(call, 'succeeded');

        expect(heard.counters.succeeded).toBe(1);
        expect(unheard.counters.succeeded).toBe(1);
    });

    it('changes nothing that a screen shows', () => {
        const monitor = new Monitor(false, () => snapshot());
        const subscriber = vi.fn();
        monitor.subscribe(subscriber);
        const before = monitor.snapshotAt(0);

        monitor.ended(call, 'succeeded');

        expect(subscriber).not.toHaveBeenCalled();
        expect(monitor.snapshotAt(0)).toBe(before);
    });
});

describe('the snapshot', () => {
    it('is taken once and stays the same object until something changes', () => {
        let waiting = 0;
        const takeSnapshot = vi.fn(() => snapshot(waiting));
        const monitor = new Monitor(false, takeSnapshot);

        const first = monitor.snapshotAt(5);
        expect(monitor.snapshotAt(6)).toBe(first);
        expect(takeSnapshot.mock.calls).toEqual([[5]]);

        waiting = 1;
        expect(monitor.snapshotAt(7)).toBe(first);
        monitor.changed();
        expect(monitor.snapshotAt(8)).not.toBe(first);
        expect(monitor.snapshotAt(8).waiting).toBe(1);
    });

    it('is taken again once when the open period is over, which nobody tells', () => {
        const takeSnapshot = vi.fn((now: number) => ({ ...snapshot(), openUntil: now < 1000 ? 1000 : null }));
        const monitor = new Monitor(false, takeSnapshot);
        const subscriber = vi.fn();
        monitor.subscribe(subscriber);

        const open = monitor.snapshotAt(0);
        expect(monitor.snapshotAt(999)).toBe(open);
        const halfOpen = monitor.snapshotAt(1000);

        expect(halfOpen).toMatchObject({ openUntil: null });
        expect(monitor.snapshotAt(5000)).toBe(halfOpen);
        expect(takeSnapshot).toHaveBeenCalledTimes(2);
        expect(subscriber).not.toHaveBeenCalled();
    });

    it('is up to date when subscribers hear of a change', () => {
        let waiting = 0;
        const monitor = new Monitor(false, () => snapshot(waiting));
        const seen: number[] = [monitor.snapshotAt(0).waiting];
        monitor.subscribe(() => void seen.push(monitor.snapshotAt(0).waiting));

        waiting = 1;
        monitor.changed();

        expect(seen).toEqual([0, 1]);
    });

    it('tells nobody who has unsubscribed, and each subscription is its own', () => {
        const monitor = new Monitor(false, () => snapshot());
        const listener = vi.fn();
        const unsubscribe = monitor.subscribe(listener);
        monitor.subscribe(listener);

        unsubscribe();
        monitor.changed();

        expect(listener).toHaveBeenCalledTimes(1);
    });

    it('survives a subscriber that throws', () => {
        const monitor = new Monitor(createLogger(), () => snapshot());
        const listener = vi.fn();
        monitor.subscribe(() => {
            throw new Error('A broken subscriber');
        });
        monitor.subscribe(listener);

        monitor.changed();

        expect(listener).toHaveBeenCalledTimes(1);
    });

    it('does not tell a subscriber that was added by another', () => {
        const monitor = new Monitor(false, () => snapshot());
        const late = vi.fn();
        monitor.subscribe(() => void monitor.subscribe(late));

        monitor.changed();

        expect(late).not.toHaveBeenCalled();
    });
});

describe('the log', () => {
    it.each(['debug', 'info', 'warn', 'error'] as const)('has lines of level %s, marked as ours', level => {
        const logger = createLogger();

        new Monitor(logger, () => snapshot()).log(level, 'A line', { attempt: 1 });

        expect(logger[level].mock.calls).toEqual([['[RateLimit] A line', { attempt: 1 }]]);
    });

    it('keeps the logger as this', () => {
        class ClassLogger {
            lines: string[] = [];
            debug() {}
            info() {}
            warn() {}
            error(message: string) {
                this.lines.push(message);
            }
        }
        const logger = new ClassLogger();

        new Monitor(logger, () => snapshot()).log('error', 'A line', {});

        expect(logger.lines).toEqual(['[RateLimit] A line']);
    });

    it('may be switched off, or broken', () => {
        const logger = createLogger();
        logger.warn.mockImplementation(() => {
            throw new Error('The disk is full');
        });

        expect(() => new Monitor(false, () => snapshot()).log('warn', 'A line', {})).not.toThrow();
        expect(() => new Monitor(logger, () => snapshot()).log('warn', 'A line', {})).not.toThrow();
    });
});

it('a monitor that was disposed of tells nobody', () => {
    const monitor = new Monitor(false, () => snapshot());
    const [listener, subscriber] = [vi.fn(), vi.fn()];
    monitor.on('close', listener);
    monitor.subscribe(subscriber);

    monitor.dispose();
    monitor.emit('close', {});
    monitor.changed();

    expect(listener).not.toHaveBeenCalled();
    expect(subscriber).not.toHaveBeenCalled();
});
