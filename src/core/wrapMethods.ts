import { refuse } from './options.js';
import { read } from './safely.js';

export type Method = (...args: unknown[]) => unknown;

/** Names of methods, or a predicate. */
export type MethodChoice = readonly string[] | ((method: string) => boolean);

/** The methods made here: they need no `this`, and stay what they are in a wrapper around a wrapper. */
const MADE = new WeakSet<Method>();

/** The reads of react-admin, by their names. */
export const isRead = (method: string | undefined): boolean =>
    /^get(?:List|One|Many|ManyReference)$/.test(method ?? '');

/** @returns whether a method is chosen, by default every one but the reads that react-admin repeats by itself */
export function methodChooser(methods: MethodChoice | undefined): (method: string) => boolean {
    if (typeof methods === 'function') return methods;
    if (methods !== undefined && !(Array.isArray(methods) && methods.every(name => typeof name === 'string'))) {
        refuse('methods', 'an array or a function', methods);
    }
    return name => methods?.includes(name) ?? !isRead(name);
}

/**
 * An object that stands for another and has other methods. It keeps `this`, the methods of classes, private fields and
 * the identity of its methods, follows what is later set on either, and can be spread.
 *
 * @param mark an enumerable property of its own, so that the copies that `{ ...object }` makes have it as well
 * @param wrap the other method, or `undefined` where it stays as it is
 */
export function wrapMethods<Wrapped extends object>(
    object: Wrapped,
    mark: { key: string | symbol; value: unknown },
    wrap: (name: string, method: Method) => Method | undefined,
): Wrapped {
    if (typeof object !== 'object' || object === null || object instanceof Promise) {
        refuse('dataProvider', 'an object', object);
    }
    const bound = new Map<PropertyKey, { method: Method; wrapper: Method }>();
    const bind = (key: PropertyKey, method: Method): Method => {
        const isOurs = typeof key === 'string' && !(key in Object.prototype);
        const wrapper = (isOurs && wrap(key, method)) || (MADE.has(method) ? method : method.bind(object));
        MADE.add(wrapper);
        // Its name, and what else it has: some clients are functions with methods of their own, as those of axios.
        Object.defineProperties(wrapper, Object.getOwnPropertyDescriptors(method));
        bound.set(key, { method, wrapper });
        return wrapper;
    };

    const get = (key: PropertyKey): unknown => {
        const value = (object as Record<PropertyKey, unknown>)[key];
        const known = bound.get(key);
        if (known && known.method === value) return known.wrapper;
        // A method that was added can be replaced.
        if (key === mark.key && (typeof key === 'symbol' || !(key in object))) return mark.value;
        if (key === 'then') return undefined; // some wrappers of react-admin answer any name with a function
        return typeof value === 'function' && key !== 'constructor' ? bind(key, value as Method) : value;
    };
    const keys = () => keysOf(object).add(mark.key);

    // The target is an empty object, not the provider: a proxy may not answer for the properties of a frozen target.
    return new Proxy({} as Wrapped, {
        get: (_, key) => get(key),
        has: (_, key) => key === mark.key || key in object,
        set: (_, key, value) => Reflect.set(object, key, value),
        defineProperty: (_, key, descriptor) => Reflect.defineProperty(object, key, descriptor),
        deleteProperty: (_, key) => Reflect.deleteProperty(object, key),
        preventExtensions: () => false,
        getPrototypeOf: () => Reflect.getPrototypeOf(object),
        ownKeys: () => [...keys()],
        getOwnPropertyDescriptor: (_, key) => {
            if (!keys().has(key)) return undefined;
            const enumerable = Reflect.getOwnPropertyDescriptor(object, key)?.enumerable ?? true;
            return { value: get(key), enumerable, configurable: true, writable: true };
        },
    });
}

/** The value of the mark of a wrapped object, or of a copy of one. */
export function markOf(object: unknown, key: symbol): unknown {
    if (typeof object !== 'object' || object === null) return undefined;
    // By its descriptor: some wrappers of react-admin answer any property with a function.
    return Reflect.getOwnPropertyDescriptor(object, key)?.value;
}

/** What a copy of the object has: its properties, and the methods and getters of its class. */
function keysOf(object: object): Set<string | symbol> {
    const keys = new Set<string | symbol>(Reflect.ownKeys(object));
    let prototype = Reflect.getPrototypeOf(object);
    for (; prototype && prototype !== Object.prototype; prototype = Reflect.getPrototypeOf(prototype)) {
        for (const key of Object.getOwnPropertyNames(prototype)) {
            // A getter that throws must not cost the copy.
            if (key !== 'constructor' && read(object, key) !== undefined) keys.add(key);
        }
    }
    return keys;
}
