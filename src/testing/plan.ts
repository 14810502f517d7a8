import { refuse } from '../core/options.js';
import type { MethodChoice } from '../core/wrapMethods.js';

interface PlanOptions<Wait> {
    /**
     * The time to wait that a refusal tells in its body, as `retry_after_ms`: headers do not reach a data provider.
     * Milliseconds, 0 or more; with a bucket also `'exact'`, the time until its next token.
     * @default none: the backoff decides
     */
    retryAfterMs?: Wait | undefined;
    /**
     * Which methods can be refused: their names, or a predicate.
     * @default every function except `getList`, `getOne`, `getMany` and `getManyReference`
     */
    methods?: MethodChoice | undefined;
}

/** A token bucket. Each call takes a token; when none is left, calls are refused. */
export interface TokenBucket {
    /** How many tokens come back in a second. More than 0; `0.5` is one in two seconds. */
    ratePerSecond: number;
    /** How many calls a full bucket takes at once. An integer, 1 or more. */
    burst: number;
}

/** Which calls a simulation refuses: the next ones, a share at random, or those for which a bucket has no token. */
export type RateLimitPlan =
    /** The next `next` calls. An integer, 0 or more. */
    | ({ next: number; share?: never; bucket?: never } & PlanOptions<number>)
    /** A share of the calls, at random. 0 to 1; 1 is all of them. */
    | ({ share: number; next?: never; bucket?: never } & PlanOptions<number>)
    | ({ bucket: TokenBucket; next?: never; share?: never } & PlanOptions<number | 'exact'>);

const KINDS = ['next', 'share', 'bucket'];
const OPTIONS = [...KINDS, 'retryAfterMs', 'methods'];

/**
 * Plans are typed into consoles as well, where no compiler looks at them.
 *
 * @throws {TypeError | RangeError} naming what is wrong and what it must be
 */
export function checkPlan(plan: RateLimitPlan): void {
    if (typeof plan !== 'object' || plan === null) refuse('plan', 'an object such as { next: 3 }', plan);
    const given = checkNames('plan', plan, OPTIONS);
    const kinds = KINDS.filter(name => name in given);
    if (kinds.length !== 1) refuse('plan', 'one of next, share and bucket', kinds.join(' and ') || 'none');

    const { next, share, bucket, retryAfterMs } = given;
    if ('next' in given) checkNumber('next', next, 'an integer of 0 or more', isWholeFrom(0));
    if ('share' in given) checkNumber('share', share, 'from 0 to 1', value => value >= 0 && value <= 1);
    if ('bucket' in given) {
        const { ratePerSecond, burst } = checkNames('bucket', Object(bucket), ['ratePerSecond', 'burst']);
        checkNumber('bucket.ratePerSecond', ratePerSecond, 'finite and more than 0', value => value > 0);
        checkNumber('bucket.burst', burst, 'an integer of 1 or more', isWholeFrom(1));
    }
    const isExact = 'bucket' in given && retryAfterMs === 'exact';
    if (retryAfterMs !== undefined && !isExact) {
        checkNumber('retryAfterMs', retryAfterMs, 'finite and 0 or more', value => value >= 0);
    }
}

/** @returns the same, to read whatever was given from */
function checkNames(of: string, given: object, known: string[]): Record<string, unknown> {
    const unknown = Object.keys(given).find(name => !known.includes(name));
    if (unknown !== undefined) refuse(of, `made of ${known.join(', ')}`, unknown);
    return { ...given };
}

const isWholeFrom = (least: number) => (value: number) => Number.isInteger(value) && value >= least;

function checkNumber(name: string, value: unknown, must: string, isRight: (value: number) => boolean): void {
    if (typeof value !== 'number') refuse(name, 'a number', value);
    if (!Number.isFinite(value) || !isRight(value)) refuse(name, must, value, RangeError);
}

/** A plan in words, for those who typed it into a console. */
export function describePlan(plan: RateLimitPlan | undefined): string {
    if (!plan) return 'Nothing is refused.';
    const { retryAfterMs } = plan;
    const wait = retryAfterMs === 'exact' ? 'with the exact wait' : `with a wait of ${retryAfterMs} ms`;
    return `Refused ${retryAfterMs ? wait : 'without a wait'}: ${callsOf(plan)}.`;
}

function callsOf(plan: RateLimitPlan): string {
    if ('next' in plan) return `the next calls (${plan.next})`;
    if ('share' in plan) return `a share of ${plan.share} of the calls`;
    return `the calls beyond ${plan.bucket.burst} at once and ${plan.bucket.ratePerSecond} a second`;
}
