import { expect, it } from 'vitest';
import { createCall } from '../../src/core/call';

it('a new call has been sent never and waited for nothing', () => {
    const context = { resourceName: 'contacts', operation: 'create' };

    expect(createCall(context)).toEqual({
        context,
        names: { resource: 'contacts', operation: 'create' },
        attempts: 0,
        sequence: 0,
        waitedMs: 0,
        notBefore: 0,
        cause: undefined,
    });
});

it('a name that is not known is left out, not undefined', () => {
    expect(Object.keys(createCall({ operation: 'ping' }).names)).toEqual(['operation']);
    expect(Object.keys(createCall({ resourceName: 'contacts' }).names)).toEqual(['resource']);
});
