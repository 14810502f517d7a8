import { type Clock, systemClock } from './clock.js';
import { isOwnError, isRateLimitError, isRateLimitResult } from './detection.js';
import { consoleLogger, type Logger } from './logger.js';
import { read } from './safely.js';

/** The options of a `RateLimitService`, and of `withRateLimit` when it makes its own. Durations are in milliseconds. */
export interface RateLimitOptions {
    /**
     * Retries after the first attempt. An integer, 0 or more.
     * @default 3
     */
    maxRetries?: number | undefined;
    /**
     * The first wait of the exponential backoff; each further one is twice as long. Finite, 0 or more.
     * @default 100
     */
    initialDelayMs?: number | undefined;
    /**
     * The longest single wait, jitter aside. A server that asks for more opens the circuit instead. Finite, 0 or more.
     * @default 10_000
     */
    maxDelayMs?: number | undefined;
    /**
     * The share of a wait that is added at random, so that refused clients do not come back in step. 0 to 1.
     * @default 0.2
     */
    jitterFactor?: number | undefined;
    /**
     * Wait as long as the server says (`Retry-After` and its kin) instead of the backoff.
     * @default true
     */
    respectRetryAfter?: boolean | undefined;
    /**
     * The most that one call may spend waiting, over all its retries. 0 or more, `Infinity` allowed.
     * @default 30_000
     */
    maxElapsedMs?: number | undefined;
    /**
     * Consecutive failed calls that open the circuit. An integer, 1 or more.
     * @default 5
     */
    circuitBreakerThreshold?: number | undefined;
    /**
     * How long the circuit stays open before one call is let through as a probe. Finite, 0 or more.
     * @default 60_000
     */
    circuitResetMs?: number | undefined;
    /**
     * What counts as a refusal, asked about everything that a call rejects or resolves with.
     * @default the exported `isRateLimitError`, stricter about what resolves
     */
    // biome-ignore lint/suspicious/noExplicitAny: errors have no type, and a predicate that reads `error.status` should not need a cast
    isRateLimitError?: ((errorOrResult: any) => boolean) | undefined;
    /**
     * Where log lines go, `false` for nowhere.
     * @default console
     */
    logger?: Logger | false | undefined;
    /**
     * Where time and chance come from. For tests and simulations.
     * @default the real clock
     */
    clock?: Clock | undefined;
}

type Defaulted = Exclude<keyof RateLimitOptions, 'isRateLimitError' | 'logger'>;

/** The options as the engine uses them: checked, and complete. */
export interface ResolvedOptions extends Readonly<{ [Name in Defaulted]: Exclude<RateLimitOptions[Name], undefined> }> {
    readonly logger: Logger | false;
    readonly isRefusal: (value: unknown) => boolean;
    readonly isRefusedResult: (value: unknown) => boolean;
}

/** What an option falls back to, which also tells its type, and the range of a number. */
type Rule = readonly [fallback: unknown, isWhole?: boolean, most?: number, least?: number];

const FINITE = Number.MAX_VALUE;

const RULES: Record<keyof RateLimitOptions, Rule> = {
    maxRetries: [3, true],
    initialDelayMs: [100],
    maxDelayMs: [10_000],
    jitterFactor: [0.2, false, 1],
    respectRetryAfter: [true],
    maxElapsedMs: [30_000, false, Number.POSITIVE_INFINITY],
    circuitBreakerThreshold: [5, true, FINITE, 1],
    circuitResetMs: [60_000],
    isRateLimitError: [isRateLimitError],
    logger: [consoleLogger],
    clock: [systemClock],
};

/**
 * Checks options and fills in the defaults.
 *
 * @throws {TypeError} naming the option and the value when it is of the wrong type, or there is no such option
 * @throws {RangeError} naming the option and the value when it is out of range
 */
export function resolveOptions(options: RateLimitOptions = {}): ResolvedOptions {
    const given: Record<string, unknown> = { ...options };
    checkNames(given, Object.keys(RULES));
    const resolved: Record<string, unknown> = {};
    for (const [name, rule] of Object.entries(RULES)) resolved[name] = checked(name, given[name], rule);
    const predicate = options.isRateLimitError && guarded(options.isRateLimitError);
    return {
        ...(resolved as unknown as ResolvedOptions),
        isRefusal: predicate ?? isRateLimitError,
        isRefusedResult: predicate ?? isRateLimitResult,
    };
}

/** @throws {TypeError} naming the first option that there is not */
export function checkNames(options: object, known: readonly string[]): void {
    if (typeof options !== 'object' || options === null) refuse('options', 'an object', options);
    for (const [name, value] of Object.entries(options)) {
        if (!known.includes(name)) refuse(name, 'a known option', value);
    }
}

function checked(name: string, given: unknown, [fallback, isWhole, most = FINITE, least = 0]: Rule): unknown {
    const value = given === undefined ? fallback : given;
    if (name === 'logger' && value === false) return value;
    const functions = typeof fallback === 'object' ? Object.keys(fallback as object) : [];
    const missing = functions.find(key => typeof read(value, key) !== 'function');
    if (missing) refuse(name, `an object with a function ${missing}`, value);
    if (functions.length === 0 && typeof value !== typeof fallback) refuse(name, `a ${typeof fallback}`, value);
    if (typeof value === 'number') {
        if (!(value >= least)) refuse(name, `${least} or more`, value, RangeError);
        if (value > most) refuse(name, most === FINITE ? 'finite' : `${most} or less`, value, RangeError);
        if (isWhole && !Number.isInteger(value)) refuse(name, 'an integer', value, RangeError);
    }
    return value;
}

/**
 * A predicate that reads `error.status` throws when a call resolves with nothing: that is a no. What an inner wrapper has
 * given up on has status 429 as well, and is not asked about.
 */
function guarded(predicate: (value: unknown) => boolean): (value: unknown) => boolean {
    return value => {
        try {
            return !isOwnError(value) && predicate(value);
        } catch {
            return false;
        }
    };
}

/** Throws an error that says which option is wrong, what it must be, and what it is. */
export function refuse(name: string, must: string, value: unknown, ErrorClass = TypeError): never {
    throw new ErrorClass(`ra-rate-limit: ${name} must be ${must}, got ${quote(value)}`);
}

function quote(value: unknown): string {
    if (typeof value === 'string') return `"${value}"`;
    if (typeof value === 'function') return 'a function'; // its text is its source
    try {
        return String(value);
    } catch {
        return typeof value; // a module, for one, has no text
    }
}
