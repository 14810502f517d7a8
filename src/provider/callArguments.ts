import { read } from '../core/safely.js';

/**
 * The methods whose first argument is known to name a resource. Of any other method it may be anything, an e-mail
 * address or a token included, and must not show up in a log line.
 */
const RESOURCE_METHOD = /^(?:get(?:List|One|Many|ManyReference)|(?:create|update|delete)(?:Many)?)$/;

export function resourceOf(method: string, [resource]: readonly unknown[]): string | undefined {
    return RESOURCE_METHOD.test(method) && typeof resource === 'string' ? resource : undefined;
}

/** react-admin passes the signal in `params`; a custom method may take it in whichever argument it likes. */
export function signalOf(args: readonly unknown[]): AbortSignal | undefined {
    const signals = args.map(arg => read(arg, 'signal'));
    return signals.find(signal => signal instanceof AbortSignal);
}
