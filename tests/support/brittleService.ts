import type { RateLimitOptions } from 'ra-rate-limit';
import { createService } from './createService';
import { refusal, rejectionOf, scriptedCall } from './scriptedCalls';

/** What a call that an open circuit ends or turns away rejects with. */
export const OPEN = {
    code: 'RATE_LIMIT_CIRCUIT_OPEN',
    message: 'Too many requests. Please wait 1-2 minutes before trying again.',
};

/** What a call that has given up rejects with. */
export const EXHAUSTED = { code: 'RATE_LIMIT_MAX_RETRIES_EXCEEDED' };

/** A service whose calls fail at the first refusal. */
export const createBrittle = (options: RateLimitOptions = {}) => {
    const created = createService({ maxRetries: 0, ...options });
    const { service, clock } = created;
    const fail = () => clock.resolve(rejectionOf(service.executeWithRetry(scriptedCall(clock, refusal()))));
    const open = async () => {
        while (!service.getCircuitState().isOpen) await fail();
    };
    const openAndWait = async () => {
        await open();
        await clock.advance(60_000);
    };
    const statusOf = () => service.getCircuitState().status;
    return { ...created, fail, open, openAndWait, statusOf };
};
