import { type Clock, systemClock } from '../core/clock.js';
import { markOf, wrapMethods } from '../core/wrapMethods.js';
import type { RateLimitPlan } from './plan.js';
import { createSimulation, type RateLimitSimulation } from './simulation.js';

declare global {
    /** The simulation that was made last, for the console of the browser and for browser tests. */
    var rateLimitSimulation: RateLimitSimulation | undefined;
}

const SIMULATION = Symbol.for('ra-rate-limit/simulation');

/**
 * A data provider that answers 429 on demand, to try out one's own screens and tests. A call that is refused rejects with
 * react-admin's `HttpError` and never reaches the given provider. Returns a provider of the same type.
 *
 * It stands for the server, so `withRateLimit` goes around it. A method that returns no promise is refused with one all
 * the same: leave such ones out with `methods`.
 *
 * @param plan what is refused; without one nothing, until `getSimulation(dataProvider)` or the console sets one
 * @param options `clock`: where the bucket gets time from and the share chance, by default the real ones
 * @throws {TypeError | RangeError} naming what is wrong with the data provider or the plan
 *
 * @example
 * const dataProvider = withRateLimit(simulateRateLimit(base, { next: 2, retryAfterMs: 1_000 }));
 */
export function simulateRateLimit<Provider extends object>(
    dataProvider: Provider,
    plan?: RateLimitPlan,
    { clock = systemClock }: { clock?: Clock | undefined } = {},
): Provider {
    const { simulation, refusalOf } = createSimulation(plan, clock);
    const simulated = wrapMethods(dataProvider, { key: SIMULATION, value: simulation }, (name, method) => (...args) => {
        const refusal = refusalOf(name);
        return refusal ? Promise.reject(refusal) : method.apply(dataProvider, args);
    });
    if (typeof window !== 'undefined') globalThis.rateLimitSimulation = simulation;
    return simulated;
}

/**
 * The handle of a provider that `simulateRateLimit` made, or of what was made of one; `undefined` for any other.
 *
 * @example
 * getSimulation(dataProvider)?.set({ next: 3 });
 */
export function getSimulation(dataProvider: unknown): RateLimitSimulation | undefined {
    return markOf(dataProvider, SIMULATION) as RateLimitSimulation | undefined;
}
