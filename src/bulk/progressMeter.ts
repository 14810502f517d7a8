import type { BulkCounts, BulkProgress } from './runBulk.js';

/** The rate is measured over this long, in steps of a twentieth. */
const WINDOW_MS = 10_000;
const STEP_MS = WINDOW_MS / 20;

interface Sample {
    readonly at: number;
    readonly processed: number;
}

/** How fast items end, and when the last will. */
export class ProgressMeter {
    readonly #startedAt: number;
    /** A moment about a window ago, with what had ended by then, and some since, in order. */
    #oldest: Sample;
    readonly #later: Sample[] = [];
    /** When the pause began that the run is in. */
    #pausedAt: number | undefined;

    constructor(now: number) {
        this.#startedAt = now;
        this.#oldest = { at: now, processed: 0 };
    }

    elapsedMs(now: number): number {
        return now - this.#startedAt;
    }

    /** Items a second. */
    rate(now: number, processed: number): number {
        const later = this.#later;
        const latest = later.at(-1) ?? this.#oldest;
        if (now - latest.at >= STEP_MS) later.push({ at: now, processed });
        for (let next = later[0]; next && now - next.at >= WINDOW_MS; next = later[0]) {
            this.#oldest = next;
            later.shift();
        }
        const { at, processed: before } = this.#oldest;
        return now > at ? ((processed - before) * 1000) / (now - at) : 0;
    }

    describe(
        now: number,
        counts: BulkCounts,
        { total, ...state }: Pick<BulkProgress, 'status' | 'total' | 'resumesAt' | 'waitsFor'>,
    ): BulkProgress {
        const processed = counts.succeeded + counts.failed + counts.unknown;
        const { status, resumesAt } = state;
        if (status === 'paused') this.#pausedAt ??= now;
        else {
            // What a long pause took is not what items take.
            if (now - (this.#pausedAt ?? now) >= WINDOW_MS) {
                this.#oldest = { at: now, processed };
                this.#later.length = 0;
            }
            this.#pausedAt = undefined;
        }
        const ratePerSecond = this.rate(now, processed);
        // How long a pause by hand lasts, nobody knows.
        const pauseMs = status === 'running' ? 0 : resumesAt && resumesAt - now;
        const etaMs =
            total === undefined || pauseMs === undefined || ratePerSecond === 0
                ? undefined
                : pauseMs + (Math.max(0, total - processed) * 1000) / ratePerSecond;
        return {
            ...state,
            ...counts,
            processed,
            ratePerSecond,
            ...(total !== undefined && { total }),
            ...(etaMs !== undefined && { etaMs }),
        };
    }
}
