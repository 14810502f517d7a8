import { HttpError } from 'ra-core';
import { InvalidRowError } from 'ra-rate-limit/react';
import { expect, test } from 'vitest';
import { reviveError, storeError } from '../../src/react/importErrors';

/** As IndexedDB does it. */
const keep = (error: unknown) => reviveError(structuredClone(storeError(error)));

test('of an error of the data provider, message, status and body are kept', () => {
    const kept = keep(new HttpError('No', 400, { code: '23514', details: ['a'] }));

    expect(kept).toBeInstanceOf(Error);
    expect(kept).toMatchObject({
        name: 'HttpError',
        message: 'No',
        status: 400,
        body: { code: '23514', details: ['a'] },
    });
});

test('of an invalid row, the fields are kept', () => {
    expect(keep(new InvalidRowError('name: missing', { name: 'missing' }))).toMatchObject({
        name: 'InvalidRowError',
        message: 'name: missing',
        fields: { name: 'missing' },
    });
});

test('an object that is no error stays one', () => {
    const error = { code: '23505', message: 'duplicate key', status: 409 };

    expect(keep(error)).toEqual(error);
});

test.each([
    ['a text', 'No', 'No'],
    ['nothing', undefined, 'undefined'],
    ['null', null, 'null'],
])('%s becomes an error', (_, error, message) => {
    expect(keep(error)).toEqual(new Error(message));
});

test('what cannot be kept is left out', () => {
    const error = Object.assign(new Error('No'), { retry: () => {}, size: 1n, status: 500, self: {} as object });
    error.self = error;

    const kept = keep(error);

    expect(kept).toMatchObject({ message: 'No', status: 500 });
    expect(kept).not.toHaveProperty('retry');
    expect(kept).not.toHaveProperty('size');
    expect(kept).not.toHaveProperty('self');
});
