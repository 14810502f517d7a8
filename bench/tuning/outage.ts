import type { RateLimitOptions } from 'ra-rate-limit';
import type { Limiter, Verdict } from '../bulk/limiters.ts';
import { seconds } from './crowdTable.ts';
import { simulatePeople } from './people.ts';

const FROM_MS = 60_000;
const UNTIL_MS = FROM_MS + 5 * 60_000;
const DURATION_MS = UNTIL_MS + 6 * 60_000;
const SEEDS = [1, 2, 3, 4, 5];

/** A server that refuses everything for five minutes, and otherwise nothing. */
class Outage implements Limiter {
    take(now: number): Verdict {
        const isAllowed = now < FROM_MS || now >= UNTIL_MS;
        return { isAllowed, waitMs: 0, remaining: 1, resetMs: 0 };
    }

    allowed(): number {
        return Number.POSITIVE_INFINITY;
    }

    rateAt(): number {
        return Number.POSITIVE_INFINITY;
    }
}

/** What twenty people, who save every 15 s whatever they are told, do to such a server, and when they can save again. */
export async function throughOutage(options: RateLimitOptions): Promise<string[]> {
    let requests = 0;
    let failed = 0;
    let tookMs = 0;
    let failedAfter = 0;
    let lastFailureMs = 0;
    for (const seed of SEEDS) {
        const { saves, arrivals } = await simulatePeople({
            people: 20,
            thinkMs: 15_000,
            durationMs: DURATION_MS,
            limiter: () => new Outage(),
            hint: 'none',
            options,
            seed,
        });
        requests += arrivals.filter(({ at }) => at >= FROM_MS && at < UNTIL_MS).length;
        for (const save of saves) {
            if (save.isSaved) continue;
            failed++;
            tookMs += save.tookMs;
            if (save.calledAt < UNTIL_MS) continue;
            failedAfter++;
            lastFailureMs = Math.max(lastFailureMs, save.calledAt - UNTIL_MS);
        }
    }
    const perMinute = requests / SEEDS.length / ((UNTIL_MS - FROM_MS) / 60_000);
    return [
        perMinute.toFixed(0),
        seconds(tookMs / failed),
        (failedAfter / SEEDS.length).toFixed(0),
        failedAfter > 0 ? seconds(lastFailureMs) : '',
    ];
}
