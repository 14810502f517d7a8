import { expect, test, vi } from 'vitest';
import { ProgressThrottle } from '../../src/bulk/progressThrottle';
import { VirtualClock } from '../support/virtualClock';

function createThrottle() {
    const clock = new VirtualClock();
    const tell = vi.fn();
    const throttle = new ProgressThrottle(clock, tell);
    const passes = (status: 'running' | 'paused' = 'running', isLast = false) =>
        throttle.passes(clock.now(), status, isLast);
    return { clock, tell, passes };
}

test('what comes too early is told of later, once', async () => {
    const { clock, tell, passes } = createThrottle();
    expect(passes()).toBe(true);
    await clock.advance(50);

    expect([passes(), passes()]).toEqual([false, false]);

    await clock.advance(149);
    expect(tell).not.toHaveBeenCalled();
    await clock.advance(1);
    expect(tell).toHaveBeenCalledTimes(1);
    expect(passes()).toBe(true);
    expect(clock.pendingTimers).toBe(0);
});

test.each([
    ['another status', 'paused', false],
    ['the last one', 'running', true],
] as const)('%s passes at once, and leaves nothing to tell of later', async (_, status, isLast) => {
    const { clock, tell, passes } = createThrottle();
    passes();
    passes();

    expect(passes(status, isLast)).toBe(true);

    expect(clock.pendingTimers).toBe(0);
    await clock.advance(1000);
    expect(tell).not.toHaveBeenCalled();
});

test('a timer that is early does not silence what comes after', async () => {
    const { clock, tell, passes } = createThrottle();
    tell.mockImplementationOnce(() => passes());
    passes();
    passes();
    vi.spyOn(clock, 'now').mockReturnValueOnce(clock.now() + 199);

    await clock.advance(200);
    await clock.advance(1);

    expect(tell).toHaveBeenCalledTimes(2);
});
