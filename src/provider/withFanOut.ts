import { runBulk } from '../bulk/runBulk.js';
import { type Method, wrapMethods } from '../core/wrapMethods.js';
import { signalOf } from './callArguments.js';
import { getRateLimitService, SERVICE } from './withRateLimit.js';

/** The methods that take the `ids` of several records. */
const MANY: readonly string[] = ['updateMany', 'deleteMany'];

/**
 * Lets `updateMany` and `deleteMany` go one record at a time. It is for data providers that send a request for each record,
 * as `ra-data-simple-rest` and `ra-data-json-server` do: else a refusal in the midst of them sends all of them again, those
 * that had succeeded included.
 *
 * Each record is a call of the method with one id, and waits for its turn as the items of `runBulk` do: people's other calls
 * go first, and the rate limit costs no record. When one fails for a reason of its own, the method rejects with that once the
 * others have ended.
 *
 * @param dataProvider what `withRateLimit` made
 * @throws {TypeError} when it is anything else
 *
 * @example
 * const dataProvider = withFanOut(
 *     withRateLimit(simpleRestProvider(apiUrl, httpClient), { service: rateLimit }),
 * );
 */
export function withFanOut<Provider extends object>(dataProvider: Provider): Provider {
    const service = getRateLimitService(dataProvider);
    if (!service) throw new TypeError('ra-rate-limit: withFanOut needs the data provider that withRateLimit() made');

    const fanOut =
        (method: Method): Method =>
        async (...args) => {
            const [resource, params, ...others] = args as [unknown, { ids?: unknown } | undefined];
            const ids = params?.ids;
            if (!Array.isArray(ids)) return method.apply(dataProvider, args);
            const signal = signalOf(args);
            const changed: unknown[] = [];
            const { status, errors } = await runBulk(
                ids,
                async id => method.call(dataProvider, resource, { ...params, ids: [id] }, ...others),
                {
                    service,
                    signal,
                    onResult: result => {
                        if (result.outcome === 'succeeded') changed[result.index] = dataOf(result.value);
                    },
                },
            );
            if (errors[0]) throw errors[0].error;
            if (status === 'cancelled') throw signal?.reason ?? new DOMException('Disposed', 'AbortError');
            return { data: changed.flat() };
        };
    return wrapMethods(dataProvider, { key: SERVICE, value: service }, (name, method) =>
        MANY.includes(name) ? fanOut(method) : undefined,
    );
}

const dataOf = (result: unknown): unknown => (result as { data?: unknown }).data;
