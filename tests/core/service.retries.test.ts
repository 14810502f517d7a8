import { HttpError } from 'ra-core';
import { RateLimitError } from 'ra-rate-limit';
import { describe, expect, it, vi } from 'vitest';
import { createService } from '../support/createService';
import { refusal, refusalFor, rejectionOf, scriptedCall } from '../support/scriptedCalls';
import { VirtualClock } from '../support/virtualClock';

const NAMES = { resourceName: 'contacts', operation: 'create' };

describe('a healthy call', () => {
    it('resolves with the very value, logs nothing and sets no timer', async () => {
        const { service, clock, lines, events } = createService();
        const setTimeout = vi.spyOn(clock, 'setTimeout');
        const record = { data: { id: 1 } };
        const call = scriptedCall(clock, record);

        const result = await service.executeWithRetry(call, NAMES);

        expect(result).toBe(record);
        expect(call).toHaveBeenCalledTimes(1);
        expect(lines).toEqual([]);
        expect(setTimeout).not.toHaveBeenCalled();
        expect(events).toEqual([
            { name: 'success', event: { resource: 'contacts', operation: 'create', attempts: 1, waitedMs: 0 } },
        ]);
    });

    it('is sent before executeWithRetry returns', () => {
        const { service, clock } = createService();
        const call = scriptedCall(clock, 'done');

        void service.executeWithRetry(call);

        expect(call).toHaveBeenCalledTimes(1);
    });

    it('may be one that needs no waiting, or throws on the spot', async () => {
        const { service } = createService();
        const error = new Error('No such table');

        await expect(service.executeWithRetry(() => 'at once')).resolves.toBe('at once');
        const thrown = rejectionOf(
            service.executeWithRetry(() => {
                throw error;
            }),
        );
        await expect(thrown).resolves.toBe(error);
    });

    it('leaves at the same moment as many others', async () => {
        const { service, clock } = createService();
        const call = scriptedCall(clock, 'done');

        const all = Promise.all(Array.from({ length: 100 }, () => service.executeWithRetry(call)));

        expect(call).toHaveBeenCalledTimes(100);
        await all;
    });
});

describe('an error that is not a 429', () => {
    it.each([new HttpError('Conflict', 409), new Error('duplicate key "4290"'), 'a text', undefined])(
        'passes through, the same one, without a retry: %s',
        async error => {
            const { service, lines, events } = createService();
            const call = vi.fn(() => Promise.reject(error));

            const rejected = await rejectionOf(service.executeWithRetry(call));

            expect(rejected).toBe(error);
            expect(call).toHaveBeenCalledTimes(1);
            expect(lines).toEqual([]);
            expect(events).toEqual([]);
            expect(service.getStats()).toMatchObject({ calls: 1, failed: 1, aborted: 0, succeeded: 0 });
        },
    );

    it('passes through after a retry as well', async () => {
        const { service, clock } = createService();
        const conflict = new HttpError('Conflict', 409);
        const call = scriptedCall(clock, refusal(), conflict);

        const rejected = await clock.resolve(rejectionOf(service.executeWithRetry(call)));

        expect(rejected).toBe(conflict);
        expect(call.sentAt).toEqual([0, 100]);
    });
});

describe('a call that is refused', () => {
    it('is sent again after 100, 200 and 400 ms, and then resolves as if nothing had been', async () => {
        const { service, clock } = createService();
        const call = scriptedCall(clock, refusal(), refusal(), refusal(), 'saved');

        const result = await clock.resolve(service.executeWithRetry(call));

        expect(result).toBe('saved');
        expect(call.sentAt).toEqual([0, 100, 300, 700]);
        expect(clock.pendingTimers).toBe(0);
    });

    it('fails after three retries, as RATE_LIMIT_MAX_RETRIES_EXCEEDED', async () => {
        const { service, clock } = createService();
        const last = refusal();
        const call = scriptedCall(clock, refusal(), refusal(), refusal(), last);

        const error = await clock.resolve(rejectionOf(service.executeWithRetry(call, NAMES)));

        expect(call).toHaveBeenCalledTimes(4);
        expect(error).toBeInstanceOf(RateLimitError);
        expect(error).toMatchObject({
            code: 'RATE_LIMIT_MAX_RETRIES_EXCEEDED',
            message: 'The system is temporarily overloaded. Please try again in a few moments.',
            status: 429,
            attempts: 4,
            retryAfterMs: 1600,
            resource: 'contacts',
            operation: 'create',
        });
        expect(error).toHaveProperty('cause', last);
    });

    it.each([0, 1, 5])('has %i retries when it is given as many', async maxRetries => {
        const { service, clock } = createService({ maxRetries });
        const call = scriptedCall(clock, refusal());

        const error = await clock.resolve(rejectionOf(service.executeWithRetry(call)));

        expect(call).toHaveBeenCalledTimes(maxRetries + 1);
        expect(error).toMatchObject({ attempts: maxRetries + 1 });
    });

    it('waits no longer than the longest delay', async () => {
        const { service, clock } = createService({ maxDelayMs: 250 });
        const call = scriptedCall(clock, refusal(), refusal(), refusal(), 'saved');

        await clock.resolve(service.executeWithRetry(call));

        expect(call.sentAt).toEqual([0, 100, 300, 550]);
    });

    it('waits a random share longer', async () => {
        const { service, clock } = createService({
            clock: new VirtualClock({ random: () => 0.5 }),
            jitterFactor: 0.2,
        });
        const ticking = service.executeWithRetry(() => Promise.reject(refusal()));
        const delays: number[] = [];
        service.on('retry', ({ delayMs }) => void delays.push(delayMs));

        await expect(Promise.race([ticking, clock.advance(0)])).resolves.toBeUndefined();

        expect(delays).toEqual([110]);
        service.dispose();
        await rejectionOf(ticking);
    });

    it('says so in the log, exactly', async () => {
        const { service, clock, lines } = createService();
        const call = scriptedCall(clock, refusal());

        await clock.resolve(rejectionOf(service.executeWithRetry(call, NAMES)));

        const names = { resource: 'contacts', operation: 'create' };
        expect(lines).toEqual([
            {
                level: 'warn',
                message: '[RateLimit] Rate limit detected. Retrying in 100ms (attempt 1/3)',
                context: { ...names, attempt: 1, maxRetries: 3, delayMs: 100 },
            },
            {
                level: 'warn',
                message: '[RateLimit] Rate limit detected. Retrying in 200ms (attempt 2/3)',
                context: { ...names, attempt: 2, maxRetries: 3, delayMs: 200 },
            },
            {
                level: 'warn',
                message: '[RateLimit] Rate limit detected. Retrying in 400ms (attempt 3/3)',
                context: { ...names, attempt: 3, maxRetries: 3, delayMs: 400 },
            },
            {
                level: 'error',
                message: '[RateLimit] Max retries exceeded',
                context: { ...names, attempts: 4 },
            },
        ]);
    });

    it('shows whole milliseconds in the log', async () => {
        const { service, clock, lines } = createService({ initialDelayMs: 33.4 });

        await clock.resolve(service.executeWithRetry(scriptedCall(clock, refusal(), 'saved')));

        expect(lines[0]?.message).toBe('[RateLimit] Rate limit detected. Retrying in 33ms (attempt 1/3)');
    });

    it('tells its retries, its success and its failure as events', async () => {
        const { service, clock, events, namesOfEvents } = createService({ maxRetries: 1 });

        await clock.resolve(service.executeWithRetry(scriptedCall(clock, refusal(), 'saved'), NAMES));
        const error = await clock.resolve(rejectionOf(service.executeWithRetry(scriptedCall(clock, refusal()))));

        expect(namesOfEvents()).toEqual(['retry', 'success', 'retry', 'exhausted']);
        const names = { resource: 'contacts', operation: 'create' };
        expect(events[0]?.event).toEqual({ ...names, attempt: 1, maxRetries: 1, delayMs: 100 });
        expect(events[1]?.event).toEqual({ ...names, attempts: 2, waitedMs: 100 });
        expect(events[3]?.event).toEqual({ attempts: 2, waitedMs: 100, error });
    });

    it('is counted', async () => {
        const { service, clock } = createService({ maxRetries: 1 });

        await clock.resolve(service.executeWithRetry(scriptedCall(clock, refusal(), 'saved')));
        await clock.resolve(rejectionOf(service.executeWithRetry(scriptedCall(clock, refusal()))));

        expect(service.getStats()).toEqual({
            calls: 2,
            succeeded: 1,
            failed: 0,
            rateLimited: 3,
            retries: 2,
            exhausted: 1,
            rejected: 0,
            aborted: 0,
            opened: 0,
            waiting: 0,
        });
    });

    it('has the messages of its context in its errors, and the English one where that has none', async () => {
        const { service, clock } = createService({ maxRetries: 0, circuitBreakerThreshold: 2 });
        const messages = { RATE_LIMIT_MAX_RETRIES_EXCEEDED: 'app.overloaded' };
        const call = () => rejectionOf(service.executeWithRetry(scriptedCall(clock, refusal()), { messages }));

        const exhausted = await clock.resolve(call());
        const opened = await clock.resolve(call());

        expect(exhausted).toHaveProperty('message', 'app.overloaded');
        expect(opened).toHaveProperty('message', 'Too many requests. Please wait 1-2 minutes before trying again.');
    });
});

describe('a message that is a function', () => {
    it('makes the words of what is known of the error', async () => {
        const { service, clock } = createService({ maxRetries: 0 });
        const seen: object[] = [];
        const sayWhen = (details: { retryAfterMs: number }) => {
            seen.push(details);
            return `Again in ${details.retryAfterMs} ms`;
        };
        const messages = { RATE_LIMIT_MAX_RETRIES_EXCEEDED: sayWhen };
        const context = { resourceName: 'contacts', operation: 'create', messages };

        const error = await rejectionOf(service.executeWithRetry(scriptedCall(clock, refusalFor(5)), context));

        expect(error).toHaveProperty('message', 'Again in 5000 ms');
        expect(seen).toEqual([
            {
                code: 'RATE_LIMIT_MAX_RETRIES_EXCEEDED',
                retryAfterMs: 5000,
                attempts: 1,
                resource: 'contacts',
                operation: 'create',
            },
        ]);
    });

    it.each([
        ['throws', () => thrown('no such key')],
        ['has nothing to say', () => ''],
        ['is async', (async () => 'later') as unknown as () => string],
        ['returns what is no text', Symbol as unknown as () => string],
    ])('that %s is replaced by the English text', async (_, message) => {
        const { service, clock } = createService({ maxRetries: 0 });
        const messages = { RATE_LIMIT_MAX_RETRIES_EXCEEDED: message };

        const error = await rejectionOf(service.executeWithRetry(scriptedCall(clock, refusal()), { messages }));

        expect(error).toHaveProperty(
            'message',
            'The system is temporarily overloaded. Please try again in a few moments.',
        );
    });
});

function thrown(message: string): never {
    throw new Error(message);
}

describe('a call that resolves with a 429', () => {
    it('is retried: the result of supabase.rpc()', async () => {
        const { service, clock } = createService();
        const refused = { data: null, error: { message: 'slow down' }, status: 429 };
        const answered = { data: [{ id: 1 }], error: null, status: 200 };
        const call = scriptedCall(clock, refused, answered);

        const result = await clock.resolve(service.executeWithRetry(call));

        expect(result).toBe(answered);
        expect(call.sentAt).toEqual([0, 100]);
    });

    it('is retried: a Response, which is told its time by its headers', async () => {
        const { service, clock } = createService();
        const refused = new Response('slow down', { status: 429, headers: { 'Retry-After': '3' } });
        const answered = new Response('[]');
        const call = scriptedCall(clock, refused, answered);

        const result = await clock.resolve(service.executeWithRetry(call));

        expect(result).toBe(answered);
        expect(call.sentAt).toEqual([0, 3000]);
    });

    it('fails with the result as its cause', async () => {
        const { service, clock } = createService({ maxRetries: 0 });
        const refused = { data: null, error: { message: 'slow down' }, status: 429 };

        const error = await clock.resolve(rejectionOf(service.executeWithRetry(scriptedCall(clock, refused))));

        expect(error).toHaveProperty('cause', refused);
    });

    it('is not one that resolves with a record whose status is 429', async () => {
        const { service, clock } = createService();
        const record = { data: { id: 1, status: 429 } };
        const call = scriptedCall(clock, record);

        await expect(service.executeWithRetry(call)).resolves.toBe(record);
        expect(call).toHaveBeenCalledTimes(1);
    });
});

describe('a predicate of one’s own', () => {
    it('decides what counts as a refusal', async () => {
        const { service, clock } = createService({ isRateLimitError: error => error.status === 503 });
        const busy = scriptedCall(clock, new HttpError('Service Unavailable', 503), 'saved');
        const limited = refusal();

        await expect(clock.resolve(service.executeWithRetry(busy))).resolves.toBe('saved');
        const error = await clock.resolve(rejectionOf(service.executeWithRetry(() => Promise.reject(limited))));

        expect(busy.sentAt).toEqual([0, 100]);
        expect(error).toBe(limited);
    });

    it('is asked about results too, and does no harm when it cannot read them', async () => {
        const { service, clock } = createService({ isRateLimitError: result => result.status === 503 });
        const busy = scriptedCall(clock, { status: 503 }, { status: 200 });

        await expect(clock.resolve(service.executeWithRetry(busy))).resolves.toEqual({ status: 200 });
        await expect(service.executeWithRetry(async () => undefined)).resolves.toBeUndefined();
    });
});

describe('the time that a server names', () => {
    it('is waited for instead of the backoff', async () => {
        const { service, clock } = createService();
        const call = scriptedCall(clock, refusalFor(5), 'saved');

        await clock.resolve(service.executeWithRetry(call));

        expect(call.sentAt).toEqual([0, 5000]);
    });

    it('is the least: jitter is only added', async () => {
        const clock = new VirtualClock({ random: () => 0.999 });
        const { service } = createService({ clock, jitterFactor: 0.2 });
        const call = scriptedCall(clock, refusalFor(5), 'saved');

        await clock.resolve(service.executeWithRetry(call));

        expect(call.sentAt[1]).toBeCloseTo(5000 + 5000 * 0.2 * 0.999);
    });

    it('is waited for when it is as long as the longest delay', async () => {
        const { service, clock } = createService();
        const call = scriptedCall(clock, refusalFor(10), 'saved');

        await clock.resolve(service.executeWithRetry(call));

        expect(call.sentAt).toEqual([0, 10_000]);
        expect(service.getStats().opened).toBe(0);
    });

    it('is passed over with respectRetryAfter: false', async () => {
        const { service, clock, namesOfEvents } = createService({ respectRetryAfter: false });
        const call = scriptedCall(clock, refusalFor(3600), 'saved');

        await clock.resolve(service.executeWithRetry(call));

        expect(call.sentAt).toEqual([0, 100]);
        expect(namesOfEvents()).not.toContain('pause');
    });

    it('is nothing to wait for when it is 0: then the backoff is', async () => {
        const { service, clock } = createService();
        const call = scriptedCall(clock, refusalFor(0), 'saved');

        await clock.resolve(service.executeWithRetry(call));

        expect(call.sentAt).toEqual([0, 100]);
    });
});

describe('the time that a call may spend waiting', () => {
    it('ends its retries, before a wait that would take it beyond', async () => {
        const { service, clock } = createService({ maxRetries: 10, maxElapsedMs: 700 });
        const call = scriptedCall(clock, refusal());

        const error = await clock.resolve(rejectionOf(service.executeWithRetry(call)));

        expect(call.sentAt).toEqual([0, 100, 300, 700]);
        expect(error).toMatchObject({ code: 'RATE_LIMIT_MAX_RETRIES_EXCEEDED', attempts: 4 });
        expect(service.getStats()).toMatchObject({ retries: 3, exhausted: 1 });
        expect(clock.pendingTimers).toBe(0);
    });

    it('counts waits only, not the time that the server takes', async () => {
        const { service, clock } = createService({ maxElapsedMs: 300 });
        const answer = (ms: number, then: () => Promise<string>) => () =>
            new Promise<void>(resolve => clock.setTimeout(resolve, ms)).then(then);
        const call = vi
            .fn<() => Promise<string>>()
            .mockImplementationOnce(answer(60_000, () => Promise.reject(refusal())))
            .mockImplementationOnce(answer(60_000, () => Promise.reject(refusal())))
            .mockImplementation(answer(60_000, async () => 'saved'));

        await expect(clock.resolve(service.executeWithRetry(call))).resolves.toBe('saved');
    });

    it('has no end when it is infinite', async () => {
        const { service, clock } = createService({
            maxRetries: 100,
            maxElapsedMs: Number.POSITIVE_INFINITY,
        });
        const call = scriptedCall(clock, refusal());

        const error = await clock.resolve(rejectionOf(service.executeWithRetry(call)));

        expect(error).toMatchObject({ attempts: 101 });
    });
});

describe('what a service tells outside of errors', () => {
    it('has no records, tokens or personal data in it', async () => {
        const { service, clock, lines, events } = createService({ circuitBreakerThreshold: 2 });
        const canaries = ['canary-token', 'canary@example.com'];
        const refused = new HttpError('Too Many Requests for canary@example.com', 429, { token: 'canary-token' });
        const failing = () => clock.resolve(rejectionOf(service.executeWithRetry(scriptedCall(clock, refused), NAMES)));

        const errors = [await failing(), await failing(), await failing()];

        const told = JSON.stringify([lines, events, errors, service.getStats(), service.getSnapshot()]);
        expect(told).toContain('Circuit breaker opened');
        for (const canary of canaries) expect(told).not.toContain(canary);
    });
});
