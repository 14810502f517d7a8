/**
 * The methods whose first argument is known to name a resource. Of any other method it may be anything, an e-mail
 * address or a token included, and must not show up in a log line.
 */
const RESOURCE_METHOD = /^(?:get(?:List|One|Many|ManyReference)|(?:create|update|delete)(?:Many)?)$/;

export const namesResource = (method: string): boolean => RESOURCE_METHOD.test(method);

/**
 * react-admin passes the signal in `params`; a custom method may take it as, or in, whichever argument it likes. The types of
 * react-admin's writes have no room for it but in `meta`.
 */
export function signalOf(args: readonly unknown[]): AbortSignal | undefined {
    try {
        for (const arg of args) {
            if (arg instanceof AbortSignal) return arg;
            const { signal, meta } = (arg ?? {}) as { signal?: unknown; meta?: { signal?: unknown } };
            if (signal instanceof AbortSignal) return signal;
            if (meta?.signal instanceof AbortSignal) return meta.signal;
        }
    } catch {
        // An argument that cannot be looked at has no signal for us.
    }
    return undefined;
}
