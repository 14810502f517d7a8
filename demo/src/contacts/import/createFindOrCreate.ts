import type { Identifier } from 'react-admin';

/** Finds what has this name, or creates it, and says its id. */
export type FindOrCreate = (name: string, signal?: AbortSignal) => Promise<Identifier>;

/**
 * Asks once for each name, however it is written and however many rows name it at the same moment: the first one calls,
 * the others wait for its answer. A call that failed is forgotten, so that the next row tries again.
 */
export function createFindOrCreate(
    getOrCreate: (name: string, options: { signal?: AbortSignal | undefined }) => Promise<{ id: Identifier }>,
): FindOrCreate {
    const found = new Map<string, Promise<Identifier>>();
    return (name, signal) => {
        const wanted = name.normalize().trim().replaceAll(/\s+/g, ' ');
        const key = wanted.toLowerCase();
        const known = found.get(key);
        if (known !== undefined) return known;
        const id = getOrCreate(wanted, { signal }).then(record => record.id);
        found.set(key, id);
        id.catch(() => found.delete(key));
        return id;
    };
}
