import type { BulkCounts, BulkProgress } from './runBulk.js';

/** The rate is measured over this long, in steps of a twentieth. */
const WINDOW_MS = 10_000;
const STEP_MS = WINDOW_MS / 20;

/** How fast items end, and when the last will. */
export class ProgressMeter {
    readonly #startedAt: number;
    /** Moments with what had ended by then, the oldest first. */
    readonly #samples: { at: number; processed: number }[];

    constructor(now: number) {
        this.#startedAt = now;
        this.#samples = [{ at: now, processed: 0 }];
    }

    elapsedMs(now: number): number {
        return now - this.#startedAt;
    }

    /** Items a second. */
    rate(now: number, processed: number): number {
        const samples = this.#samples;
        const latest = samples.at(-1);
        if (!latest || now - latest.at >= STEP_MS) samples.push({ at: now, processed });
        while (samples.length > 1 && now - (samples[1]?.at ?? now) >= WINDOW_MS) samples.shift();
        const { at = now, processed: before = 0 } = samples[0] ?? {};
        return now > at ? ((processed - before) * 1000) / (now - at) : 0;
    }

    describe(
        now: number,
        counts: BulkCounts,
        { total, ...state }: Pick<BulkProgress, 'status' | 'total' | 'resumesAt'>,
    ): BulkProgress {
        const processed = counts.succeeded + counts.failed + counts.unknown;
        const ratePerSecond = this.rate(now, processed);
        return {
            ...state,
            ...counts,
            processed,
            ratePerSecond,
            ...(total !== undefined && { total }),
            ...(total !== undefined &&
                ratePerSecond > 0 && { etaMs: (Math.max(0, total - processed) * 1000) / ratePerSecond }),
        };
    }
}
