import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createFeatureFlag, type FeatureFlag } from '../../demo/src/featureFlags.ts';

/** A flag whose store answers when the test says so. */
function start() {
    const answers: { resolve: (value: unknown) => void; reject: (error: Error) => void }[] = [];
    const written: number[] = [];
    let failure: Error | undefined;
    const flag = createFeatureFlag({
        read: () => new Promise((resolve, reject) => void answers.push({ resolve, reject })),
        write: async percent => {
            if (failure) throw failure;
            written.push(percent);
        },
    });
    return {
        flag,
        written,
        reads: () => answers.length,
        /** Answers one of the reads, the last one by default. */
        answer: async (value: unknown, read = answers.length - 1) => {
            answers[read]?.resolve(value);
            await settle();
        },
        refuse: async (read = answers.length - 1) => {
            answers[read]?.reject(new Error('unreachable'));
            await settle();
        },
        failWrites: (error: Error) => {
            failure = error;
        },
    };
}

const settle = () => vi.advanceTimersByTimeAsync(0);

/** A page that can be hidden. */
function createPage() {
    const events = new EventTarget();
    const page = {
        visibilityState: 'visible' as DocumentVisibilityState,
        addEventListener: events.addEventListener.bind(events),
        removeEventListener: events.removeEventListener.bind(events),
    };
    return {
        page: page as NonNullable<Parameters<FeatureFlag['watch']>[0]>,
        show: (visibilityState: DocumentVisibilityState) => {
            page.visibilityState = visibilityState;
            events.dispatchEvent(new Event('visibilitychange'));
        },
    };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('reading', () => {
    test('everybody is in until something is known', async () => {
        const { flag, reads, answer } = start();
        flag.watch(createPage().page);
        expect(flag.percent()).toBe(100);
        expect(reads()).toBe(1);

        await answer(25);

        expect(flag.percent()).toBe(25);
    });

    test('what is known stays when the flag cannot be read', async () => {
        const { flag, reads, answer, refuse } = start();
        flag.watch(createPage().page);
        await answer(25);
        await vi.advanceTimersByTimeAsync(60_000);
        expect(reads()).toBe(2);

        await refuse();

        expect(flag.percent()).toBe(25);
    });

    test.each([[undefined], [null], ['50'], [Number.NaN], [-1], [101]])('%s is no percentage', async value => {
        const { flag, answer } = start();
        flag.watch(createPage().page);

        await answer(value);

        expect(flag.percent()).toBe(100);
    });

    test('happens each minute, and when somebody comes back to the page', async () => {
        const { flag, reads } = start();
        const { page, show } = createPage();
        const stop = flag.watch(page);

        await vi.advanceTimersByTimeAsync(59_999);
        expect(reads()).toBe(1);
        await vi.advanceTimersByTimeAsync(1);
        expect(reads()).toBe(2);
        show('hidden');
        expect(reads()).toBe(2);
        show('visible');
        expect(reads()).toBe(3);

        stop();
        show('visible');
        await vi.advanceTimersByTimeAsync(120_000);
        expect(reads()).toBe(3);
    });

    test('an answer that comes after a later one is out of date', async () => {
        const { flag, answer } = start();
        const { page, show } = createPage();
        flag.watch(page);
        show('visible');

        await answer(50, 1);
        await answer(10, 0);

        expect(flag.percent()).toBe(50);
    });
});

describe('changing', () => {
    test('is seen at once, and written', async () => {
        const { flag, written } = start();

        const saved = flag.set(30);

        expect(flag.percent()).toBe(30);
        await saved;
        expect(written).toEqual([30]);
    });

    test('an answer to what was asked before is out of date', async () => {
        const { flag, answer } = start();
        flag.watch(createPage().page);
        await flag.set(30);

        await answer(100);

        expect(flag.percent()).toBe(30);
    });

    test('one that fails says so, and what the store has is shown again', async () => {
        const { flag, answer, failWrites } = start();
        failWrites(new Error('not allowed'));

        const saved = flag.set(0);
        const failed = expect(saved).rejects.toThrow('not allowed');
        await settle();
        await answer(75);

        await failed;
        expect(flag.percent()).toBe(75);
    });
});

test('listeners are called when it changes, and only then', async () => {
    const { flag, answer } = start();
    const listener = vi.fn();
    const unsubscribe = flag.subscribe(listener);
    flag.watch(createPage().page);
    await answer(100);
    expect(listener).not.toHaveBeenCalled();

    await flag.set(40);
    expect(listener).toHaveBeenCalledTimes(1);

    unsubscribe();
    await flag.set(50);
    expect(listener).toHaveBeenCalledTimes(1);
});
