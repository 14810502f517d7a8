import * as Sentry from '@sentry/react';
import type { RateLimitError, RateLimitOptions } from 'ra-rate-limit';
import { type ReportToSentryOptions, reportToSentry } from 'ra-rate-limit/sentry';
import { createService } from '../support/createService';
import { refusal, rejectionOf, scriptedCall } from '../support/scriptedCalls';

export const NAMES = { resourceName: 'contacts', operation: 'create' };

export const MESSAGE = 'Rate limit circuit breaker opened';

/** A service that reports to the SDK, with calls that answer as a script says. */
export function createReporter(options: RateLimitOptions = {}, reportOptions?: ReportToSentryOptions) {
    const created = createService(options);
    const { service, clock } = created;
    const stop = reportToSentry(service, Sentry, reportOptions);
    const call = (...script: unknown[]) => service.executeWithRetry(scriptedCall(clock, ...script), NAMES);
    const fail = async () => (await rejectionOf(clock.resolve(call(refusal())))) as RateLimitError;
    const succeed = () => clock.resolve(call('saved'));
    return { ...created, stop, call, fail, succeed };
}

export const titleOf = ({ message, exception }: Sentry.Event) => message ?? exception?.values?.at(-1)?.type;

export const suppressedOf = ({ contexts }: Sentry.Event) => contexts?.rate_limit?.suppressed;
