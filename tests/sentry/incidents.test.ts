// @vitest-environment jsdom
import * as Sentry from '@sentry/react';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createReporter, MESSAGE, suppressedOf, titleOf } from './createReporter';
import { openInbox } from './sentryInbox';

let inbox: ReturnType<typeof openInbox>;

beforeEach(() => {
    inbox = openInbox();
});

afterEach(async () => {
    await Sentry.close();
});

describe('an incident', () => {
    it('of five failing calls is one exception and one message, which says how many were suppressed', async () => {
        const { fail, namesOfEvents } = createReporter();

        for (let count = 0; count < 5; count++) await fail();

        expect(namesOfEvents().filter(name => name === 'exhausted')).toHaveLength(5);
        const events = await inbox.events();
        expect(events.map(titleOf)).toEqual(['RateLimitError', MESSAGE]);
        expect(events.map(suppressedOf)).toEqual([0, 3]);
    });

    it('goes on while the circuit is not closed: what fails meanwhile is only counted', async () => {
        const { clock, fail, succeed } = createReporter({ circuitBreakerThreshold: 1, circuitResetMs: 100_000 });
        await fail(); // opens: the message, then the exception
        await fail(); // turned away: 1
        await clock.advance(100_000);
        await fail(); // the probe, which opens it again: 2 and 3
        await clock.advance(100_000);
        await expect(inbox.events()).resolves.toHaveLength(2);

        await succeed();
        await fail();

        const events = await inbox.events();
        expect(events.map(titleOf)).toEqual([MESSAGE, 'RateLimitError', MESSAGE, 'RateLimitError']);
        expect(events.map(suppressedOf)).toEqual([0, 0, 3, 0]);
    });

    it('ends when somebody closes the circuit', async () => {
        const { service, fail } = createReporter({ circuitBreakerThreshold: 1 });
        await fail();
        service.resetCircuit();

        await fail();

        expect((await inbox.events()).map(titleOf)).toEqual([MESSAGE, 'RateLimitError', MESSAGE, 'RateLimitError']);
    });

    it('without an open circuit ends when nothing has failed for a minute', async () => {
        const { clock, fail, succeed } = createReporter();
        await fail();
        await clock.advance(59_000);
        await succeed();
        await fail(); // less than a minute after the first: suppressed, and the minute begins again
        await clock.advance(59_000);
        await fail();
        await expect(inbox.events()).resolves.toHaveLength(1);

        await clock.advance(60_000);
        await fail();

        const events = await inbox.events();
        expect(events.map(titleOf)).toEqual(['RateLimitError', 'RateLimitError']);
        expect(events.map(suppressedOf)).toEqual([0, 2]);
        expect(events[1]?.fingerprint).toEqual(['ra-rate-limit', 'exhausted']);
    });

    it('ends after the time that the app says', async () => {
        const { clock, fail, succeed } = createReporter({ maxRetries: 0 }, { incidentMs: 5000 });
        await fail();
        await clock.advance(4000);
        await succeed();
        await fail();
        await clock.advance(5000);

        await fail();

        expect((await inbox.events()).map(suppressedOf)).toEqual([0, 1]);
    });

    it('lasts no longer for what the one before it was like', async () => {
        const { service, clock, fail, succeed } = createReporter({ circuitBreakerThreshold: 2 });
        service.dispatcher.pause(60_000);
        service.resetCircuit();
        await fail();
        await succeed();

        await clock.advance(60_000);
        await fail();

        expect((await inbox.events()).map(titleOf)).toEqual([MESSAGE, 'RateLimitError', 'RateLimitError']);
    });

    it('does not outlast a clock that is set back', async () => {
        const { service, clock, fail } = createReporter();
        await fail();
        await clock.advance(31_000);
        await clock.resolve(service.executeWithRetry(async () => 'saved')); // nobody waits any more

        await clock.advance(-86_400_000);
        await fail();

        await expect(inbox.events()).resolves.toHaveLength(2);
    });

    it('that only opens the circuit is told each time, though Sentry drops what is like the event before', async () => {
        const { service } = createReporter();

        for (let count = 0; count < 2; count++) {
            service.dispatcher.pause(60_000);
            service.resetCircuit();
        }

        const events = await inbox.events();
        expect(events.map(titleOf)).toEqual([MESSAGE, MESSAGE]);
        expect(events[1]?.fingerprint).toEqual(events[0]?.fingerprint);
    });

    it('of each of two services is told, though they are alike', async () => {
        for (const { service } of [createReporter(), createReporter()]) service.dispatcher.pause(60_000);

        const events = await inbox.events();
        expect(events.map(titleOf)).toEqual([MESSAGE, MESSAGE]);
    });
});
