import { HttpError } from 'ra-core';
import type { Clock } from '../core/clock.js';
import { methodChooser } from '../core/wrapMethods.js';
import { createLimiter, type Limiter } from './limiters.js';
import { checkPlan, describePlan, type RateLimitPlan } from './plan.js';

/** Steers what a provider of `simulateRateLimit` refuses. In a browser it is there as `rateLimitSimulation` too. */
export interface RateLimitSimulation {
    /** What is refused at the moment; `undefined` for nothing. */
    readonly plan: RateLimitPlan | undefined;
    /** The calls refused since the start, among those of the methods that the plan is about. */
    readonly refused: number;
    /** The calls of those methods that went on to the data provider. */
    readonly passed: number;
    /**
     * Refuses by another plan from now on. A bucket begins full, a count anew.
     *
     * @returns what is refused now, and how many calls were so far, in words for the console
     * @throws {TypeError | RangeError} naming what is wrong with the plan; the one before stays
     */
    set(plan: RateLimitPlan | undefined): string;
    /** Refuses nothing any more, as `set(undefined)`. */
    stop(): string;
}

/** A simulation, and its verdict on each call. */
export function createSimulation(initialPlan: RateLimitPlan | undefined, clock: Clock) {
    let plan: RateLimitPlan | undefined;
    let isChosen!: (method: string) => boolean;
    let limit!: Limiter;
    let refused = 0;
    let passed = 0;

    const simulation: RateLimitSimulation = {
        get plan() {
            return plan;
        },
        get refused() {
            return refused;
        },
        get passed() {
            return passed;
        },
        set: next => {
            if (next !== undefined) checkPlan(next);
            isChosen = methodChooser(next?.methods);
            plan = next;
            limit = next ? createLimiter(next, clock) : () => undefined;
            return `${describePlan(next)} So far ${refused} refused, ${passed} passed.`;
        },
        stop: () => simulation.set(undefined),
    };

    /** What the call is refused with, or `undefined` where it may go on. */
    const refusalOf = (method: string): HttpError | undefined => {
        if (!isChosen(method)) return undefined;
        const untilNextMs = limit();
        if (untilNextMs === undefined) {
            passed++;
            return undefined;
        }
        refused++;
        const retryAfterMs = plan?.retryAfterMs === 'exact' ? untilNextMs : plan?.retryAfterMs;
        const message = 'Too Many Requests';
        return new HttpError(message, 429, { message, ...(retryAfterMs && { retry_after_ms: retryAfterMs }) });
    };

    simulation.set(initialPlan);
    return { simulation, refusalOf };
}
