// @vitest-environment jsdom
import * as Sentry from '@sentry/react';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { refusal } from '../support/scriptedCalls';
import { VirtualClock } from '../support/virtualClock';
import { createReporter } from './createReporter';
import { openInbox } from './sentryInbox';

let inbox: ReturnType<typeof openInbox>;

beforeEach(() => {
    inbox = openInbox();
});

afterEach(async () => {
    await Sentry.close();
});

describe('breadcrumbs', () => {
    it('tell of a retry', async () => {
        const { clock, call } = createReporter({ jitterFactor: 0.2 });

        await clock.resolve(call(refusal(), 'saved'));

        expect(inbox.breadcrumbs()).toMatchObject([
            {
                category: 'rate-limit',
                level: 'warning',
                message: 'Refused, will be sent again',
                data: { resource: 'contacts', operation: 'create', attempt: 1, delayMs: 100, omitted: 0 },
            },
        ]);
    });

    it('tell of a retry at the very start of a clock that begins at 0, as those of tests do', async () => {
        const clock = new VirtualClock({ now: 0 });
        const { call } = createReporter({ clock });

        await clock.resolve(call(refusal(), 'saved'));

        expect(inbox.breadcrumbs()).toHaveLength(1);
    });

    it('tell of a pause, and of what becomes of the circuit', async () => {
        const { service, clock, succeed } = createReporter({ circuitResetMs: 1000 });
        const until = new Date(service.now() + 20_000).toISOString();

        service.dispatcher.pause(20_000);
        await clock.advance(20_000);
        await succeed();

        expect(inbox.breadcrumbs()).toMatchObject([
            { level: 'warning', message: 'The server asked for a pause', data: { until } },
            { level: 'warning', message: 'Circuit breaker opened', data: { openUntil: until } },
            { level: 'info', message: 'Circuit breaker half-open' },
            { level: 'info', message: 'Circuit breaker closed' },
        ]);
    });

    it('come with the event that they lead to', async () => {
        const { fail } = createReporter();

        await fail();

        const [event] = await inbox.events();
        expect(event?.breadcrumbs).toContainEqual(expect.objectContaining({ category: 'rate-limit' }));
    });

    it('tell of one retry a second, and how many were left out', async () => {
        const { clock, call } = createReporter({ circuitBreakerThreshold: 100 });

        const calls = Array.from({ length: 3 }, () => call(refusal(), 'saved'));
        await clock.advance(999);
        expect(inbox.breadcrumbs()).toHaveLength(1);
        await Promise.all(calls);
        await clock.advance(1);
        await clock.resolve(call(refusal(), 'saved'));
        await clock.advance(1000);
        await clock.resolve(call(refusal(), 'saved'));

        expect(inbox.breadcrumbs().map(({ data }) => data?.omitted)).toEqual([0, 2, 0]);
    });

    it('tell of one pause a second, though the server moves its end at each answer', async () => {
        const { service, clock } = createReporter();

        for (let count = 0; count < 20; count++) {
            service.dispatcher.pause(5000);
            await clock.advance(100);
        }

        expect(inbox.breadcrumbs().map(({ data }) => data?.omitted)).toEqual([0, 9]);
    });

    it('of many calls at once do not push out what the person did', async () => {
        const { clock, call, namesOfEvents } = createReporter({ maxElapsedMs: Number.POSITIVE_INFINITY });
        Sentry.addBreadcrumb({ category: 'ui.click', message: 'the button of the import' });

        await clock.resolve(Promise.all(Array.from({ length: 150 }, () => call(refusal(), 'saved'))));

        expect(namesOfEvents().filter(name => name === 'retry').length).toBeGreaterThanOrEqual(150);
        const all = Sentry.getIsolationScope().getScopeData().breadcrumbs;
        expect(all.map(({ category }) => category)).toContain('ui.click');
    });
});
