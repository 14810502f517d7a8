import type { RateLimitMessages } from '../core/errors.js';
import { type RateLimitOptions, refuse } from '../core/options.js';
import { RateLimitService } from '../core/service.js';
import { namesResource, signalOf } from './callArguments.js';

/** The options of `withRateLimit`, beside those of the service. */
export interface ProviderOptions {
    /**
     * Which methods are wrapped: their names, or a predicate.
     * @default every function except `getList`, `getOne`, `getMany` and `getManyReference`
     */
    methods?: readonly string[] | ((method: string) => boolean) | undefined;
    /**
     * A feature flag, read at each call: while false, calls go straight to the data provider. One that throws counts as
     * on.
     * @default true
     */
    enabled?: boolean | (() => boolean) | undefined;
    /**
     * What the errors say, for each code: a text, a translation key, or a function that makes one of the error's details.
     * One that throws counts as absent.
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

type Method = (...args: unknown[]) => unknown;

const READ = /^get(?:List|One|Many|ManyReference)$/;

/** The methods made here: wrapped again with the same service, they would wait for themselves. */
const LIMITED = new WeakMap<Method, RateLimitService>();

/** An enumerable property of the wrapped provider, so that the copies that `{ ...dataProvider }` makes have it too. */
const SERVICE = Symbol.for('ra-rate-limit');

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
    if (typeof dataProvider !== 'object' || dataProvider === null || dataProvider instanceof Promise) {
        refuse('dataProvider', 'an object', dataProvider);
    }
    const { service: shared, methods, enabled = true, messages, ...own } = options;
    const service = serviceFor(shared, own);
    if (methods !== undefined && typeof methods !== 'function' && !Array.isArray(methods)) {
        refuse('methods', 'an array or a function', methods);
    }
    if (typeof enabled !== 'boolean' && typeof enabled !== 'function') {
        refuse('enabled', 'a boolean or a function', enabled);
    }
    const isChosen =
        typeof methods === 'function' ? methods : (name: string) => methods?.includes(name) ?? !READ.test(name);
    const isLimited = (name: string) => !(name in Object.prototype) && isChosen(name);

    const isEnabled = () => {
        try {
            return typeof enabled === 'function' ? enabled() : enabled;
        } catch {
            return true; // a flag that cannot be read must not cost a save
        }
    };

    const limit = (name: string, method: Method): Method => {
        const hasResource = namesResource(name);
        // Learned from the last call: a method that returns no promise has nothing to wait for.
        let isSync = false;
        const wrapper = (...args: unknown[]) => {
            const call = () => method.apply(dataProvider, args);
            if (!isEnabled()) return call();
            const resourceName = hasResource && typeof args[0] === 'string' ? args[0] : undefined;
            const result = service.run(
                call,
                { resourceName, operation: name, signal: signalOf(args), messages },
                isSync,
            );
            isSync = !(result instanceof Promise);
            return result;
        };
        LIMITED.set(wrapper, service);
        return wrapper;
    };

    const bound = new Map<PropertyKey, { method: Method; wrapper: Method }>();
    const bind = (key: PropertyKey, method: Method): Method => {
        const isOurs = typeof key === 'string' && isLimited(key) && LIMITED.get(method) !== service;
        const wrapper = isOurs ? limit(key, method) : method.bind(dataProvider);
        bound.set(key, { method, wrapper });
        return wrapper;
    };

    const get = (key: PropertyKey): unknown => {
        const value = (dataProvider as Record<PropertyKey, unknown>)[key];
        const known = bound.get(key);
        if (known?.method === value && known) return known.wrapper;
        if (key === SERVICE) return service;
        if (key === 'then') return undefined; // some wrappers of react-admin answer any name with a function
        return typeof value === 'function' && key !== 'constructor' ? bind(key, value as Method) : value;
    };

    // The target is an empty object, not the provider: a proxy may not answer for the properties of a frozen target.
    return new Proxy({} as Provider, {
        get: (_, key) => get(key),
        has: (_, key) => key in dataProvider,
        set: (_, key, value) => Reflect.set(dataProvider, key, value),
        defineProperty: (_, key, descriptor) => Reflect.defineProperty(dataProvider, key, descriptor),
        getPrototypeOf: () => Reflect.getPrototypeOf(dataProvider),
        ownKeys: () => [...keysOf(dataProvider)],
        getOwnPropertyDescriptor: (_, key) => {
            if (!keysOf(dataProvider).has(key)) return undefined;
            const enumerable = Reflect.getOwnPropertyDescriptor(dataProvider, key)?.enumerable ?? true;
            return { value: get(key), enumerable, configurable: true, writable: true };
        },
    });
}

/**
 * The service of a provider that `withRateLimit` made, or of a copy of one; `undefined` for any other.
 *
 * @example
 * const service = getRateLimitService(dataProvider);
 * service?.on('open', ({ openUntil }) => report(openUntil));
 */
export function getRateLimitService(dataProvider: unknown): RateLimitService | undefined {
    if (typeof dataProvider !== 'object' || dataProvider === null) return undefined;
    // By its descriptor: some wrappers of react-admin answer any property with a function.
    const service: unknown = Reflect.getOwnPropertyDescriptor(dataProvider, SERVICE)?.value;
    return service instanceof RateLimitService ? service : undefined;
}

/** The service to share, or one made with the options that are left. */
function serviceFor(service: RateLimitService | undefined, options: RateLimitOptions): RateLimitService {
    if (service === undefined) return new RateLimitService(options);
    if (!(service instanceof RateLimitService)) refuse('service', 'a RateLimitService', service);
    for (const [name, value] of Object.entries(options)) {
        if (value !== undefined) refuse(name, 'given to the service', value);
    }
    return service;
}

/** What a copy of the wrapped provider has: its properties, the methods of its class, and the service. */
function keysOf(dataProvider: object): Set<string | symbol> {
    const keys = new Set<string | symbol>([...Reflect.ownKeys(dataProvider), SERVICE]);
    let prototype = Reflect.getPrototypeOf(dataProvider);
    for (; prototype && prototype !== Object.prototype; prototype = Reflect.getPrototypeOf(prototype)) {
        for (const [key, { value }] of Object.entries(Object.getOwnPropertyDescriptors(prototype))) {
            if (typeof value === 'function' && key !== 'constructor') keys.add(key);
        }
    }
    return keys;
}
