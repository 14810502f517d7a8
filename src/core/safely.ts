/** Reads a property of anything: errors come from other people's code, and a getter that throws must do no harm. */
export function read(value: unknown, key: string): unknown {
    try {
        return (value as Record<string, unknown> | null | undefined)?.[key];
    } catch {
        return undefined;
    }
}

export const isThenable = <T>(value: PromiseLike<T> | T): value is PromiseLike<T> =>
    value instanceof Promise || typeof read(value, 'then') === 'function';

/** Calls something of the user's: an error of it, thrown or of its promise, is told and costs nothing. */
export function callSafely(call: () => unknown, tell: (error: unknown) => void): void {
    try {
        const result = call();
        if (result instanceof Promise) result.catch(tell);
    } catch (error) {
        tell(error);
    }
}

/** A number or a text as a text; of anything else an empty one. */
export const toText = (value: unknown): string =>
    typeof value === 'number' || typeof value === 'string' ? `${value}` : '';

/** Deeper than any real chain: one that leads back to itself, or grows at each read, must come to an end. */
const MAX_CAUSES = 16;

/** An error followed by its chain of causes. */
export function causesOf(error: unknown): unknown[] {
    const chain: unknown[] = [];
    for (let link = error; link != null && chain.length < MAX_CAUSES; link = read(link, 'cause')) chain.push(link);
    return chain;
}
