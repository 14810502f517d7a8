import { HttpError } from 'ra-core';
import { RateLimitError, type RateLimitOptions, withRateLimit } from 'ra-rate-limit';
import { describe, expect, test, vi } from 'vitest';
import { BulkDesk, HELD } from '../../src/bulk/bulkDesk';
import { createSession } from '../support/bulkSession';
import { createService } from '../support/createService';
import { heldCall, refusal, refusalFor, rejectionOf, scriptedCall } from '../support/scriptedCalls';

/** A run under way on a service of its own. */
function createRun(options: RateLimitOptions = {}) {
    const context = createService(options);
    const desk = BulkDesk.of(context.service);
    const { session, controller } = createSession();
    const end = desk.begin(session);
    return { ...context, desk, session, controller, end };
}

/** A service whose circuit has just become half-open. */
async function createHalfOpenRun() {
    const run = createRun({ maxRetries: 0, circuitBreakerThreshold: 1 });
    await rejectionOf(run.service.executeWithRetry(() => Promise.reject(refusal())));
    await run.clock.advance(60_000);
    expect(run.service.getCircuitState().status).toBe('half-open');
    return run;
}

test('a service has one desk', () => {
    const [one, other] = [createService().service, createService().service];

    expect(BulkDesk.of(one)).toBe(BulkDesk.of(one));
    expect(BulkDesk.of(one)).not.toBe(BulkDesk.of(other));
});

describe('an item', () => {
    test('ends as its worker does, with the same value or error', async () => {
        const { desk, session, clock } = createRun();
        const value = { id: 1 };
        const error = new HttpError('Conflict', 409);

        await expect(clock.resolve(desk.run(async () => value, session))).resolves.toBe(value);
        await expect(clock.resolve(desk.run(() => value, session))).resolves.toBe(value);
        await expect(rejectionOf(clock.resolve(desk.run(() => Promise.reject(error), session)))).resolves.toBe(error);
    });

    test('whose worker throws on the spot rejects', async () => {
        const { desk, session, clock } = createRun();
        const error = new TypeError('bug');
        const worker = () => {
            throw error;
        };

        await expect(rejectionOf(clock.resolve(desk.run(worker, session)))).resolves.toBe(error);
    });

    test('is one call of the service', async () => {
        const { desk, session, clock, service } = createRun();

        await clock.resolve(desk.run(async () => 'in', session));

        expect(service.getStats()).toMatchObject({ calls: 1, succeeded: 1 });
    });

    test('leaves at the pace of the service', async () => {
        const { desk, session, clock } = createRun();
        const worker = scriptedCall(clock, 'in');

        await clock.resolve(Promise.all([1, 2, 3].map(() => desk.run(worker, session))));

        // The ramp begins at 40 a second; without chance gaps are a twentieth shorter.
        expect(worker.sentAt).toEqual([0, 23.75, expect.closeTo(23.75 + 23.75 / 2 ** (25 / 370), 3)]);
    });

    test('of a paused run stays until it is woken', async () => {
        const { desk, service, session, clock } = createRun();
        session.isPaused = true;
        const worker = scriptedCall(clock, 'in');
        const running = desk.run(worker, session);
        await clock.advance(3_600_000);
        expect(worker).not.toHaveBeenCalled();
        expect(clock.pendingTimers).toBe(0);

        session.isPaused = false;
        service.dispatcher.sweepBulk();

        await expect(clock.resolve(running)).resolves.toBe('in');
    });

    test('does not wait for a run that is paused beside its own', async () => {
        const { desk, session, clock } = createRun();
        const { session: paused } = createSession();
        desk.begin(paused);
        paused.isPaused = true;
        const held = desk.run(async () => 'later', paused);
        held.catch(() => {});

        await expect(clock.resolve(desk.run(async () => 'in', session))).resolves.toBe('in');
    });
});

describe('a refused item', () => {
    test('is sent again as often as it takes, and counted', async () => {
        const { desk, session, clock, service } = createRun({ maxRetries: 0, circuitBreakerThreshold: 1 });
        const worker = scriptedCall(clock, ...Array.from({ length: 9 }, refusal), 'in');

        await expect(clock.resolve(desk.run(worker, session))).resolves.toBe('in');

        expect(session).toMatchObject({ rateLimited: 9, retries: 9 });
        expect(service.getCircuitState()).toMatchObject({ status: 'closed', consecutiveFailures: 0 });
        expect(service.getStats()).toMatchObject({ calls: 1, rateLimited: 9, retries: 9, exhausted: 0 });
    });

    test('waits as long as the server says, however long', async () => {
        const { desk, session, clock } = createRun({ maxElapsedMs: 1000 });
        const worker = scriptedCall(clock, refusalFor(7200), 'in');

        await clock.resolve(desk.run(worker, session));

        expect(worker.sentAt[1]).toBeGreaterThanOrEqual(7_200_000);
        expect(worker.sentAt[1]).toBeLessThan(7_201_000);
    });
});

describe('a call of the same service', () => {
    test('on the spot leaves with the turn of its item, and is repeated in place', async () => {
        const { desk, session, clock, service } = createRun({ maxRetries: 0 });
        const call = scriptedCall(clock, refusal(), refusal(), 'in');
        const worker = vi.fn(() => service.executeWithRetry(call));

        await expect(clock.resolve(desk.run(worker, session))).resolves.toBe('in');

        expect(call.sentAt[0]).toBe(0);
        expect(worker).toHaveBeenCalledTimes(1);
        expect(call).toHaveBeenCalledTimes(3);
        expect(session).toMatchObject({ rateLimited: 2, retries: 2 });
        expect(service.getStats().calls).toBe(1);
    });

    test('takes one turn, not two: a second item leaves a gap later', async () => {
        const { desk, session, clock, service } = createRun();
        const call = scriptedCall(clock, 'in');
        const worker = () => service.executeWithRetry(call);

        await clock.resolve(Promise.all([desk.run(worker, session), desk.run(worker, session)]));

        expect(call.sentAt).toEqual([0, 23.75]);
    });

    test('that answers on the spot needs no turn of its own either', async () => {
        const { desk, session, clock, service } = createRun();

        await expect(
            clock.resolve(desk.run(() => service.dispatcher.run(() => 'now', { operation: 'peek' }), session)),
        ).resolves.toBe('now');
    });

    test('that is a second one on the spot is that of a person', async () => {
        const { desk, session, clock, service } = createRun({ maxRetries: 0 });
        const second = scriptedCall(clock, refusal(), 'second');
        const worker = vi.fn(() =>
            Promise.all([service.executeWithRetry(async () => 'first'), service.executeWithRetry(second)]),
        );

        await expect(clock.resolve(desk.run(worker, session))).resolves.toEqual(['first', 'second']);

        expect(worker).toHaveBeenCalledTimes(2); // it gave up after its only attempt, the item did not
        expect(session).toMatchObject({ rateLimited: 0, retries: 1 });
    });

    describe('in the same moment, after something that was there already,', () => {
        const aMoment = async () => {
            for (let tick = 0; tick < 10; tick++) await undefined;
        };

        test('is part of the item, and waits for the server however long', async () => {
            const { desk, session, clock, service } = createRun({ maxRetries: 0 });
            const call = scriptedCall(clock, refusalFor(90), 'in');
            const worker = async () => {
                await aMoment();
                return service.executeWithRetry(call);
            };

            await expect(clock.resolve(desk.run(worker, session))).resolves.toBe('in');

            expect(call).toHaveBeenCalledTimes(2);
            expect(service.getStats()).toMatchObject({ calls: 1, succeeded: 1, exhausted: 0 });
        });

        test('is that of the item which was called first', async () => {
            const { desk, session, clock, service } = createRun();
            const calls = ['first', 'second'].map(answer => scriptedCall(clock, answer));
            const items = calls.map(call =>
                desk.run(async () => {
                    await aMoment();
                    return service.executeWithRetry(call);
                }, session),
            );

            await expect(clock.resolve(Promise.all(items))).resolves.toEqual(['first', 'second']);

            expect(service.getStats()).toMatchObject({ calls: 2, succeeded: 2 });
        });

        test('is that of a person when it has a signal of its own', async () => {
            const { desk, session, clock, service } = createRun({ maxRetries: 0 });
            const { signal } = new AbortController();
            const held = heldCall();
            const item = desk.run(held, session);
            const save = aMoment().then(() => service.executeWithRetry(() => Promise.reject(refusal()), { signal }));

            await expect(rejectionOf(clock.resolve(save))).resolves.toBeInstanceOf(RateLimitError);
            held.resolve('in');
            await clock.resolve(item);
        });
    });

    describe('later, with the signal of the item,', () => {
        /** The worker awaits `prepared` and then calls. */
        function createLateRun(options: RateLimitOptions = {}) {
            const run = createRun(options);
            const prepared = heldCall();
            const sentAt: number[] = [];
            const save = async () => sentAt.push(run.clock.now());
            const worker = async (signal: AbortSignal) => {
                await prepared();
                return run.service.executeWithRetry(save, { signal });
            };
            return { ...run, worker, prepared, sentAt };
        }

        test('leaves with the turn that the item has not used, and is one call together with it', async () => {
            const { desk, session, clock, service, worker, prepared, sentAt } = createLateRun();
            const items = [1, 2, 3].map(() => desk.run(worker, session));
            await clock.advance(500);
            const readyAt = clock.now();

            prepared.resolve(undefined);
            await clock.resolve(Promise.all(items));

            expect(sentAt).toEqual([readyAt, readyAt, readyAt]);
            expect(service.getStats()).toMatchObject({ calls: 3, succeeded: 3 });
        });

        test('waits for another turn when it is not the first one', async () => {
            const { desk, session, clock, service } = createRun();
            const save = vi.fn(async () => 'saved');
            const worker = async (signal: AbortSignal) => {
                await null;
                await service.executeWithRetry(save, { signal });
                await service.executeWithRetry(save, { signal });
            };
            const start = clock.now();

            await clock.resolve(desk.run(worker, session));

            expect(save).toHaveBeenCalledTimes(2);
            expect(clock.now()).toBeGreaterThan(start);
            expect(service.getStats()).toMatchObject({ calls: 2, succeeded: 2 });
        });

        test('waits for another turn when the server has asked for a pause meanwhile', async () => {
            const { desk, session, clock, service, worker, prepared, sentAt } = createLateRun();
            const item = desk.run(worker, session);
            await clock.advance(500);
            service.dispatcher.pause(5000);
            const start = clock.now();

            prepared.resolve(undefined);
            await clock.resolve(item);

            expect((sentAt[0] ?? 0) - start).toBeGreaterThanOrEqual(5000);
        });

        test('waits for another turn when an item has been refused meanwhile', async () => {
            const { desk, session, clock, worker, prepared, sentAt } = createLateRun();
            const item = desk.run(worker, session);
            const other = desk.run(scriptedCall(clock, refusal(), 'saved'), session);
            await clock.advance(100);
            const start = clock.now();

            prepared.resolve(undefined);
            await clock.resolve(Promise.all([item, other]));

            expect(sentAt[0]).toBeGreaterThan(start);
        });

        test('is not sent any more when the run has been cancelled', async () => {
            const { desk, session, controller, clock, worker, prepared, sentAt } = createLateRun();
            const item = desk.run(worker, session);
            await clock.advance(500);
            controller.abort();

            prepared.resolve(undefined);

            await expect(rejectionOf(clock.resolve(item))).resolves.toBe(session.notSent);
            expect(sentAt).toEqual([]);
        });

        test('waits for a turn when the item has ended without it', async () => {
            const { desk, session, clock, service, prepared } = createLateRun();
            const start = clock.now();
            const sentAt: number[] = [];
            const save = async () => sentAt.push(clock.now() - start);
            let late: Promise<unknown> | undefined;
            const worker = async (signal: AbortSignal) => {
                late = prepared().then(() => service.executeWithRetry(save, { signal }));
            };
            await clock.resolve(desk.run(worker, session));

            prepared.resolve(undefined);
            await clock.advance(0);

            expect(sentAt).toEqual([]);
            await clock.resolve(late as Promise<unknown>);
            expect(service.getStats()).toMatchObject({ calls: 2, succeeded: 2 });
        });

        test('is that of a person when its run has ended, whatever other run is on', async () => {
            const { desk, session, clock, service, end } = createLateRun({ maxRetries: 0 });
            const signals: AbortSignal[] = [];
            await clock.resolve(desk.run(signal => void signals.push(signal), session));
            desk.begin(createSession().session);
            end();

            const save = service.executeWithRetry(scriptedCall(clock, refusal(), 'saved'), { signal: signals[0] });

            await expect(rejectionOf(clock.resolve(save))).resolves.toBeInstanceOf(RateLimitError);
        });

        test('waits while the circuit is open', async () => {
            const { desk, session, clock, service, worker, prepared, sentAt } = createLateRun({
                maxRetries: 0,
                circuitBreakerThreshold: 1,
            });
            const item = desk.run(worker, session);
            await clock.advance(500);
            await rejectionOf(service.executeWithRetry(() => Promise.reject(refusal())));
            const start = clock.now();

            prepared.resolve(undefined);
            await clock.resolve(item);

            expect((sentAt[0] ?? 0) - start).toBeGreaterThanOrEqual(60_000);
        });
    });

    test('later is part of the item when it carries the signal of the run', async () => {
        const { desk, session, clock, service } = createRun({ maxRetries: 0 });
        const call = scriptedCall(clock, refusal(), refusal(), 'in');
        const worker = vi.fn(async () => {
            await undefined;
            return service.executeWithRetry(call, { signal: session.signal });
        });

        await expect(clock.resolve(desk.run(worker, session))).resolves.toBe('in');

        expect(worker).toHaveBeenCalledTimes(1);
        expect(session).toMatchObject({ rateLimited: 2, retries: 2 });
    });

    test('later without it is that of a person: when it gives up, the worker is called again when it may be', async () => {
        const { desk, session, clock, service } = createRun({ maxRetries: 0 });
        const call = scriptedCall(clock, refusalFor(3), 'in');
        const worker = vi.fn(async () => {
            await new Promise<void>(resolve => void clock.setTimeout(resolve, 1));
            return service.executeWithRetry(call);
        });

        await expect(clock.resolve(desk.run(worker, session))).resolves.toBe('in');

        expect(worker).toHaveBeenCalledTimes(2);
        expect(call.sentAt[1]).toBeGreaterThanOrEqual(3000);
        expect(session).toMatchObject({ rateLimited: 0, retries: 1 });
    });

    test('that returns no promise, as is known of it, leaves the turn to the next', async () => {
        const { desk, session, clock, service } = createRun({ maxRetries: 0 });
        const call = scriptedCall(clock, refusal(), 'in');
        const provider = withRateLimit({ peek: () => 'now' }, { service });
        provider.peek();
        const worker = () => {
            provider.peek();
            return service.executeWithRetry(call);
        };

        await expect(clock.resolve(desk.run(worker, session))).resolves.toBe('in');

        expect(session).toMatchObject({ rateLimited: 1, retries: 1 });
    });

    test.each([
        ['is', (refused: unknown) => Promise.reject(refused), refusalFor(3)],
        ['resolves with', async (refused: unknown) => refused, { error: {}, status: 429 }],
    ])(
        'is followed by one that the service does not know: when that %s a 429, the worker is called again',
        async (_, send, refused) => {
            const { desk, session, clock, service } = createRun();
            const answers = [() => send(refused), async () => 'in'];
            const worker = vi.fn(async () => {
                await service.executeWithRetry(async () => 'first');
                return answers.shift()?.();
            });

            await expect(clock.resolve(desk.run(worker, session))).resolves.toBe('in');

            expect(worker).toHaveBeenCalledTimes(2);
            expect(session).toMatchObject({ rateLimited: 1, retries: 1 });
        },
    );

    test('of somebody else does not leave with a turn that no call has taken', async () => {
        const { desk, session, clock, service } = createRun({ maxRetries: 0 });
        const held = heldCall();
        const running = desk.run(held, session);
        await clock.advance(0);

        const error = await rejectionOf(clock.resolve(service.executeWithRetry(() => Promise.reject(refusal()))));

        expect(error).toBeInstanceOf(RateLimitError);
        held.resolve('in');
        await expect(clock.resolve(running)).resolves.toBe('in');
        expect(session.rateLimited).toBe(0);
    });

    test('with the signal of a run that has ended is nobody’s item', async () => {
        const { session, clock, service, end } = createRun({ maxRetries: 0 });
        end();

        const refused = service.executeWithRetry(() => Promise.reject(refusal()), { signal: session.signal });

        await expect(rejectionOf(clock.resolve(refused))).resolves.toBeInstanceOf(RateLimitError);
    });

    test('is still part of a run when another one ends', async () => {
        const { desk, session, clock, service } = createRun({ maxRetries: 0 });
        const endOther = desk.begin(createSession().session);
        endOther();
        const call = scriptedCall(clock, refusal(), 'in');

        await expect(clock.resolve(service.executeWithRetry(call, { signal: session.signal }))).resolves.toBe('in');
    });
});

test('a refusal that another service has given up on is waited for, too', async () => {
    const { desk, session, clock } = createRun();
    const gaveUp = new RateLimitError({
        code: 'RATE_LIMIT_CIRCUIT_OPEN',
        message: 'later',
        retryAfterMs: 5000,
        attempts: 1,
    });
    const worker = scriptedCall(clock, gaveUp, 'in');

    await expect(clock.resolve(desk.run(worker, session))).resolves.toBe('in');

    expect(worker.sentAt).toEqual([0, 5000]);
});

test('that goes for a copy of this package, too, whose classes are others', async () => {
    const { desk, session, clock } = createRun();
    const foreign = Object.assign(new Error('later'), {
        name: 'RateLimitError',
        code: 'RATE_LIMIT_CIRCUIT_OPEN',
        retryAfterMs: 5000,
    });
    const worker = scriptedCall(clock, foreign, 'in');

    await clock.resolve(desk.run(worker, session));

    expect(worker.sentAt).toEqual([0, 5000]);
});

test('one that was rebuilt without the time of its wait is waited for all the same', async () => {
    const { desk, session, clock } = createRun();
    const rebuilt = Object.assign(new Error('later'), { name: 'RateLimitError', code: 'RATE_LIMIT_CIRCUIT_OPEN' });
    const worker = scriptedCall(clock, rebuilt, 'in');

    await expect(clock.resolve(desk.run(worker, session))).resolves.toBe('in');
});

test('bulk work that is no run takes its place among the items', async () => {
    const { desk, session, clock, service } = createRun();
    const sent: string[] = [];
    const send = (name: string) => async () => sent.push(name);

    await clock.resolve(
        Promise.all([
            desk.run(send('first'), session),
            desk.run(send('second'), session),
            service.executeWithRetry(send('other'), { priority: 'bulk' }),
            desk.run(send('third'), session),
        ]),
    );

    expect(sent).toEqual(['first', 'second', 'other', 'third']);
});

test('disposing of the service ends the waits of items as not sent', async () => {
    const { desk, session, clock, service } = createRun();
    session.isPaused = true;
    const item = rejectionOf(desk.run(async () => 'in', session));
    await clock.advance(1000);

    service.dispose();

    await expect(item).resolves.toBe(session.notSent);
});

describe('cancelling', () => {
    test.each([
        ['nothing was sent', 0],
        ['a part was sent', 1],
    ])('tells of an item whether %s', async (_, calls) => {
        const { desk, session, controller, clock, service } = createRun();
        const { signal } = session;
        const onValue = vi.fn();
        const item = rejectionOf(
            desk.run(
                async () => {
                    await (calls > 0 && service.executeWithRetry(async () => 'company'));
                    session.isPaused = true;
                    return service.executeWithRetry(async () => 'contact', { signal });
                },
                session,
                { onValue },
            ),
        );
        await clock.advance(1000);

        controller.abort();

        await expect(item).resolves.toBe(session.notSent);
        expect(onValue.mock.calls).toEqual(calls > 0 ? [['company']] : []);
    });

    test('ends the waits of that run at once, with its own reason, and no others', async () => {
        const { desk, service, session, controller, clock } = createRun();
        const { session: other } = createSession();
        desk.begin(other);
        session.isPaused = true;
        other.isPaused = true;
        const items = [1, 2].map(() => rejectionOf(desk.run(async () => 'in', session)));
        const waiting = desk.run(async () => 'in', other);
        await clock.advance(1000);

        controller.abort('changed my mind');

        await expect(Promise.all(items)).resolves.toEqual([session.notSent, session.notSent]);
        other.isPaused = false;
        service.dispatcher.sweepBulk();
        await expect(clock.resolve(waiting)).resolves.toBe('in');
    });

    test('before the turn: the worker is not called', async () => {
        const { desk, session, controller, clock } = createRun();
        controller.abort();
        const worker = vi.fn();

        await expect(rejectionOf(clock.resolve(desk.run(worker, session)))).resolves.toBe(session.notSent);
        expect(worker).not.toHaveBeenCalled();
    });

    test('is not told to the worker of an item that has ended', async () => {
        const { desk, session, controller, clock } = createRun();
        const signals: AbortSignal[] = [];
        await clock.resolve(desk.run(signal => void signals.push(signal), session));

        controller.abort();

        expect(signals.map(({ aborted }) => aborted)).toEqual([false]);
    });

    test('is not listened for when the run has ended', () => {
        const { service } = createService();
        const { session } = createSession();
        const added = vi.spyOn(session.signal, 'addEventListener');
        const removed = vi.spyOn(session.signal, 'removeEventListener');

        const end = BulkDesk.of(service).begin(session);
        end();

        expect(added.mock.calls).toEqual([['abort', expect.any(Function)]]);
        expect(removed.mock.calls).toEqual(added.mock.calls);
    });
});

describe('the circuit', () => {
    test.each([true, false])(
        'half-open, is closed by the first call of a worker that awaits something before (known as its own: %s)',
        async isKnown => {
            const { desk, session, clock, service } = await createHalfOpenRun();
            const save = scriptedCall(clock, 'in');
            const worker = async () => {
                await undefined;
                return service.executeWithRetry(save, isKnown ? { signal: session.signal } : {});
            };

            await clock.resolve(Promise.all([desk.run(worker, session), desk.run(worker, session)]));

            expect(save.sentAt[0]).toBe(0);
            expect(save.sentAt[1]).toBeLessThan(100);
            expect(service.getCircuitState().status).toBe('closed');
        },
    );

    test('half-open, is closed by a call after one that returned no promise', async () => {
        const { desk, session, clock, service } = await createHalfOpenRun();
        const save = scriptedCall(clock, 'in');
        const worker = () => {
            service.dispatcher.run(() => 'now', { operation: 'peek' });
            return service.executeWithRetry(save);
        };

        await clock.resolve(desk.run(worker, session));

        expect(save.sentAt).toEqual([0]);
        expect(service.getCircuitState().status).toBe('closed');
    });

    test('half-open, lets one such call through, not more', async () => {
        const { desk, session, clock, service } = await createHalfOpenRun();
        const held = heldCall();
        const item = desk.run(held, session);
        await clock.advance(0);
        const save = scriptedCall(clock, refusal(), 'saved');
        const saves = [1, 2].map(() => rejectionOf(service.executeWithRetry(save)));

        await clock.advance(10);

        expect(save).toHaveBeenCalledTimes(1);
        expect(service.getCircuitState().status).toBe('open');
        await expect(Promise.all(saves)).resolves.toMatchObject([{ attempts: 1 }, { attempts: 0 }]);
        held.resolve('in');
        await expect(clock.resolve(item)).resolves.toBe('in');
    });

    test('half-open, lets no other call leave beside that of an item', async () => {
        const { desk, session, clock, service } = await createHalfOpenRun();
        const held = heldCall();
        const item = desk.run(() => service.executeWithRetry(held), session);
        await clock.advance(0);
        expect(held).toHaveBeenCalledTimes(1);
        const save = vi.fn(async () => 'saved');

        const saved = service.executeWithRetry(save);
        await clock.advance(1000);

        expect(save).not.toHaveBeenCalled();
        held.resolve('in');
        await expect(clock.resolve(Promise.all([item, saved]))).resolves.toEqual(['in', 'saved']);
    });

    test('half-open, keeps no turn for later when its item has ended', async () => {
        const { desk, session, clock, service } = await createHalfOpenRun();
        const abort = () => Promise.reject(new DOMException('Aborted', 'AbortError'));
        await rejectionOf(clock.resolve(desk.run(abort, session)));
        const held = heldCall();
        const probe = service.executeWithRetry(held);
        await clock.advance(0);
        const save = scriptedCall(clock, 'saved');

        const saving = service.executeWithRetry(save);
        await clock.advance(1000);

        expect(save).not.toHaveBeenCalled();
        held.resolve('in');
        await clock.resolve(Promise.all([probe, saving]));
    });

    test('half-open, keeps the turn of an item when another one ends', async () => {
        const { desk, session, clock, service } = createRun({ maxRetries: 0, circuitBreakerThreshold: 1 });
        const early = heldCall();
        const other = rejectionOf(desk.run(early, session));
        await clock.advance(0);
        await rejectionOf(service.executeWithRetry(() => Promise.reject(refusal())));
        await clock.advance(60_000);
        const read = heldCall();
        const save = vi.fn(async () => 'saved');
        const worker = async () => {
            await read();
            return service.executeWithRetry(save);
        };
        const item = desk.run(worker, session);
        await clock.advance(0);
        early.reject(new DOMException('Aborted', 'AbortError'));
        await other;

        read.resolve('a file');
        await clock.advance(0);

        expect(save).toHaveBeenCalledTimes(1);
        await clock.resolve(item);
    });

    test('half-open, is not closed by what another service says that has given up', async () => {
        const { desk, session, clock, service } = await createHalfOpenRun();
        const details = { code: 'RATE_LIMIT_CIRCUIT_OPEN', message: 'later', retryAfterMs: 5000, attempts: 1 } as const;
        const item = desk.run(() => Promise.reject(new RateLimitError(details)), session);
        item.catch(() => {});

        await clock.advance(1000);

        expect(service.getCircuitState()).toMatchObject({ status: 'half-open', consecutiveFailures: 1 });
    });

    test('is closed by an item', async () => {
        const { desk, session, clock, service } = await createHalfOpenRun();

        await clock.resolve(desk.run(async () => 'in', session));

        expect(service.getCircuitState().status).toBe('closed');
    });

    test('is closed by a call that leaves with the turn of an item', async () => {
        const { desk, session, clock, service } = await createHalfOpenRun();

        await clock.resolve(desk.run(() => service.executeWithRetry(async () => 'in'), session));

        expect(service.getCircuitState().status).toBe('closed');
    });

    test('is opened again by an item that is refused, which waits for the next half-open period', async () => {
        const { desk, session, clock, service } = await createHalfOpenRun();
        const worker = scriptedCall(clock, refusal(), 'in');

        const running = desk.run(worker, session);
        await clock.advance(10);
        expect(service.getCircuitState()).toMatchObject({ status: 'open', consecutiveFailures: 2 });
        await clock.resolve(running);

        expect(worker.sentAt).toEqual([0, 60_000]);
        expect(session).toMatchObject({ rateLimited: 1, retries: 1 });
        expect(service.getCircuitState().status).toBe('closed');
    });
});

test('a service is left as healthy as it was when its runs have ended and nothing was refused for half a minute', async () => {
    const { desk, session, end, clock, service } = createRun();
    await clock.resolve(desk.run(async () => 'in', session));
    end();
    await clock.advance(30_000);
    await service.executeWithRetry(async () => 'saved');
    const call = scriptedCall(clock, 'saved');

    await Promise.all([1, 2, 3].map(() => service.executeWithRetry(call)));

    expect(call.sentAt).toEqual([0, 0, 0]);
    expect(clock.pendingTimers).toBe(0);
});

test('a save is not sent with the turn of a probe that has been refused', async () => {
    const { desk, session, service, clock } = await createHalfOpenRun();
    void desk.run(() => Promise.reject(refusalFor(120)), session).catch(() => {});
    await clock.advance(1000);
    expect(service.getCircuitState().status).toBe('open');
    const save = vi.fn(async () => 'saved');

    const error = await rejectionOf(service.executeWithRetry(save));

    expect(error).toMatchObject({ code: 'RATE_LIMIT_CIRCUIT_OPEN' });
    expect(save).not.toHaveBeenCalled();
});

describe('a call of a worker with a signal of its own', () => {
    test('is not sent when that has aborted, and leaves the probe to another', async () => {
        const { desk, session, service, clock } = await createHalfOpenRun();
        const send = vi.fn(async () => 'sent');
        const reason = new Error('left');
        const worker = () => service.executeWithRetry(send, { signal: AbortSignal.abort(reason) });

        const error = await rejectionOf(clock.resolve(desk.run(worker, session)));

        expect(error).toBe(reason);
        expect(send).not.toHaveBeenCalled();
        await expect(clock.resolve(service.executeWithRetry(async () => 'saved'))).resolves.toBe('saved');
        expect(clock.now() % 60_000).toBe(0); // without waiting for the probe
    });

    test('ends its wait with the reason of that', async () => {
        const { desk, session, service, clock } = createRun();
        const own = new AbortController();
        const send = scriptedCall(clock, refusalFor(60), 'sent');
        const sending = rejectionOf(desk.run(() => service.executeWithRetry(send, { signal: own.signal }), session));
        await clock.advance(1000);

        own.abort(new Error('left'));

        expect(await clock.resolve(sending)).toMatchObject({ message: 'left' });
        expect(send).toHaveBeenCalledTimes(1);
    });
});

test('an error of a worker whose cause is that a service has given up makes the item wait', async () => {
    const { desk, session, clock } = createRun();
    const start = clock.now();
    const cause = new RateLimitError({
        ...{ code: 'RATE_LIMIT_CIRCUIT_OPEN', message: 'later', retryAfterMs: 3000, attempts: 4 },
    });
    const worker = scriptedCall(clock, new Error('Contact 1 could not be saved', { cause }), 'saved');

    await expect(clock.resolve(desk.run(worker, session))).resolves.toBe('saved');

    expect(clock.now() - start).toBeGreaterThanOrEqual(3000);
});

test('an item that may not leave leaves the probe to another call', async () => {
    const { desk, session, service, clock } = await createHalfOpenRun();
    const worker = vi.fn();

    await expect(rejectionOf(desk.run(worker, session, { isHeld: () => true }))).resolves.toBe(HELD);

    expect(worker).not.toHaveBeenCalled();
    const saved = service.executeWithRetry(async () => 'saved');
    await clock.advance(0);
    await expect(saved).resolves.toBe('saved');
    expect(service.getCircuitState().status).toBe('closed');
});

test('a call that takes the turn of an item which has made none is not told of as one of that item', async () => {
    const { desk, session, service, clock } = await createHalfOpenRun();
    const onWay = vi.fn();
    const held = heldCall();
    const item = desk.run(held, session, { onWay });
    await clock.advance(0);
    const other = scriptedCall(clock, refusal(), 'saved');

    await clock.resolve(service.executeWithRetry(other, { signal: session.signal }));

    expect(other.sentAt[0]).toBe(0); // with that turn
    expect(other).toHaveBeenCalledTimes(2);
    expect(onWay).not.toHaveBeenCalled();
    held.resolve('saved');
    await clock.resolve(item);
});

test.each([
    ['of somebody else is no part of its item', false],
    ['of its own worker is a part of its item', true],
])('in a half-open circuit, a call %s', async (_, isOwn) => {
    const { desk, session, clock, service } = await createHalfOpenRun();
    const onValue = vi.fn();
    const held = heldCall();
    const item = desk.run(
        async signal => {
            await undefined;
            if (isOwn) await service.executeWithRetry(async () => 'company', { signal });
            await held();
        },
        session,
        { onValue },
    );
    await clock.advance(10);
    if (!isOwn) await clock.resolve(service.executeWithRetry(async () => 'saved'));

    expect(onValue.mock.calls).toEqual(isOwn ? [['company']] : []);
    held.resolve(undefined);
    await clock.resolve(item);
});
