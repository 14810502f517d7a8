import { fnv1a } from '../core/fnv1a.js';
import { refuse } from '../core/options.js';

/**
 * Whether somebody takes part in a gradual rollout. The same key always gets the same answer, keys of any shape are
 * spread evenly, and who is in at 10 % is in at 20 %. Nothing is stored.
 *
 * The hash is FNV-1a (32 bits, https://www.rfc-editor.org/rfc/rfc9923) over the UTF-16 code units of the key, with the
 * finaliser of MurmurHash3, so that keys that differ in a digit alone are spread too.
 *
 * @param key such as the id of the user; 7 and `'7'` are the same. Put a name in front of it (`` `dark-mode:${id}` ``)
 * where several rollouts must not begin with the same people
 * @param percent how many of a hundred take part, 0 to 100; fractions count
 * @throws {TypeError} when the key is neither a string nor a number, or the percentage not a number
 * @throws {RangeError} when the percentage is not from 0 to 100
 *
 * @example
 * // A flag that throws counts as on, so ask for the id only where somebody is signed in.
 * withRateLimit(dataProvider, { enabled: () => rolloutByKey(userId, 10) });
 */
export function rolloutByKey(key: string | number, percent: number): boolean {
    if (typeof key !== 'string' && typeof key !== 'number') refuse('key', 'a string or a number', key);
    if (typeof percent !== 'number') refuse('percent', 'a number', percent);
    if (!(percent >= 0 && percent <= 100)) refuse('percent', 'from 0 to 100', percent, RangeError);
    return spread(fnv1a(`${key}`)) / 2 ** 32 < percent / 100;
}

/** The finaliser of MurmurHash3. */
function spread(hash: number): number {
    let bits = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
    bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
    return (bits ^ (bits >>> 16)) >>> 0;
}
