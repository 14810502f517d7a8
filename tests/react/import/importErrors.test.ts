import axios, { AxiosError, type AxiosResponse } from 'axios';
import { HttpError } from 'ra-core';
import { InvalidRowError } from 'ra-rate-limit/react';
import { expect, test } from 'vitest';
import { reviveError, storeError } from '../../../src/react/import/importErrors';

/** As the adapters of axios end. */
const settle = (response: AxiosResponse): AxiosResponse => {
    throw new AxiosError('No', AxiosError.ERR_BAD_REQUEST, response.config, undefined, response);
};

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

test('of an invalid row, the fields are kept, and what goes into their messages', () => {
    expect(keep(new InvalidRowError('name: short', { name: 'short' }, { name: { min: 2 } }))).toMatchObject({
        name: 'InvalidRowError',
        message: 'name: short',
        fields: { name: 'short' },
        args: { name: { min: 2 } },
    });
});

test('an object that is no error, as supabase-js has them, becomes one with its properties', () => {
    const error = { code: '23505', message: 'duplicate key', status: 409 };

    expect(keep(error)).toBeInstanceOf(Error);
    expect(keep(error)).toMatchObject(error);
});

test.each([
    ['a text', 'No', 'No'],
    ['nothing', undefined, 'undefined'],
    ['null', null, 'null'],
])('%s becomes an error', (_, error, message) => {
    expect(keep(error)).toEqual(new Error(message));
});

test('of what is known to tell the reason, that which cannot be kept is left out', () => {
    const error = Object.assign(new Error('No'), { code: () => {}, details: 1n, status: 500, body: {} as object });
    error.body = error;

    const kept = keep(error);

    expect(kept).toMatchObject({ message: 'No', status: 500 });
    expect(kept).not.toHaveProperty('code');
    expect(kept).not.toHaveProperty('details');
    expect(kept).not.toHaveProperty('body');
});

test('of an error of axios, the request with its token is not kept', async () => {
    const refuse = () => Promise.resolve({ status: 400, statusText: 'No', data: {}, headers: {} });
    const error = await axios
        .post(
            'https://api.example.com/contacts',
            { name: 'Ada' },
            {
                headers: { Authorization: 'Bearer secret' },
                adapter: async config => settle({ ...(await refuse()), config }),
            },
        )
        .catch((reason: unknown) => reason);

    expect(JSON.stringify(error)).toContain('secret');
    expect(JSON.stringify(storeError(error))).not.toContain('secret');
    expect(keep(error)).toMatchObject({ name: 'AxiosError', status: 400, code: 'ERR_BAD_REQUEST' });
});
