import { createContext, type ReactNode } from 'react';
import { checkService, type RateLimitService } from '../core/service.js';

export const RateLimitContext = createContext<RateLimitService | undefined>(undefined);

export interface RateLimitContextProviderProps {
    service: RateLimitService;
    children: ReactNode;
}

/**
 * Hands a service to the hooks below it. Only needed where the data provider of `<Admin>` does not carry it: when it
 * was combined from several, or for parts of the screen that are about another rate limit.
 *
 * @throws {TypeError} when the service is none
 */
export const RateLimitContextProvider = ({ service, children }: RateLimitContextProviderProps) => {
    checkService(service);
    return <RateLimitContext.Provider value={service}>{children}</RateLimitContext.Provider>;
};
