import type { RateLimitOptions } from 'ra-rate-limit';
import { type ReportToOpenTelemetryOptions, reportToOpenTelemetry } from 'ra-rate-limit/opentelemetry';
import { createService } from '../support/createService';
import { refusal, rejectionOf, scriptedCall } from '../support/scriptedCalls';

export const NAMES = { resourceName: 'contacts', operation: 'create' };

/** A service that reports to the SDK, with calls that answer as a script says. */
export function createReporter(reportOptions: ReportToOpenTelemetryOptions, options: RateLimitOptions = {}) {
    const created = createService(options);
    const { service, clock } = created;
    const stop = reportToOpenTelemetry(service, reportOptions);
    const call = (...script: unknown[]) => service.executeWithRetry(scriptedCall(clock, ...script), NAMES);
    const fail = () => rejectionOf(clock.resolve(call(refusal())));
    return { ...created, stop, call, fail };
}
