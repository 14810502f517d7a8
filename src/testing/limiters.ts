import type { Clock } from '../core/clock.js';
import type { RateLimitPlan, TokenBucket } from './plan.js';

/** Asked about each call: `undefined` lets it pass, a number refuses it and is the milliseconds until one would pass. */
export type Limiter = () => number | undefined;

export function createLimiter({ next, share, bucket }: RateLimitPlan, clock: Clock): Limiter {
    if (next !== undefined) return nextCalls(next);
    if (share !== undefined) return () => (clock.random() < share ? 0 : undefined);
    return tokenBucket(bucket, clock);
}

function nextCalls(count: number): Limiter {
    let left = count;
    return () => (left-- > 0 ? 0 : undefined);
}

/** As the generic cell rate algorithm (ITU-T I.371): it remembers when the bucket will be full again, and nothing else. */
function tokenBucket({ ratePerSecond, burst }: TokenBucket, clock: Clock): Limiter {
    const tokenMs = 1000 / ratePerSecond;
    let fullAt = 0;
    return () => {
        const now = clock.now();
        // It is never further from full than this, also on a clock that was set back.
        fullAt = Math.min(fullAt, now + burst * tokenMs);
        const nextTokenAt = fullAt - (burst - 1) * tokenMs;
        if (now < nextTokenAt) return Math.ceil(nextTokenAt - now);
        fullAt = Math.max(fullAt, now) + tokenMs;
        return undefined;
    };
}
