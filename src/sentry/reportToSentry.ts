import type { CallEnd } from '../core/call.js';
import type { RateLimitError } from '../core/errors.js';
import { checkNames, refuse } from '../core/options.js';
import { read } from '../core/safely.js';
import type { RateLimitService } from '../core/service.js';
import { leaveBreadcrumbs } from './breadcrumbs.js';
import { type IncidentEvent, Incidents } from './incidents.js';
import type { SentryEvent, SentryScope, SentrySdk } from './sentrySdk.js';

export interface ReportToSentryOptions {
    /**
     * How long nothing must have failed, in milliseconds, before a failed call is a new incident and reported again. An
     * incident in which the circuit opened lasts until it closes. 0 or more, `Infinity` allowed.
     * @default 60_000
     */
    incidentMs?: number | undefined;
}

const SDK_FUNCTIONS = ['withScope', 'captureMessage', 'captureException', 'addBreadcrumb'] as const;

/**
 * Tells Sentry when the circuit opens (a message, level warning) and when a call fails for the rate limit (the
 * `RateLimitError`), each once an incident and with the number of those that were suppressed, and leaves breadcrumbs. Of
 * a call it tells names and numbers: never a record, nor the refusal that is the `cause` of the error.
 *
 * @param Sentry the SDK, initialised by the app: `import * as Sentry from '@sentry/react'`
 * @returns a function that ends it
 * @throws {TypeError} when an argument is of the wrong type, or an option is unknown
 * @throws {RangeError} when `incidentMs` is out of range
 *
 * @example
 * import * as Sentry from '@sentry/react';
 * const stop = reportToSentry(rateLimit, Sentry);
 */
export function reportToSentry(
    service: RateLimitService,
    Sentry: SentrySdk,
    options: ReportToSentryOptions = {},
): () => void {
    if (typeof read(service, 'on') !== 'function') refuse('service', 'a RateLimitService', service);
    const missing = SDK_FUNCTIONS.find(name => typeof read(Sentry, name) !== 'function');
    if (missing) refuse(`Sentry.${missing}`, 'a function, as in a Sentry SDK', read(Sentry, missing));
    checkNames(options, ['incidentMs']);
    const { incidentMs = 60_000 } = options;
    if (typeof incidentMs !== 'number') refuse('incidentMs', 'a number', incidentMs);
    if (!(incidentMs >= 0)) refuse('incidentMs', '0 or more', incidentMs, RangeError);

    const incidents = new Incidents(incidentMs);
    /** @param capture sends the event in a scope of its own, which no other event of the app shares */
    const report = (event: IncidentEvent, details: object, capture: (scope: SentryScope) => void) => {
        const incident = incidents.add(event, service.now());
        if (!incident) return;
        const fingerprint = ['ra-rate-limit', event];
        Sentry.withScope(scope => {
            scope.setTags({ error_type: 'rate_limit' });
            scope.setContext('rate_limit', { ...details, suppressed: incident.suppressed });
            // Sentry drops an event that is equal to the one before. One of another incident is not, until that is over.
            scope.setFingerprint([...fingerprint, `${incident.number}`]);
            scope.addEventProcessor(sent => ({ ...sent, fingerprint }));
            capture(scope);
        });
    };

    const stops = [
        service.on('open', ({ openUntil, consecutiveFailures }) =>
            report('circuit-open', { consecutiveFailures, openUntil: new Date(openUntil).toISOString() }, () =>
                Sentry.captureMessage('Rate limit circuit breaker opened', 'warning'),
            ),
        ),
        service.on('exhausted', ({ error, ...call }) =>
            report('exhausted', detailsOf(call, error), scope => {
                scope.setTags({ resource: call.resource, operation: call.operation });
                scope.addEventProcessor(sent => withoutCause(sent, error));
                Sentry.captureException(error);
            }),
        ),
        service.on('reject', () => incidents.suppress()),
        service.on('close', () => incidents.end()),
        ...leaveBreadcrumbs(service, Sentry),
    ];
    return () => {
        for (const stop of stops) stop();
    };
}

const detailsOf = ({ attempts, waitedMs }: CallEnd, { code, retryAfterMs }: RateLimitError) => ({
    code,
    attempts,
    waitedMs: Math.round(waitedMs),
    retryAfterMs: Math.round(retryAfterMs),
});

/**
 * The cause is the server's answer, whose body and headers may hold anything. Sentry's integrations follow it: as more
 * exceptions before that of the error itself, which is the last one, and as a context with the name of the error.
 */
function withoutCause<Event extends SentryEvent>(event: Event, error: RateLimitError): Event {
    const { [error.name]: _, ...contexts } = { ...event.contexts };
    return { ...event, contexts, exception: { ...event.exception, values: event.exception?.values?.slice(-1) } };
}
