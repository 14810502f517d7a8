import { read } from '../core/safely.js';
import { type Method, wrapMethods } from '../core/wrapMethods.js';
import { getRateLimitService, LIMITED, SERVICE } from './withRateLimit.js';

/** The methods that take the `ids` of several records. */
const MANY: readonly string[] = ['updateMany', 'deleteMany'];

/**
 * Makes each record of `updateMany` and `deleteMany` a call of its own, of the same method with one id. It is for data
 * providers that send a request for each record, as `ra-data-simple-rest` and `ra-data-json-server` do: refused in the midst
 * of them, the whole call would be repeated, with the records that were done already.
 *
 * The calls leave at the pace that the server accepts. When some fail, the method rejects with the first error once all have
 * ended.
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

    return wrapMethods(dataProvider, { key: SERVICE, value: service }, (name, method) => {
        if (!MANY.includes(name)) return undefined;
        const fanOut: Method = async (...args) => {
            const [resource, params, ...others] = args;
            const ids = read(params, 'ids');
            if (!Array.isArray(ids)) return method.apply(dataProvider, args);
            const results = await Promise.allSettled(
                ids.map(async id =>
                    method.call(dataProvider, resource, { ...(params as object), ids: [id] }, ...others),
                ),
            );
            const failed = results.find(({ status }) => status === 'rejected');
            if (failed) throw read(failed, 'reason');
            return { data: results.flatMap(result => read(read(result, 'value'), 'data') ?? []) };
        };
        LIMITED.set(fanOut, service);
        return fanOut;
    });
}
