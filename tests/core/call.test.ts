import { expect, it } from 'vitest';
import { createCall } from '../../src/core/call';

it('a new call has been sent never and waited for nothing', () => {
    const context = { resourceName: 'contacts', operation: 'create' };

    expect(createCall(context)).toEqual({
        context,
        names: { resource: 'contacts', operation: 'create' },
        attempts: 0,
        sequence: 0,
        sentAt: 0,
        waitedMs: 0,
        notBefore: 0,
        cause: undefined,
    });
});

it('a name that is not known is undefined', () => {
    expect(createCall({ operation: 'ping' }).names).toStrictEqual({ resource: undefined, operation: 'ping' });
    expect(createCall({ resourceName: 'contacts' }).names).toStrictEqual({
        resource: 'contacts',
        operation: undefined,
    });
});
