import type { Attributes, Span, SpanStatusCode, Tracer } from '@opentelemetry/api';
import type { RateLimitService } from '../core/service.js';
import { attributesOf } from './attributes.js';

/** Written out, so that nothing of the API has to be loaded. */
const ERROR: SpanStatusCode.ERROR = 2;

/**
 * Reports each wait before a retry and each open period of the circuit as a span. Returns a function for each thing that
 * it began, which ends that.
 */
export function reportSpans(service: RateLimitService, tracer: Tracer, common: Attributes): (() => void)[] {
    // As a date: an SDK may take a number for one that counts from the start of the process.
    const at = (moment: number) => new Date(moment);
    const now = () => at(service.now());
    let open: Span | undefined;
    const ended = () => {
        open?.end(now());
        open = undefined;
    };
    return [
        service.on('retry', call => {
            const { attempt, maxRetries, delayMs } = call;
            // A row of bulk work waits for its turn, and not for a time of its own.
            if (maxRetries === Number.POSITIVE_INFINITY) return;
            const attributes = { ...attributesOf(call, common), 'ra_rate_limit.retry.attempt': attempt };
            const startedAt = service.now();
            tracer
                .startSpan('ra_rate_limit.wait', { startTime: at(startedAt), attributes })
                .end(at(startedAt + delayMs));
        }),
        service.on('open', ({ openUntil, consecutiveFailures }) => {
            const attributes = {
                'ra_rate_limit.circuit.open_until': at(openUntil).toISOString(),
                'ra_rate_limit.circuit.consecutive_failures': consecutiveFailures,
            };
            if (open) {
                open.addEvent('reopened', attributes, now());
                return;
            }
            // It outlives the call that opened it, and belongs to none.
            open = tracer.startSpan('ra_rate_limit.circuit.open', {
                root: true,
                startTime: now(),
                attributes: { ...common, ...attributes },
            });
            open.setStatus({ code: ERROR, message: 'The circuit is open' });
        }),
        service.on('halfOpen', () => open?.addEvent('half_open', now())),
        service.on('close', ended),
        ended,
    ];
}
