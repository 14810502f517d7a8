import { HttpError } from 'ra-core';
import { expect, test } from 'vitest';
import { createImportId, isOwnConflict, keyOfRow } from '../../../src/react/import/importKeys';

const UUID_8 = /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

test('keys are UUIDs, the same for the same row and another for each other', () => {
    const places = [0, 1, 255, 2 ** 32 + 1, Number.MAX_SAFE_INTEGER % 2 ** 48];
    for (let round = 0; round < 200; round++) {
        const importId = createImportId();
        const keys = places.map(place => keyOfRow(importId, place));

        for (const key of keys) expect(key).toMatch(UUID_8);
        expect(new Set(keys).size).toBe(places.length);
        expect(places.map(place => keyOfRow(importId, place))).toEqual(keys);
    }
});

test('the key ends with the place of the row', () => {
    expect(keyOfRow(createImportId(), 4095)).toMatch(/-000000000fff$/);
});

test('two imports have no key in common', () => {
    const ids = Array.from({ length: 10_000 }, createImportId);

    expect(new Set(ids).size).toBe(ids.length);
});

const KEY = keyOfRow(createImportId(), 7);
const CONSTRAINT = 'contacts_import_key_key';
const conflict = (message: string, body: object = {}) => new HttpError(message, 409, body);

test.each([
    [
        'PostgREST, which names the key',
        conflict('duplicate key', { details: `Key (import_key)=(${KEY}) already exists.` }),
    ],
    [
        'PostgREST, where the details may not be seen',
        conflict(`duplicate key value violates unique constraint "${CONSTRAINT}"`, { details: null }),
    ],
    ['a server that names the key in its message', conflict(`Duplicate entry '${KEY}' for key 'import_key'`)],
])('a row is in already, says %s', (_, error) => {
    expect(isOwnConflict(error, KEY, CONSTRAINT)).toBe(true);
});

test.each([
    ['another column', conflict('duplicate key', { details: 'Key (email)=(ada@example.com) already exists.' })],
    [
        'another column, by a server that repeats the record',
        conflict('The e-mail address is taken', { record: { import_key: KEY, email: 'ada@example.com' } }),
    ],
    ['another constraint of a similar name', conflict(`violates unique constraint "old_${CONSTRAINT}"`)],
    ['another status', new HttpError('bad request', 400, { details: `Key (import_key)=(${KEY}) is odd` })],
    ['no error at all', undefined],
])('a row is not in for a conflict about %s', (_, error) => {
    expect(isOwnConflict(error, KEY, CONSTRAINT)).toBe(false);
});
