import { defaultMessages, type RateLimitMessages } from '../core/errors.js';
import { type RateLimitOptions, refuse } from '../core/options.js';
import { isThenable, read } from '../core/safely.js';
import { checkNoService, checkService, isService, RateLimitService } from '../core/service.js';
import { type Method, type MethodChoice, markOf, methodChooser, wrapMethods } from '../core/wrapMethods.js';
import { namesResource, signalOf } from './callArguments.js';

/** The options of `withRateLimit`, beside those of the service. */
export interface ProviderOptions {
    /**
     * Which methods are wrapped: their names, or a predicate. Names that the data provider does not have are logged.
     * @default every function except `getList`, `getOne`, `getMany` and `getManyReference`
     */
    methods?: MethodChoice | undefined;
    /**
     * A feature flag, read at each call: while false, calls go straight to the data provider. One that throws counts as
     * on.
     * @default true
     */
    enabled?: boolean | (() => boolean) | undefined;
    /**
     * What the errors say, for each code: a text, a translation key, or a function that makes one of the error's details.
     * One that throws, or makes no text, counts as absent.
     * @default the English texts
     */
    messages?: Partial<RateLimitMessages> | undefined;
}

/** Either a service to share, or the options of one of its own. */
export type WithRateLimitOptions = ProviderOptions &
    (
        | ({ service: RateLimitService } & { [Name in keyof RateLimitOptions]?: undefined })
        | (RateLimitOptions & { service?: undefined })
    );

/** The methods made here: wrapped again with the same service, they would wait for themselves. */
export const LIMITED = new WeakMap<Method, RateLimitService>();

/** An enumerable property of the wrapped provider, so that the copies that `{ ...dataProvider }` makes have it too. */
export const SERVICE = Symbol.for('ra-rate-limit');

/**
 * Wraps a data provider: what the server refuses with a 429 is sent again when the server is ready, and what finally
 * fails rejects with a `RateLimitError`. Returns a provider of the same type.
 *
 * @throws {TypeError} when the data provider is not an object, or an option is unknown or of the wrong type
 * @throws {RangeError} when an option is out of range
 *
 * @example
 * const dataProvider = withRateLimit(supabaseDataProvider({ instanceUrl, apiKey, supabaseClient }));
 */
export function withRateLimit<Provider extends object>(
    dataProvider: Provider,
    options: WithRateLimitOptions = {},
): Provider {
    checkNoService(options);
    const { service: shared, methods, enabled = true, messages, ...own } = options;
    const service = serviceFor(shared, own);
    const { dispatcher } = service;
    if (typeof enabled !== 'boolean' && typeof enabled !== 'function') {
        refuse('enabled', 'a boolean or a function', enabled);
    }
    checkMessages(messages);
    const isChosen = methodChooser(methods);
    const isEnabled = () => {
        try {
            return typeof enabled === 'function' ? enabled() : enabled;
        } catch {
            return true; // a flag that cannot be read must not cost a save
        }
    };

    // Learned from calls: a method that has never returned a promise has nothing to wait for. By name, since some wrappers of
    // react-admin make a function anew at each access.
    const isSync = new Map<string, boolean>();

    const wrapped = wrapMethods(dataProvider, { key: SERVICE, value: service }, (name, method) => {
        if (!isChosen(name) || LIMITED.get(method) === service) return undefined;
        const hasResource = namesResource(name);
        const wrapper: Method = (...args) => {
            const call = () => {
                const result = method.apply(dataProvider, args);
                if (isSync.get(name) !== false) isSync.set(name, !isThenable(result));
                return result;
            };
            if (!isEnabled()) return call();
            const resourceName = hasResource && typeof args[0] === 'string' ? args[0] : undefined;
            const context = { resourceName, operation: name, signal: signalOf(args), messages };
            if (!isSync.get(name)) return dispatcher.run(call, context);
            // What returns no promise sends nothing, and takes no turn. It is called at once, to see what it returns now.
            const result = call();
            return isThenable(result) ? dispatcher.complete(call, context, Promise.resolve(result)) : result;
        };
        LIMITED.set(wrapper, service);
        return wrapper;
    });
    // No error: a list may be shared, and a method may be added later.
    const listed = typeof methods === 'function' ? [] : (methods ?? []);
    const missing = listed.filter(name => typeof read(dataProvider, name) !== 'function');
    if (missing.length > 0) {
        dispatcher.monitor.log('warn', 'The data provider has no such methods', { methods: missing });
    }
    return wrapped;
}

/**
 * The service of a provider that `withRateLimit` made, or of a copy of one; `undefined` for any other.
 *
 * @example
 * const service = getRateLimitService(dataProvider);
 * service?.on('open', ({ openUntil }) => report(openUntil));
 */
export function getRateLimitService(dataProvider: unknown): RateLimitService | undefined {
    const service = markOf(dataProvider, SERVICE);
    return isService(service) ? service : undefined;
}

function checkMessages(messages: unknown): void {
    if (messages === undefined) return;
    if (typeof messages !== 'object' || messages === null) refuse('messages', 'an object', messages);
    for (const [code, message] of Object.entries(messages)) {
        const isKnown = code in defaultMessages && ['string', 'function', 'undefined'].includes(typeof message);
        if (!isKnown) refuse(`messages.${code}`, 'a text or a function for one of the two codes', message);
    }
}

/** The service to share, or one made with the options that are left. */
function serviceFor(service: RateLimitService | undefined, options: RateLimitOptions): RateLimitService {
    if (service === undefined) return new RateLimitService(options);
    checkService(service);
    for (const [name, value] of Object.entries(options)) {
        if (value !== undefined) refuse(name, 'given to the service', value);
    }
    return service;
}
