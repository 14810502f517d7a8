import type { Attributes, Meter, Tracer } from '@opentelemetry/api';
import { refuse } from '../core/options.js';
import { read } from '../core/safely.js';
import type { RateLimitService } from '../core/service.js';
import { NAME } from './attributes.js';
import { reportMetrics } from './metrics.js';
import { reportSpans } from './spans.js';

export interface ReportToOpenTelemetryOptions {
    /** What the metrics are made with: `meterProvider.getMeter('ra-rate-limit')`. */
    meter: Meter;
    /**
     * What spans are made with: `tracerProvider.getTracer('ra-rate-limit')`.
     * @default no spans
     */
    tracer?: Tracer | undefined;
    /**
     * Tells the services of an app apart, as the attribute `ra_rate_limit.name` of everything. Services that share a meter
     * need one each: of two without, the numbers of the later one win.
     * @default no such attribute
     */
    name?: string | undefined;
}

const METER_FUNCTIONS = ['createObservableCounter', 'createHistogram', 'addBatchObservableCallback'] as const;

/**
 * Reports what a service does as OpenTelemetry metrics and, with a tracer, as spans for the waits before a retry and for
 * the open periods of the circuit. What they say are names and numbers: never a record or an error.
 *
 * @returns a function that ends it
 * @throws {TypeError} when an argument is of the wrong type
 *
 * @example
 * const stop = reportToOpenTelemetry(rateLimit, { meter: meterProvider.getMeter('ra-rate-limit') });
 */
export function reportToOpenTelemetry(service: RateLimitService, options: ReportToOpenTelemetryOptions): () => void {
    const { meter, tracer, name } = { ...options };
    if (typeof read(service, 'getStats') !== 'function') refuse('service', 'a RateLimitService', service);
    const missing = METER_FUNCTIONS.find(key => typeof read(meter, key) !== 'function');
    if (missing) refuse(`meter.${missing}`, 'a function, as in an OpenTelemetry meter', read(meter, missing));
    if (tracer !== undefined && typeof read(tracer, 'startSpan') !== 'function') {
        refuse('tracer.startSpan', 'a function, as in an OpenTelemetry tracer', read(tracer, 'startSpan'));
    }
    if (name !== undefined && typeof name !== 'string') refuse('name', 'a string', name);

    const common: Attributes = name === undefined ? {} : { [NAME]: name };
    const stops = reportMetrics(service, meter, common);
    if (tracer) stops.push(...reportSpans(service, tracer, common));
    return () => {
        for (const stop of stops) stop();
    };
}
