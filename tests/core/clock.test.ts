import { RateLimitService } from 'ra-rate-limit';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../src/core/clock';
import { refusal, refusalFor, rejectionOf, scriptedCall } from '../support/scriptedCalls';
import { VirtualClock } from '../support/virtualClock';

afterEach(() => {
    vi.useRealTimers();
    vi.restoreAllMocks();
});

describe('the real clock', () => {
    it('tells the time of Date.now, replaced or not', () => {
        vi.spyOn(Date, 'now').mockReturnValue(1234);

        expect(systemClock.now()).toBe(1234);
    });

    it('takes chance from Math.random, replaced or not', () => {
        vi.spyOn(Math, 'random').mockReturnValue(0.25);

        expect(systemClock.random()).toBe(0.25);
    });

    it('calls back once after the delay, on timers that were faked after it was made', async () => {
        vi.useFakeTimers();
        const callback = vi.fn();
        systemClock.setTimeout(callback, 100);

        await vi.advanceTimersByTimeAsync(99);
        expect(callback).not.toHaveBeenCalled();

        await vi.advanceTimersByTimeAsync(1000);
        expect(callback).toHaveBeenCalledTimes(1);
    });

    it('takes a timer back', async () => {
        vi.useFakeTimers();
        const callback = vi.fn();

        systemClock.clearTimeout(systemClock.setTimeout(callback, 100));

        await vi.advanceTimersByTimeAsync(1000);
        expect(callback).not.toHaveBeenCalled();
    });

    it('lets a service of its own retry on fake timers', async () => {
        vi.useFakeTimers();
        const call = vi.fn().mockRejectedValueOnce(refusal()).mockResolvedValue('saved');
        const service = new RateLimitService({ logger: false, jitterFactor: 0 });

        const saving = service.executeWithRetry(call);
        await vi.advanceTimersByTimeAsync(99);
        expect(call).toHaveBeenCalledTimes(1);
        await vi.advanceTimersByTimeAsync(1);

        await expect(saving).resolves.toBe('saved');
        expect(call).toHaveBeenCalledTimes(2);
    });
});

describe('a clock whose timers call back at once', () => {
    let reads = 0;

    it.each([
        ['and whose time stands still', () => 0],
        ['and whose time goes on as slowly as the real one', () => reads++ / 100],
    ])('%s tells the waits, and ends them', async (_, now) => {
        const delays: number[] = [];
        const clock = {
            now,
            random: () => 0,
            setTimeout: (callback: () => void, ms: number) => {
                delays.push(Math.round(ms / 10) * 10);
                return setTimeout(callback, 0);
            },
            clearTimeout: (timer: unknown) => clearTimeout(timer as ReturnType<typeof setTimeout>),
        };
        const service = new RateLimitService({ clock, logger: false });
        const call = vi.fn().mockRejectedValue(refusal());

        await expect(service.executeWithRetry(call)).rejects.toMatchObject({ attempts: 4 });

        expect(delays).toEqual([100, 200, 400]);
    });
});

describe('a clock that is set back while all is well', () => {
    it('does not bring back a pause that was over', async () => {
        let offset = 0;
        const clock = new VirtualClock();
        const service = new RateLimitService({
            logger: false,
            jitterFactor: 0,
            clock: { ...clock, now: () => clock.now() + offset },
        });
        await clock.resolve(service.executeWithRetry(scriptedCall(clock, refusalFor(5), 'saved')));
        await clock.advance(60_000);
        await service.executeWithRetry(async () => 'saved');

        offset = -3_600_000;
        const call = scriptedCall(clock, refusal(), 'saved');
        await clock.resolve(service.executeWithRetry(call));

        expect(call.sentAt).toEqual([0, 100]);
        expect(service.getSnapshot().pausedUntil).toBeNull();
    });

    it('does not make the last failure one of the future', async () => {
        let offset = 0;
        const clock = new VirtualClock();
        const service = new RateLimitService({
            ...{ logger: false, maxRetries: 0 },
            clock: { ...clock, now: () => clock.now() + offset },
        });
        await rejectionOf(service.executeWithRetry(() => Promise.reject(refusal())));
        await clock.advance(60_000);
        await service.executeWithRetry(async () => 'saved');

        offset = -3_600_000;

        expect(service.getCircuitState().timeSinceLastFailure).toBe(0);
    });
});
