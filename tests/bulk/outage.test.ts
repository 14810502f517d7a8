import { expect, test, vi } from 'vitest';
import { Outage } from '../../src/bulk/outage';
import { rejectionOf } from '../support/scriptedCalls';
import { VirtualClock } from '../support/virtualClock';

const LOST = new Error('lost');
const isLost = (error: unknown) => error === LOST;
const never = new AbortController().signal;
const lose = () => Promise.reject(LOST);

test('while the connection works everything passes at once', async () => {
    const outage = new Outage(new VirtualClock());

    await expect(outage.pass(async () => 'in', isLost, never)).resolves.toBe('in');
    expect(outage.retryAt).toBeUndefined();
});

test('after a loss the next waits a second, then twice as long, ten seconds at most', async () => {
    const clock = new VirtualClock();
    const outage = new Outage(clock);
    const start = clock.now();
    const triedAt: number[] = [];
    await rejectionOf(outage.pass(lose, isLost, never));
    expect(outage.retryAt).toBe(start + 1000);

    for (let tries = 0; tries < 6; tries++) {
        const attempt = () => {
            triedAt.push(clock.now());
            return lose();
        };
        await rejectionOf(clock.resolve(outage.pass(attempt, isLost, never)));
    }

    const gaps = triedAt.map((at, index) => at - (triedAt[index - 1] ?? start));
    expect(gaps).toEqual([1000, 2000, 4000, 8000, 10_000, 10_000]);
});

test('a timer that is early, as timers are, makes no wait shorter than the one before', async () => {
    const clock = new VirtualClock();
    const onTime = clock.setTimeout;
    clock.setTimeout = (callback, ms) => onTime(callback, ms - 1);
    const outage = new Outage(clock);
    const start = clock.now();
    await rejectionOf(outage.pass(lose, isLost, never));

    for (let tries = 0; tries < 4; tries++) await rejectionOf(clock.resolve(outage.pass(lose, isLost, never)));

    expect(clock.now() - start).toBe(999 + 1999 + 3999 + 7999);
});

test('items that are lost together are one failure', async () => {
    const clock = new VirtualClock();
    const outage = new Outage(clock);

    await Promise.all(Array.from({ length: 20 }, () => rejectionOf(outage.pass(lose, isLost, never))));

    expect(outage.retryAt).toBe(clock.now() + 1000);
});

test('one tries at a time, and its answer lets all the others go', async () => {
    const clock = new VirtualClock();
    const outage = new Outage(clock);
    await rejectionOf(outage.pass(lose, isLost, never));
    const send = vi.fn(async () => 'in');
    const first = heldBack();
    const trying = outage.pass(first.send, isLost, never);
    const others = Promise.all([outage.pass(send, isLost, never), outage.pass(send, isLost, never)]);
    await clock.advance(60_000);
    expect(first.send).toHaveBeenCalledTimes(1);
    expect(send).not.toHaveBeenCalled();

    first.answer('in');

    await expect(trying).resolves.toBe('in');
    await expect(others).resolves.toEqual(['in', 'in']);
    expect(outage.retryAt).toBeUndefined();
});

test('an error that is an answer ends the outage', async () => {
    const clock = new VirtualClock();
    const outage = new Outage(clock);
    await rejectionOf(outage.pass(lose, isLost, never));

    const error = await rejectionOf(clock.resolve(outage.pass(() => Promise.reject('409'), isLost, never)));

    expect(error).toBe('409');
    expect(outage.retryAt).toBeUndefined();
});

test('a late answer to what was sent before ends it, and the next loss begins another', async () => {
    const clock = new VirtualClock();
    const outage = new Outage(clock);
    const early = heldBack();
    const late = outage.pass(early.send, isLost, never);
    for (let tries = 0; tries < 4; tries++) await rejectionOf(clock.resolve(outage.pass(lose, isLost, never)));
    early.answer('in');
    await late;
    expect(outage.retryAt).toBeUndefined();

    await rejectionOf(outage.pass(lose, isLost, never));

    expect(outage.retryAt).toBe(clock.now() + 1000);
});

test('who is cancelled does not wait any longer', async () => {
    const clock = new VirtualClock();
    const outage = new Outage(clock);
    await rejectionOf(outage.pass(lose, isLost, never));
    const controller = new AbortController();
    const send = vi.fn(() => Promise.reject('cancelled'));
    const trying = rejectionOf(outage.pass(send, isLost, controller.signal));
    await clock.advance(10);
    expect(send).not.toHaveBeenCalled();

    controller.abort();

    await expect(trying).resolves.toBe('cancelled');
    expect(clock.pendingTimers).toBe(0);
});

test('who waits behind another’s try when all is cancelled does not wait for a try of its own', async () => {
    const clock = new VirtualClock();
    const outage = new Outage(clock);
    await rejectionOf(outage.pass(lose, isLost, never));
    const controller = new AbortController();
    const first = new Promise<never>((_, reject) => controller.signal.addEventListener('abort', () => reject(LOST)));
    const trying = rejectionOf(outage.pass(() => first, isLost, controller.signal));
    const waiting = rejectionOf(outage.pass(() => Promise.reject('cancelled'), isLost, controller.signal));
    await clock.advance(1000);
    const cancelledAt = clock.now();

    controller.abort();

    await expect(clock.resolve(Promise.all([trying, waiting]))).resolves.toEqual([LOST, 'cancelled']);
    expect(clock.now()).toBe(cancelledAt);
    expect(clock.pendingTimers).toBe(0);
});

test('the signal is listened to only while somebody waits', async () => {
    const clock = new VirtualClock();
    const outage = new Outage(clock);
    await rejectionOf(outage.pass(lose, isLost, never));
    const { signal } = new AbortController();
    const added = vi.spyOn(signal, 'addEventListener');
    const removed = vi.spyOn(signal, 'removeEventListener');

    await clock.resolve(outage.pass(async () => 'in', isLost, signal));
    await outage.pass(async () => 'in', isLost, signal);

    expect(added.mock.calls).toEqual([['abort', expect.any(Function)]]);
    expect(removed.mock.calls).toEqual(added.mock.calls);
});

function heldBack() {
    let answer!: (value: string) => void;
    const promise = new Promise<string>(resolve => {
        answer = resolve;
    });
    return { send: vi.fn(() => promise), answer };
}
