// @vitest-environment jsdom
import * as Sentry from '@sentry/react';
import { HttpError } from 'ra-core';
import type { RateLimitError } from 'ra-rate-limit';
import { withRateLimit } from 'ra-rate-limit';
import { reportToSentry } from 'ra-rate-limit/sentry';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createService } from '../support/createService';
import { refusal, rejectionOf, scriptedCall } from '../support/scriptedCalls';
import { createReporter, MESSAGE, NAMES, titleOf } from './createReporter';
import { openInbox } from './sentryInbox';

// Before the SDK puts itself in front of them: it hears of what is logged, and the reader of the tests does not.
vi.spyOn(console, 'warn').mockReturnValue();
vi.spyOn(console, 'error').mockReturnValue();

let inbox: ReturnType<typeof openInbox>;

beforeEach(() => {
    inbox = openInbox();
});

afterEach(async () => {
    await Sentry.close();
});

describe('a call that fails', () => {
    it('is an exception with the tags to find it by', async () => {
        const { fail } = createReporter();

        const error = await fail();

        const events = await inbox.events();
        expect(events).toMatchObject([
            {
                level: 'error',
                tags: { error_type: 'rate_limit', resource: 'contacts', operation: 'create' },
                exception: { values: [{ type: 'RateLimitError', value: error.message }] },
            },
        ]);
    });

    it('keeps the stack of its error', async () => {
        const { fail } = createReporter();

        await fail();

        const [event] = await inbox.events();
        const frames = event?.exception?.values?.[0]?.stacktrace?.frames ?? [];
        expect(frames.map(frame => frame.function)).toContainEqual(expect.stringContaining('Dispatcher'));
    });

    it('tells how long it waited and when to come back', async () => {
        const { fail } = createReporter();

        await fail();

        const [event] = await inbox.events();
        expect(event?.contexts.rate_limit).toEqual({
            code: 'RATE_LIMIT_MAX_RETRIES_EXCEEDED',
            attempts: 4,
            waitedMs: 700,
            retryAfterMs: 1600,
            suppressed: 0,
        });
    });

    it('is grouped into one issue, whatever it was about', async () => {
        const { service, clock, fail, succeed } = createReporter({ circuitBreakerThreshold: 1, circuitResetMs: 1000 });
        await fail();
        await clock.advance(1000);
        await succeed();
        const other = { resourceName: 'tasks', operation: 'update' };

        await rejectionOf(clock.resolve(service.executeWithRetry(scriptedCall(clock, refusal()), other)));

        const exceptions = (await inbox.events()).filter(event => titleOf(event) === 'RateLimitError');
        expect(exceptions.map(({ tags }) => tags?.resource)).toEqual(['contacts', 'tasks']);
        expect(exceptions.map(({ fingerprint }) => fingerprint)).toEqual([
            ['ra-rate-limit', 'exhausted'],
            ['ra-rate-limit', 'exhausted'],
        ]);
    });

    it('has no tag for a name that is not known', async () => {
        const { service, clock } = createReporter();

        await rejectionOf(clock.resolve(service.executeWithRetry(scriptedCall(clock, refusal()))));

        const [event] = await inbox.events();
        expect(event?.tags).toEqual({ error_type: 'rate_limit' });
    });

    it('is not reported when it succeeds in the end, or fails for its own sake', async () => {
        const { clock, call } = createReporter();

        await clock.resolve(call(refusal(), refusal(), 'saved'));
        await rejectionOf(clock.resolve(call(new HttpError('Bad record', 400))));

        await expect(inbox.events()).resolves.toEqual([]);
    });
});

describe('the circuit', () => {
    it('is a warning when it opens', async () => {
        const { service, fail } = createReporter({ circuitBreakerThreshold: 1 });

        await fail();

        const [event] = await inbox.events();
        expect(event).toMatchObject({
            message: MESSAGE,
            level: 'warning',
            tags: { error_type: 'rate_limit' },
            fingerprint: ['ra-rate-limit', 'circuit-open'],
        });
        expect(event?.contexts.rate_limit).toEqual({
            consecutiveFailures: 1,
            openUntil: new Date(service.getCircuitState().openUntil ?? 0).toISOString(),
            suppressed: 0,
        });
    });

    it('leaves the tags and the fingerprint of other events alone', async () => {
        const { fail } = createReporter({ circuitBreakerThreshold: 1 });
        await fail();

        Sentry.captureMessage('Something else');

        const event = (await inbox.events()).at(-1);
        expect(event?.message).toBe('Something else');
        expect(event).not.toHaveProperty('tags');
        expect(event).not.toHaveProperty('fingerprint');
        expect(event?.contexts).not.toHaveProperty('rate_limit');
    });
});

describe('what is reported', () => {
    const SECRET = 'canary-7f3a';

    /** A refusal that holds everything that must not leave: and each integration that follows a cause is on. */
    async function createLeak() {
        await Sentry.close();
        inbox = openInbox({
            integrations: defaults => [
                ...defaults,
                Sentry.extraErrorDataIntegration({ depth: 10 }),
                Sentry.captureConsoleIntegration(),
            ],
            normalizeDepth: 10,
        });
        const deepest = new Error(`${SECRET} in the message of a cause of the cause`);
        const cause = Object.assign(new HttpError(`${SECRET} is refused`, 429, { record: { name: SECRET } }), {
            // The same name as ours must not let it through either.
            name: 'RateLimitError',
            headers: new Headers({ Authorization: `Bearer ${SECRET}` }),
            [SECRET]: SECRET,
            cause: deepest,
        });
        return { cause, deepest };
    }

    it.each([
        ['rejects with it', (cause: unknown) => Promise.reject(cause)],
        ['resolves with it', async (error: unknown) => ({ error, status: 429, data: null })],
        ['throws what is no error', () => Promise.reject({ status: 429, body: SECRET, [SECRET]: SECRET })],
    ])('never has anything of the refusal or of the record, when the provider %s', async (_, answer) => {
        const { cause } = await createLeak();
        const { service, clock } = createReporter({ circuitBreakerThreshold: 2, logger: console });
        const provider = { create: (_resource: string, _params: { data: object }) => answer(cause) };
        const dataProvider = withRateLimit(provider, { service });

        for (let count = 0; count < 3; count++) {
            await rejectionOf(clock.resolve(dataProvider.create('contacts', { data: { name: SECRET } })));
        }

        const text = await inbox.text();
        expect(text).toContain('"RateLimitError"');
        expect(text).toContain(MESSAGE);
        expect(text).not.toContain(SECRET);
    });

    it('would have it without our care', async () => {
        const { cause } = await createLeak();
        const { service, clock } = createService();

        const call = service.executeWithRetry(() => Promise.reject(cause), NAMES);
        Sentry.captureException(await rejectionOf(clock.resolve(call)));

        const [event] = await inbox.events();
        expect(event?.exception?.values?.map(({ value }) => value).slice(0, 2)).toEqual([
            expect.stringContaining(SECRET),
            expect.stringContaining(SECRET),
        ]);
        expect(JSON.stringify(event?.contexts.RateLimitError)).toContain(SECRET);
    });

    it('keeps the error that the app gets as it was', async () => {
        const { cause } = await createLeak();
        const { service, clock } = createReporter();

        const error = await rejectionOf(clock.resolve(service.executeWithRetry(() => Promise.reject(cause))));

        expect((error as RateLimitError).cause).toBe(cause);
    });
});

describe('a Sentry that fails', () => {
    const fault = new Error('Sentry is broken');

    it('costs no call', async () => {
        const { service, clock, lines, fail } = createReporter();
        const broken = () => {
            throw fault;
        };
        reportToSentry(service, {
            withScope: broken,
            captureMessage: broken,
            captureException: broken,
            addBreadcrumb: broken,
        });

        await expect(clock.resolve(service.executeWithRetry(scriptedCall(clock, refusal(), 'saved')))).resolves.toBe(
            'saved',
        );
        expect((await fail()).name).toBe('RateLimitError');
        expect(lines).toContainEqual(expect.objectContaining({ context: { error: fault } }));
    });

    it('that is not set up is no harm either', async () => {
        await Sentry.close();
        const { fail } = createReporter();

        expect((await fail()).name).toBe('RateLimitError');
        await expect(inbox.events()).resolves.toEqual([]);
    });
});

describe('the function that ends it', () => {
    it('ends all of it, and can be called twice', async () => {
        const { service, clock, stop, fail } = createReporter({ circuitBreakerThreshold: 1 });

        stop();
        stop();
        await fail();
        service.dispatcher.pause(60_000);
        await clock.advance(60_000);
        service.resetCircuit();

        await expect(inbox.events()).resolves.toEqual([]);
        expect(inbox.breadcrumbs()).toEqual([]);
    });

    it('leaves another reporter alone', async () => {
        const { service, stop, fail } = createReporter();
        reportToSentry(service, Sentry);

        stop();
        await fail();

        await expect(inbox.events()).resolves.toHaveLength(1);
    });
});

describe('a wrong argument', () => {
    const { service } = createService();

    it.each<[string, unknown, unknown, unknown]>([
        ['service must be a RateLimitService, got undefined', undefined, Sentry, {}],
        ['service must be a RateLimitService, got [object Object]', { create: () => {} }, Sentry, {}],
        ['Sentry.withScope must be a function, as in a Sentry SDK, got undefined', service, undefined, {}],
        [
            'Sentry.captureException must be a function, as in a Sentry SDK, got no',
            service,
            { withScope() {}, captureMessage() {}, captureException: 'no' },
            {},
        ],
        ['incident must be a known option, got 60', service, Sentry, { incident: 60 }],
        ['incidentMs must be a number, got "60"', service, Sentry, { incidentMs: '60' }],
        ['incidentMs must be 0 or more, got -1', service, Sentry, { incidentMs: -1 }],
        ['incidentMs must be 0 or more, got NaN', service, Sentry, { incidentMs: Number.NaN }],
    ])('is refused: %s', (message, ...args) => {
        const report = () => reportToSentry(...(args as Parameters<typeof reportToSentry>));

        expect(report).toThrow(message.replace('got no', 'got "no"'));
        expect(report).toThrow(message.includes('0 or more') ? RangeError : TypeError);
    });
});
