import { describe, expect, it, vi } from 'vitest';
import { CallQueue, type Gate, type TurnRequest } from '../../src/core/callQueue';
import { rejectionOf } from '../support/scriptedCalls';
import { VirtualClock } from '../support/virtualClock';

/** As bulk work asks. */
const LAST = { rank: Number.POSITIVE_INFINITY };

/** A queue before a gate that opens at a moment of the test's choice, and notes who left when. */
function createQueue(opensAt = 0) {
    const clock = new VirtualClock({ now: 0 });
    const left: string[] = [];
    const gate = {
        opensAt: vi.fn((_call: string) => opensAt),
        leave: vi.fn((now: number) => `left at ${now}`),
        timeout: (call: string) => `${call} timed out`,
        changed: vi.fn((_call: string, _by: 1 | -1) => {}),
    } satisfies Gate<string, string>;
    const queue = new CallQueue<string, string>(clock, gate);
    const wait = (call: string, request: Partial<TurnRequest<string>> = {}) => {
        const waiting = queue.wait({
            call,
            rank: 0,
            notBefore: 0,
            deadline: Number.POSITIVE_INFINITY,
            signal: undefined,
            ...request,
        });
        waiting.then(
            () => left.push(call),
            () => {},
        );
        return waiting;
    };
    const openAt = (moment: number) => gate.opensAt.mockReturnValue(moment);
    return { clock, gate, queue, wait, left, openAt };
}

describe('a call that waits for its turn', () => {
    it('leaves at once through an open gate, with what the gate hands it', async () => {
        const { wait, queue, clock } = createQueue();

        await expect(wait('a')).resolves.toBe('left at 0');

        expect(queue.size).toBe(0);
        expect(clock.pendingTimers).toBe(0);
    });

    it('leaves when the gate opens, by one timer for all', async () => {
        const { wait, queue, clock } = createQueue(500);
        const both = Promise.all([wait('a'), wait('b')]);

        expect(queue.size).toBe(2);
        expect(clock.pendingTimers).toBe(1);
        await clock.advance(499);
        expect(queue.size).toBe(2);
        await clock.advance(1);

        await expect(both).resolves.toEqual(['left at 500', 'left at 500']);
        expect(clock.pendingTimers).toBe(0);
    });

    it('leaves not before its own moment', async () => {
        const { wait, queue, clock } = createQueue();
        const waiting = wait('a', { notBefore: 300 });

        await clock.advance(299);
        expect(queue.size).toBe(1);
        await clock.advance(1);

        await expect(waiting).resolves.toBe('left at 300');
    });

    it('leaves before those of a higher rank, and after its equals that came first', async () => {
        const { wait, clock, left } = createQueue(100);
        const all = [
            wait('fifth', LAST),
            wait('sixth', LAST),
            wait('third', { rank: 2 }),
            wait('fourth', { rank: 2 }),
            wait('second', { rank: 1 }),
            wait('first'),
        ];

        await clock.advance(100);
        await Promise.all(all);

        expect(left).toEqual(['first', 'second', 'third', 'fourth', 'fifth', 'sixth']);
    });

    it('does not hold up a later one that may leave earlier', async () => {
        const { wait, clock, left } = createQueue();
        const first = wait('late', { notBefore: 200 });
        await wait('early', { notBefore: 0 });

        await clock.resolve(first);

        expect(left).toEqual(['early', 'late']);
    });

    it('leaves one by one through a gate that closes behind each', async () => {
        const { wait, clock, gate, openAt } = createQueue();
        gate.leave.mockImplementation(now => {
            openAt(now + 100);
            return `left at ${now}`;
        });

        const all = Promise.all([wait('a'), wait('b'), wait('c')]);

        await expect(clock.resolve(all)).resolves.toEqual(['left at 0', 'left at 100', 'left at 200']);
    });

    it('waits longer than a timer can, when it must', async () => {
        const longest = 2 ** 31 - 1;
        const { wait, clock, queue } = createQueue(longest + 1000);
        const set = vi.spyOn(clock, 'setTimeout');
        const waiting = wait('a');

        await clock.advance(longest);
        expect(queue.size).toBe(1);
        await clock.advance(1000);

        await expect(waiting).resolves.toBe(`left at ${longest + 1000}`);
        expect(set.mock.calls.map(([, ms]) => ms)).toEqual([longest, 1000]);
    });

    it('looks at all that wait once, however many come at once', () => {
        const { wait, gate } = createQueue(500);
        for (let count = 0; count < 100; count++) void wait(`${count}`);

        expect(gate.opensAt.mock.calls.length).toBeLessThan(500);
    });

    it('leaves when another one comes while the timer is late, as it is in a hidden tab', async () => {
        const { wait, clock } = createQueue(500);
        const first = wait('first');
        vi.spyOn(clock, 'now').mockReturnValue(60_000);

        const second = wait('second');

        await expect(Promise.all([first, second])).resolves.toEqual(['left at 60000', 'left at 60000']);
    });

    it('needs no timer while only an event can open the gate', async () => {
        const { wait, clock, queue, openAt } = createQueue(Number.POSITIVE_INFINITY);
        const waiting = wait('a');
        expect(clock.pendingTimers).toBe(0);

        openAt(0);
        queue.pump();

        await expect(waiting).resolves.toBe('left at 0');
    });
});

describe('the end of a call’s patience', () => {
    it('rejects with what the gate says, at that moment', async () => {
        const { wait, clock, queue } = createQueue(500);
        const waiting = rejectionOf(wait('a', { deadline: 300 }));

        await clock.advance(299);
        expect(queue.size).toBe(1);
        await clock.advance(1);

        await expect(waiting).resolves.toBe('a timed out');
        expect(queue.size).toBe(0);
        expect(clock.pendingTimers).toBe(0);
    });

    it('lets a call leave that may leave at that very moment', async () => {
        const { wait, clock } = createQueue(300);

        await expect(clock.resolve(wait('a', { deadline: 300 }))).resolves.toBe('left at 300');
    });

    it('lets it leave before all others, when the queue looks late', async () => {
        const { wait, clock, left, queue, openAt } = createQueue(Number.POSITIVE_INFINITY);
        const all = [wait('new'), wait('impatient', { rank: 2, deadline: 100 }), wait('last', LAST)];
        await clock.advance(99);
        openAt(0);

        vi.spyOn(clock, 'now').mockReturnValue(clock.now() + 1000);
        queue.pump();
        await Promise.all(all);

        expect(left).toEqual(['impatient', 'new', 'last']);
    });

    it('is each call’s own', async () => {
        const { wait, clock } = createQueue(500);
        const impatient = rejectionOf(wait('a', { deadline: 100 }));
        const last = rejectionOf(wait('b', { ...LAST, deadline: 200 }));
        const patient = wait('c', { deadline: 600 });

        await clock.advance(1000);

        await expect(impatient).resolves.toBe('a timed out');
        await expect(last).resolves.toBe('b timed out');
        await expect(patient).resolves.toBe('left at 500');
    });

    it('comes once for each, also when the first to hear of it ends all waits', async () => {
        const { wait, clock, gate, queue } = createQueue(Number.POSITIVE_INFINITY);
        const timeout = vi.spyOn(gate, 'timeout').mockImplementation(call => {
            queue.rejectAll(other => `${other} ended`);
            return `${call} timed out`;
        });
        const all = Promise.all([
            rejectionOf(wait('a', { deadline: 100 })),
            rejectionOf(wait('b', { deadline: 100 })),
            rejectionOf(wait('c', { deadline: 200 })),
        ]);

        await clock.advance(100);

        await expect(all).resolves.toEqual(['a timed out', 'b ended', 'c ended']);
        expect(timeout).toHaveBeenCalledTimes(1);
        expect(clock.pendingTimers).toBe(0);
    });
});

describe('an aborted call', () => {
    it('rejects with the signal’s reason at once', async () => {
        const { wait, queue, clock } = createQueue(500);
        const controller = new AbortController();
        const waiting = rejectionOf(wait('a', { signal: controller.signal }));

        controller.abort('changed my mind');

        await expect(waiting).resolves.toBe('changed my mind');
        expect(queue.size).toBe(0);
        expect(clock.pendingTimers).toBe(0);
    });

    it('makes room for the next', async () => {
        const { wait, clock } = createQueue();
        const controller = new AbortController();
        const aborted = rejectionOf(wait('a', { signal: controller.signal, notBefore: 100 }));
        const next = wait('b', { notBefore: 200 });

        controller.abort();
        await aborted;

        expect(clock.pendingTimers).toBe(1);
        await expect(clock.resolve(next)).resolves.toBe('left at 200');
    });

    it.each([
        ['left', (queue: CallQueue<string, string>) => queue.hurry()],
        ['been turned away', (queue: CallQueue<string, string>) => queue.rejectAll(() => 'closed')],
    ])('is not listened for after it has %s', async (_, end) => {
        const { wait, queue, openAt } = createQueue(500);
        const { signal } = new AbortController();
        const added = vi.spyOn(signal, 'addEventListener');
        const removed = vi.spyOn(signal, 'removeEventListener');
        const waiting = Promise.allSettled([wait('a', { signal })]);

        openAt(0);
        end(queue);
        await waiting;

        expect(added).toHaveBeenCalledTimes(1);
        expect(added).toHaveBeenCalledWith('abort', expect.any(Function));
        expect(removed.mock.calls).toEqual([['abort', added.mock.calls[0]?.[1]]]);
    });
});

describe('the gatekeeper', () => {
    it('can let all go, whatever moment they had chosen, in their order', async () => {
        const { wait, queue, left } = createQueue();
        const all = [wait('last', { ...LAST, notBefore: 500 }), wait('first', { notBefore: 900 })];

        queue.hurry();
        await Promise.all(all);

        expect(left).toEqual(['first', 'last']);
    });

    it('can turn all away, each with a reason of its own', async () => {
        const { wait, queue, clock, gate } = createQueue(500);
        const all = Promise.all([rejectionOf(wait('a')), rejectionOf(wait('b'))]);
        gate.changed.mockClear();

        queue.rejectAll(call => `no to ${call}`);

        await expect(all).resolves.toEqual(['no to a', 'no to b']);
        expect(queue.size).toBe(0);
        expect(clock.pendingTimers).toBe(0);
        expect(gate.changed).toHaveBeenCalledTimes(2);
    });

    it('can turn away those that it means, and the others wait on', async () => {
        const { wait, queue, clock } = createQueue(500);
        const all = Promise.allSettled([wait('a'), wait('b'), wait('c')]);

        queue.rejectAll(
            call => `no to ${call}`,
            call => call === 'b',
        );
        expect(queue.size).toBe(2);
        await clock.advance(500);

        await expect(all).resolves.toEqual([
            { status: 'fulfilled', value: 'left at 500' },
            { status: 'rejected', reason: 'no to b' },
            { status: 'fulfilled', value: 'left at 500' },
        ]);
    });

    it('looks again at who may leave after it has turned somebody away', async () => {
        const { wait, queue, openAt } = createQueue(Number.POSITIVE_INFINITY);
        const waiting = wait('a');
        openAt(0);

        queue.rejectAll(
            () => 'no',
            () => false,
        );

        await expect(waiting).resolves.toBe('left at 0');
    });

    it('can let one leave before another that asked earlier, each at its own moment', async () => {
        const { wait, gate, clock, left } = createQueue();
        gate.opensAt.mockImplementation(call => ({ never: Number.POSITIVE_INFINITY, late: 300, soon: 100 })[call] ?? 0);
        void wait('never');
        void wait('late');
        void wait('soon');
        void wait('now');

        await clock.advance(99);
        expect(left).toEqual(['now']);
        await clock.advance(1);
        expect(left).toEqual(['now', 'soon']);
        await clock.advance(200);
        expect(left).toEqual(['now', 'soon', 'late']);
        expect(clock.pendingTimers).toBe(0);
    });

    it('turns nobody away whom its answer to another has made abort: each call ends once', async () => {
        const { wait, queue } = createQueue(500);
        const controller = new AbortController();
        const { signal } = controller;
        const all = Promise.all([rejectionOf(wait('a', { signal })), rejectionOf(wait('b', { signal }))]);
        const reasonFor = vi.fn((call: string) => {
            controller.abort('gone');
            return `no to ${call}`;
        });

        queue.rejectAll(reasonFor);

        await expect(all).resolves.toEqual(['no to a', 'gone']);
        expect(reasonFor.mock.calls).toEqual([['a']]);
    });

    it('hears nothing when there is nobody to turn away', () => {
        const { queue, gate } = createQueue(500);

        queue.rejectAll(() => 'no');

        expect(gate.changed).not.toHaveBeenCalled();
    });

    it('hears of each call that comes and goes, when the number has changed', async () => {
        const { wait, clock, gate, queue } = createQueue(500);
        const changes: unknown[] = [];
        gate.changed.mockImplementation((...change) => void changes.push([...change, queue.size]));
        const controller = new AbortController();

        const all = [
            wait('a'),
            rejectionOf(wait('b', { deadline: 100 })),
            rejectionOf(wait('c', { signal: controller.signal })),
        ];
        controller.abort();
        await clock.advance(500);
        await Promise.all(all);

        expect(changes).toEqual([
            ['a', 1, 1],
            ['b', 1, 2],
            ['c', 1, 3],
            ['c', -1, 2],
            ['b', -1, 1],
            ['a', -1, 0],
        ]);
    });

    it('lets a call out that is aborted at that very moment: it is no longer the queue’s', async () => {
        const { wait, gate } = createQueue();
        const controller = new AbortController();
        gate.leave.mockImplementation(now => {
            controller.abort();
            return `left at ${now}`;
        });

        await expect(wait('a', { signal: controller.signal })).resolves.toBe('left at 0');
    });

    it('has one timer for all that still wait, whoever was aborted as another left', async () => {
        const { wait, gate, clock, openAt } = createQueue(100);
        const controller = new AbortController();
        gate.leave.mockImplementation(now => {
            openAt(now + 1000);
            return `left at ${now}`;
        });
        const first = wait('first');
        const aborted = rejectionOf(wait('aborted', { signal: controller.signal }));
        const last = wait('last');
        gate.changed.mockImplementation(() => controller.abort());

        await clock.advance(100);

        await Promise.all([first, aborted]);
        expect(clock.pendingTimers).toBe(1);
        await expect(clock.resolve(last)).resolves.toBe('left at 1100');
        expect(clock.pendingTimers).toBe(0);
    });

    it('has counted a call out before it tells of it, so that an answer to that finds all in order', async () => {
        const { wait, gate, queue, left, openAt, clock } = createQueue(100);
        const controller = new AbortController();
        gate.leave.mockImplementation(now => {
            openAt(Number.POSITIVE_INFINITY);
            return `left at ${now}`;
        });
        const first = wait('first');
        const aborted = rejectionOf(wait('aborted', { signal: controller.signal }));
        const last = rejectionOf(wait('last'));
        gate.changed.mockImplementation(() => controller.abort('no longer needed'));

        await clock.advance(100);
        await first;
        await aborted;

        expect(left).toEqual(['first']);
        expect(gate.leave).toHaveBeenCalledTimes(1);
        queue.rejectAll(() => 'end');
        await last;
    });
});
