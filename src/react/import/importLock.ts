import { ImportFailure } from './importFailure.js';

/** Imports of this page that were let go and are coming to their end, by their name. */
const ending = new Map<string, Promise<void>>();

/** A run whose screen is gone: the next one under its name waits for its end. */
export function letGo(name: string, run: Promise<unknown>): void {
    const ignore = () => {};
    ending.set(name, run.then(ignore, ignore));
}

export const endOfRun = (name: string): Promise<void> => ending.get(name) ?? Promise.resolve();

/**
 * Does something that only one may do at a time under a name, in all tabs of the site.
 *
 * @throws {ImportFailure} when another does it. Where browsers have no Web Locks, on insecure origins, or deny them, as they do
 * where nothing may be stored, it is not noticed.
 */
export async function withImportLock<T>(name: string, action: () => Promise<T>): Promise<T> {
    await endOfRun(name);
    let isDenied = true;
    try {
        return await navigator.locks.request(lockOf(name), { ifAvailable: true }, lock => {
            isDenied = false;
            if (!lock) throw new ImportFailure('runsElsewhere');
            return action();
        });
    } catch (error) {
        if (isDenied) return action();
        throw error;
    }
}

/** Whether somebody does something under a name at this moment, in any tab. No, where that cannot be known. */
export async function isLocked(name: string): Promise<boolean> {
    const state = await navigator.locks?.query().catch(() => undefined);
    return state?.held?.some(lock => lock.name === lockOf(name)) ?? false;
}

const lockOf = (name: string) => `ra-rate-limit: ${name}`;
