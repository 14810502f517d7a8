import { DataProviderContext } from 'ra-core';
import { useContext } from 'react';
import type { RateLimitService } from '../core/service.js';
import { getRateLimitService } from '../provider/withRateLimit.js';
import { RateLimitContext } from './RateLimitContext.js';

/**
 * The service of the nearest `<RateLimitContextProvider>`, else that of the data provider of `<Admin>`.
 *
 * @throws {Error} when there is none, with what to do
 */
export function useRateLimitService(): RateLimitService {
    const fromContext = useContext(RateLimitContext);
    // Not useDataProvider(): that needs the whole of <Admin> around it, and puts a proxy of its own in front.
    const dataProvider = useContext(DataProviderContext);
    const service = fromContext ?? getRateLimitService(dataProvider);
    if (!service) {
        throw new Error(
            'ra-rate-limit: no rate limit service found. Use it inside of <Admin>, with the result of withRateLimit() as its ' +
                'dataProvider, or, if that is combined or wrapped again, put <RateLimitContextProvider service={service}> around the app',
        );
    }
    return service;
}
