import { createContext, type ReactNode } from 'react';
import type { RateLimitService } from '../core/service.js';

export const RateLimitContext = createContext<RateLimitService | undefined>(undefined);

export interface RateLimitContextProviderProps {
    service: RateLimitService;
    children: ReactNode;
}

/**
 * Hands a service to the hooks below it. Only needed where the data provider of `<Admin>` does not carry it: when it
 * was combined from several, or for parts of the screen that are about another rate limit.
 */
export const RateLimitContextProvider = ({ service, children }: RateLimitContextProviderProps) => (
    <RateLimitContext.Provider value={service}>{children}</RateLimitContext.Provider>
);
