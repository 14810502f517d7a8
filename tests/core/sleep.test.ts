import { HttpError } from 'ra-core';
import { RateLimitService, runBulk } from 'ra-rate-limit';
import { describe, expect, it } from 'vitest';
import { refusal, refusalFor, rejectionOf, scriptedCall } from '../support/scriptedCalls';
import { VirtualClock } from '../support/virtualClock';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const DAY = 24 * 60 * MINUTE;

/** A clock that somebody sets, while timers go on: they count the time that passes, not what a clock says of it. */
class AdjustableClock extends VirtualClock {
    /** The time that has really passed is this clock's without what it was set by. */
    setByMs = 0;

    constructor() {
        super();
        const passed = this.now;
        this.now = () => passed() + this.setByMs;
    }

    /** The lid of the laptop is closed: the clock goes on, timers do not. */
    sleep(ms: number): void {
        this.setByMs += ms;
    }
}

/** The timers of a hidden tab: Chromium runs them once a minute, together. */
class ThrottledClock extends VirtualClock {
    constructor() {
        super();
        const { setTimeout } = this;
        this.setTimeout = (callback, ms) => {
            const due = this.now() + Math.max(0, ms);
            return setTimeout(callback, Math.ceil(due / MINUTE) * MINUTE - this.now());
        };
    }
}

function create<C extends VirtualClock>(clock: C, options = {}) {
    const service = new RateLimitService({ clock, logger: false, jitterFactor: 0, ...options });
    const end = () => {
        service.dispose();
        expect(clock.pendingTimers).toBe(0);
    };
    return { clock, service, end };
}

/** When it settles, in milliseconds of time that has really passed. */
async function settledAfter(clock: AdjustableClock, promise: Promise<unknown>): Promise<number> {
    const passed = () => clock.now() - clock.setByMs;
    const start = passed();
    await clock.resolve(promise.catch(() => {}));
    return passed() - start;
}

/**
 * How long a wait may last that had `leftMs` of `waitMs` left when the clock was set: what has passed since the service
 * last looked may count again, once.
 */
const mostMs = (leftMs: number, waitMs: number) => leftMs + waitMs + SECOND / 10;

describe.each([
    ['a day back', -DAY],
    ['an hour back, as when the summer ends in the wrong time zone', -60 * MINUTE],
    ['a second back', -SECOND],
    ['a day forward', DAY],
])('a clock that is set %s', (_, byMs) => {
    const setAfter = async (clock: AdjustableClock, ms: number) => {
        await clock.advance(ms);
        clock.setByMs += byMs;
    };

    it('makes no backoff a day longer', async () => {
        const { clock, service, end } = create(new AdjustableClock(), { initialDelayMs: 8 * SECOND });
        const call = scriptedCall(clock, refusal(), 'saved');
        const saving = service.executeWithRetry(call);

        await setAfter(clock, 3 * SECOND);

        expect(await settledAfter(clock, saving)).toBeLessThan(mostMs(5 * SECOND, 8 * SECOND));
        await expect(saving).resolves.toBe('saved');
        end();
    });

    it('makes no pause of the server a day longer, neither for who waits nor for who comes later', async () => {
        const { clock, service, end } = create(new AdjustableClock());
        const saving = service.executeWithRetry(scriptedCall(clock, refusalFor(8), 'saved'));
        await setAfter(clock, 3 * SECOND);

        const later = service.executeWithRetry(scriptedCall(clock, 'saved later'));

        expect(await settledAfter(clock, Promise.all([saving, later]))).toBeLessThan(mostMs(5 * SECOND, 8 * SECOND));
        await expect(Promise.all([saving, later])).resolves.toEqual(['saved', 'saved later']);
        end();
    });

    it('keeps the circuit open for no day longer, and tells a screen the same', async () => {
        const { clock, service, end } = create(new AdjustableClock(), { circuitBreakerThreshold: 1, maxRetries: 0 });
        await rejectionOf(service.executeWithRetry(scriptedCall(clock, refusal())));
        await setAfter(clock, 20 * SECOND);
        const { openUntil } = service.getSnapshot();
        expect((openUntil ?? 0) - service.now()).toBeLessThanOrEqual(MINUTE);

        await clock.advance(mostMs(40 * SECOND, MINUTE));

        expect(service.getSnapshot().status).toBe('half-open');
        await expect(service.executeWithRetry(scriptedCall(clock, 'saved'))).resolves.toBe('saved');
        expect(service.getCircuitState().status).toBe('closed');
        end();
    });

    it('neither stops bulk work, nor sends an item twice, nor silences its progress', async () => {
        const { clock, service, end } = create(new AdjustableClock());
        const sent: number[] = [];
        const told: number[] = [];
        const worker = async (n: number) => {
            await new Promise<void>(resolve => clock.setTimeout(resolve, 50));
            sent.push(n);
            if (sent.length % 40 === 0) throw refusalFor(2);
        };
        const numbers = Array.from({ length: 400 }, (_, n) => n);
        const onProgress = ({ processed }: { processed: number }) => void told.push(processed);
        const run = runBulk(numbers, worker, { service, onProgress });
        await setAfter(clock, 3 * SECOND);
        const before = told.length;

        const tookMs = await settledAfter(clock, run);

        const refused = Math.floor(sent.length / 40);
        await expect(run).resolves.toMatchObject({ succeeded: 400, failed: 0, unknown: 0, rateLimited: refused });
        expect(sent).toHaveLength(400 + refused);
        expect(tookMs).toBeLessThan(5 * MINUTE);
        expect(told.length - before).toBeGreaterThan(10);
        end();
    });

    it('lets items try again while the connection is down', async () => {
        const { clock, service, end } = create(new AdjustableClock());
        let isDown = true;
        const worker = async () => {
            if (isDown) throw new TypeError('fetch failed');
        };
        const run = runBulk([1, 2, 3], worker, { service, idempotent: true });
        await setAfter(clock, 2 * SECOND);
        isDown = false;

        expect(await settledAfter(clock, run)).toBeLessThan(30 * SECOND);

        await expect(run).resolves.toMatchObject({ succeeded: 3, unknown: 0 });
        end();
    });
});

describe('a clock that is set back', () => {
    it('lets nothing leave before the moment that the server named', async () => {
        const { clock, service, end } = create(new AdjustableClock());
        const saving = service.executeWithRetry(scriptedCall(clock, refusalFor(8), 'saved'));
        await clock.advance(3 * SECOND);
        clock.setByMs -= DAY;

        const later = scriptedCall(clock, 'saved later');
        const calls = Promise.all([saving, service.executeWithRetry(later)]);
        await clock.advance(5 * SECOND - 1);

        expect(later).not.toHaveBeenCalled();
        await clock.resolve(calls);
        end();
    });

    it('again and again still ends every wait', async () => {
        const { clock, service, end } = create(new AdjustableClock());
        const saving = service.executeWithRetry(scriptedCall(clock, refusalFor(8), 'saved'));
        for (let second = 0; second < 7; second++) {
            await clock.advance(SECOND);
            clock.setByMs -= DAY;
            service.getSnapshot();
            service.now();
        }

        expect(await settledAfter(clock, saving)).toBeLessThanOrEqual(8 * SECOND);
        await expect(saving).resolves.toBe('saved');
        end();
    });

    it('gives a healthy service the time that it shows', async () => {
        const { clock, service, end } = create(new AdjustableClock());
        await clock.resolve(service.executeWithRetry(scriptedCall(clock, refusal(), 'saved')));
        await clock.advance(MINUTE);
        await service.executeWithRetry(async () => 'the pace has ended');
        service.now();

        clock.setByMs -= DAY;

        expect(service.now()).toBe(clock.now());
        end();
    });
});

describe('a clock that is set forward', () => {
    it('ends a pause early, as nobody can know; refused again, calls wait for as long as the server says then', async () => {
        const { clock, service, end } = create(new AdjustableClock());
        const saving = service.executeWithRetry(scriptedCall(clock, refusalFor(8), refusalFor(5)));
        await clock.advance(3 * SECOND);
        clock.setByMs += DAY;
        // It has waited for longer than a call may.
        await expect(rejectionOf(clock.resolve(saving))).resolves.toMatchObject({ attempts: 2, retryAfterMs: 5000 });

        const later = scriptedCall(clock, 'saved later');
        const savingLater = service.executeWithRetry(later);
        await clock.advance(5 * SECOND - 1);

        expect(later).not.toHaveBeenCalled();
        await expect(clock.resolve(savingLater)).resolves.toBe('saved later');
        end();
    });
});

describe('a laptop that sleeps for ten minutes', () => {
    it('costs no save that was waiting, though it has waited longer than a call may', async () => {
        const { clock, service, end } = create(new AdjustableClock());
        const call = scriptedCall(clock, refusalFor(8), 'saved');
        const saving = service.executeWithRetry(call);
        await clock.advance(3 * SECOND);

        clock.sleep(10 * MINUTE);

        expect(await settledAfter(clock, saving)).toBeLessThanOrEqual(5 * SECOND);
        await expect(saving).resolves.toBe('saved');
        expect(call).toHaveBeenCalledTimes(2);
        end();
    });

    it('finds the circuit half-open: the first save goes at once, timers or not', async () => {
        const { clock, service, end } = create(new AdjustableClock(), { circuitBreakerThreshold: 1, maxRetries: 0 });
        await rejectionOf(service.executeWithRetry(scriptedCall(clock, refusal())));

        clock.sleep(10 * MINUTE);

        await expect(service.executeWithRetry(async () => 'saved')).resolves.toBe('saved');
        expect(service.getCircuitState().status).toBe('closed');
        end();
    });

    it('costs an import no row, nor sends one twice, whose connections the sleep has cut', async () => {
        const { clock, service, end } = create(new AdjustableClock());
        const stored = new Map<number, number>();
        const cut = new Set<(reason: Error) => void>();
        let isAsleep = false;
        const worker = (n: number) =>
            new Promise<void>((resolve, reject) => {
                cut.add(reject);
                clock.setTimeout(() => {
                    cut.delete(reject);
                    // An upsert, as `idempotent` says.
                    stored.set(n, (stored.get(n) ?? 0) + (isAsleep ? 0 : 1));
                    resolve();
                }, 80);
            });
        const numbers = Array.from({ length: 200 }, (_, n) => n);
        const run = runBulk(numbers, worker, { service, idempotent: true });
        await clock.advance(1020);
        expect(cut.size).toBeGreaterThan(0);

        isAsleep = true;
        clock.sleep(10 * MINUTE);
        for (const reject of cut) reject(new TypeError('Failed to fetch'));
        isAsleep = false;

        await expect(clock.resolve(run)).resolves.toMatchObject({ succeeded: 200, unknown: 0, failed: 0 });
        expect([...stored.keys()].sort((a, b) => a - b)).toEqual(numbers);
        end();
    });
});

describe('a hidden tab whose timers run once a minute', () => {
    it('saves late, but saves', async () => {
        const { clock, service, end } = create(new ThrottledClock());
        const call = scriptedCall(clock, refusalFor(8), 'saved');

        await expect(clock.resolve(service.executeWithRetry(call))).resolves.toBe('saved');

        expect(call.sentAt).toEqual([0, MINUTE]);
        end();
    });

    it('imports slowly, each row once', async () => {
        const { clock, service, end } = create(new ThrottledClock());
        const sent: number[] = [];
        const worker = async (n: number) => {
            sent.push(n);
            if (sent.length === 5) throw refusalFor(2);
            if (n === 7) throw new HttpError('Bad row', 400);
        };

        const result = await clock.resolve(
            runBulk(
                Array.from({ length: 60 }, (_, n) => n),
                worker,
                { service },
            ),
        );

        expect(result).toMatchObject({ succeeded: 59, failed: 1, unknown: 0, rateLimited: 1 });
        expect(sent).toHaveLength(61);
        end();
    });
});
