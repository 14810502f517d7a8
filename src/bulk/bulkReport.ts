import type { BulkSession } from '../core/call.js';
import { callSafely } from '../core/safely.js';
import type { RateLimitService } from '../core/service.js';
import type { Patience } from './patience.js';
import { ProgressMeter } from './progressMeter.js';
import { ProgressThrottle } from './progressThrottle.js';
import type { BulkCounts, BulkItemError, BulkItemResult, BulkOptions, BulkProgress, BulkResult } from './runBulk.js';

interface ReportOptions<Item, Value> extends Pick<BulkOptions<Item, Value>, 'onProgress' | 'onResult' | 'total'> {
    service: RateLimitService;
}

/** What a run tells: each result, how far it is, and what has become of all items in the end. */
export class BulkReport<Item, Value> {
    readonly #options: ReportOptions<Item, Value>;
    readonly #session: BulkSession;
    readonly #patience: Patience;
    readonly #meter: ProgressMeter;
    readonly #throttle: ProgressThrottle;
    readonly #counts = { succeeded: 0, failed: 0, unknown: 0 };
    readonly #errors: BulkItemError<Item>[] = [];

    constructor(options: ReportOptions<Item, Value>, session: BulkSession, patience: Patience) {
        const { service } = options;
        this.#options = options;
        this.#session = session;
        this.#patience = patience;
        this.#meter = new ProgressMeter(service.now());
        this.#throttle = new ProgressThrottle(service.dispatcher.options.clock, () => this.tell());
    }

    record(result: BulkItemResult<Item, Value>): void {
        this.#counts[result.outcome]++;
        if (result.outcome !== 'succeeded') this.#errors.push(result);
        this.#notify(this.#options.onResult, result);
        this.tell();
    }

    /** The progress, unless it was told a moment ago. */
    tell(isLast = false): void {
        const { service, onProgress, total } = this.#options;
        if (!onProgress) return;
        const now = service.now();
        const state = isLast ? ({ status: 'running' } as const) : this.#stateAt(now);
        if (!this.#throttle.passes(now, state.status, isLast)) return;
        const { etaMs, ...progress } = this.#meter.describe(now, this.#allCounts, { ...state, total });
        this.#notify(onProgress, {
            ...progress,
            ...(!this.#session.signal.aborted && etaMs !== undefined && { etaMs }),
        });
    }

    /** @param count how many items were read */
    result(count: number): BulkResult<Item> {
        const { aborted } = this.#session.signal;
        const { succeeded, failed, unknown } = this.#counts;
        // Of a run that came to its end, what was read is what there was.
        const total = aborted ? Math.max(this.#options.total ?? 0, count) : count;
        return {
            status: aborted ? 'cancelled' : 'done',
            ...this.#allCounts,
            total,
            notAttempted: total - succeeded - failed - unknown,
            durationMs: this.#meter.elapsedMs(this.#options.service.now()),
            errors: this.#errors.sort((a, b) => a.index - b.index),
        };
    }

    get #allCounts(): BulkCounts {
        const { rateLimited, retries } = this.#session;
        return { ...this.#counts, rateLimited, retries };
    }

    /** Whether items leave, else until when they wait, and what for. */
    #stateAt(now: number): Pick<BulkProgress, 'status' | 'resumesAt' | 'waitsFor'> {
        if (this.#session.isPaused) return { status: 'paused' };
        const { service } = this.#options;
        const { openUntil, pausedUntil } = service.getSnapshot();
        const limitedUntil = Math.max(openUntil ?? 0, pausedUntil ?? 0, service.dispatcher.spentUntil);
        const { retryAt, waitsFor } = this.#patience;
        const resumesAt = Math.max(limitedUntil, retryAt);
        if (resumesAt <= now) return { status: 'running' };
        return { status: 'paused', resumesAt, waitsFor: retryAt > limitedUntil ? waitsFor : 'server' };
    }

    #notify<Argument>(listener: ((argument: Argument) => unknown) | undefined, argument: Argument): void {
        const { monitor } = this.#options.service.dispatcher;
        callSafely(
            () => listener?.(argument),
            error => monitor.log('error', 'A listener threw', { error }),
        );
    }
}
