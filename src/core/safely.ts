/** Reads a property of anything: errors come from other people's code, and a getter that throws must do no harm. */
export function read(value: unknown, key: string): unknown {
    if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return undefined;
    try {
        return (value as Record<string, unknown>)[key];
    } catch {
        return undefined;
    }
}

/** `instanceof`, which a proxy can make throw. */
export function isA(value: unknown, type: new (...args: never[]) => object): boolean {
    try {
        return value instanceof type;
    } catch {
        return false;
    }
}

/** An error followed by its chain of causes, each once. */
export function causesOf(error: unknown): unknown[] {
    const chain = new Set<unknown>();
    for (let link = error; link != null && !chain.has(link) && chain.size < MAX_CAUSES; link = read(link, 'cause')) {
        chain.add(link);
    }
    return [...chain];
}

/** Deeper than any real chain: a getter that makes a new cause at each read must come to an end. */
const MAX_CAUSES = 16;
