import { withRateLimit } from 'ra-rate-limit';
import { simulateRateLimit } from 'ra-rate-limit/testing';

const server = { create: async (_resource, { data }) => ({ data: { id: 1, ...data } }) };

/** Refuses the first save. */
export const dataProvider = withRateLimit(simulateRateLimit(server, { next: 1, retryAfterMs: 1_000 }), {
    logger: false,
});
