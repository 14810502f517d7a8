import { NotSent } from '../../src/bulk/ambiguity';
import type { BulkSession } from '../../src/core/call';

/** A run that has just begun, and what cancels it. */
export function createSession(overrides: Partial<BulkSession> = {}) {
    const controller = new AbortController();
    const session: BulkSession = {
        signal: controller.signal,
        cancel: () => controller.abort(),
        notSent: new NotSent(),
        isPaused: false,
        rateLimited: 0,
        retries: 0,
        ...overrides,
    };
    return { session, controller };
}
