import type { RateLimitService } from '../core/service.js';
import type { SentrySdk } from './sentrySdk.js';

/** Sentry keeps a hundred of them: more of ours would push out what the person did before. */
const LEAST_GAP_MS = 1000;

/** Leaves a trail of what the service does. Returns a function for each thing it listens to, which ends that. */
export function leaveBreadcrumbs(service: RateLimitService, Sentry: SentrySdk): (() => void)[] {
    let addedAt = Number.NEGATIVE_INFINITY;
    let omitted = 0;
    const add = (level: 'info' | 'warning', message: string, data: object = {}) => {
        const crumb = { category: 'rate-limit', level, message, data: { ...data, omitted } };
        omitted = 0;
        addedAt = service.now();
        Sentry.addBreadcrumb(crumb);
    };
    // A bulk run is refused again and again. What becomes of the circuit is rare, and told each time.
    const addSeldom: typeof add = (...crumb) => {
        if (Math.abs(service.now() - addedAt) < LEAST_GAP_MS) omitted++;
        else add(...crumb);
    };
    const date = (moment: number) => new Date(moment).toISOString();
    return [
        service.on('retry', ({ resource, operation, attempt, delayMs }) =>
            addSeldom('warning', 'Refused, will be sent again', {
                resource,
                operation,
                attempt,
                delayMs: Math.round(delayMs),
            }),
        ),
        service.on('pause', ({ until }) =>
            addSeldom('warning', 'The server asked for a pause', { until: date(until) }),
        ),
        service.on('open', ({ openUntil }) => add('warning', 'Circuit breaker opened', { openUntil: date(openUntil) })),
        service.on('halfOpen', () => add('info', 'Circuit breaker half-open')),
        service.on('close', () => add('info', 'Circuit breaker closed')),
    ];
}
