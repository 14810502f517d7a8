import { HttpError } from 'ra-core';
import { RateLimitError } from 'ra-rate-limit';
import { describe, expect, test } from 'vitest';
import { rowMessage } from '../../demo/src/contacts/import/rowMessage.ts';
import { englishText } from './englishText.ts';

const messageFor = (error: unknown) => rowMessage({ error, outcome: 'failed' }, englishText);

/** What a data provider throws for an error of the database. */
const databaseError = (status: number, code: string, message: string) =>
    new HttpError(message, status, { code, message, details: null, hint: null });

describe('an error of the database', () => {
    const phoneCheck = 'new row for relation "contacts" violates check constraint "contacts_phone_check"';

    test.each([
        [409, '23505', 'duplicate key value violates unique constraint "x"', 'There is one like this already'],
        [
            409,
            '23503',
            'insert or update on table "contacts" violates foreign key constraint "contacts_company_id_fkey"',
            'Its company or one of its tags has been deleted meanwhile: import this row again',
        ],
        [
            400,
            '23502',
            'null value in column "last_name" of relation "contacts" violates not-null constraint',
            'Last name: missing',
        ],
        [400, '23502', 'null value in column "region" of relation "contacts" violates…', 'region: missing'],
        [400, '23514', phoneCheck, 'Phone: the database does not accept this value'],
        [500, 'SUP', `error: ${phoneCheck}`, 'Phone: the database does not accept this value'],
        [
            400,
            '23514',
            'new row for relation "contacts" violates check constraint "adults_only"',
            'The database does not accept one of its values',
        ],
        [400, '22P02', 'invalid input syntax for type bigint: "ten"', '"ten" is not a whole number'],
        [400, '22P02', 'invalid input syntax for type boolean: "maybe"', '"maybe" is not yes or no'],
        [400, '22P02', 'invalid input syntax for type inet: "x"', '"x" is not a value of the right kind'],
        [400, '22003', 'integer out of range', 'A number in it is too large'],
        [400, '22001', 'value too long for type character varying(5)', 'A text in it is too long'],
        [400, '22021', 'invalid byte sequence for encoding "UTF8": 0x00', 'It has a character that cannot be saved'],
        [400, '22P05', 'unsupported Unicode escape sequence', 'It has a character that cannot be saved'],
        [401, '42501', 'permission denied for table contacts', 'You are not allowed to create contacts'],
        [
            500,
            '57014',
            'canceling statement due to statement timeout',
            'The database took too long: import this row again later',
        ],
        [400, '22023', 'A company needs a name', 'A company needs a name'],
    ])('%i %s %s', (status, code, message, expected) => {
        expect(messageFor(databaseError(status, code, message))).toBe(expected);
    });
});

describe('an error of the server', () => {
    test.each([
        [401, 'You are signed out: sign in and import this row again'],
        [403, 'You are not allowed to create contacts'],
        [409, 'There is one like this already'],
        [413, 'It is too large for the server'],
        [429, 'The server is too busy: import this row again later'],
        [503, 'The server has a problem (503): import this row again later'],
    ])('%i', (status, expected) => {
        expect(messageFor(new HttpError('Whatever', status))).toBe(expected);
    });

    test('the rate limit', () => {
        const details = { code: 'RATE_LIMIT_CIRCUIT_OPEN', message: 'Whatever', retryAfterMs: 1, attempts: 0 } as const;

        expect(messageFor(new RateLimitError(details))).toBe('The server is too busy: import this row again later');
    });
});

describe('no connection', () => {
    test.each([
        ['Chromium', new TypeError('Failed to fetch')],
        ['Firefox', new TypeError('NetworkError when attempting to fetch resource.')],
        ['Safari', new TypeError('Load failed')],
        ['Node', new TypeError('fetch failed')],
        ['an RPC', new HttpError('TypeError: Failed to fetch', 0)],
    ])('%s, before anything was saved', (_, error) => {
        expect(messageFor(error)).toBe('No connection to the server: import this row again');
    });

    test('when nobody knows what became of the row, whatever the error', () => {
        expect(rowMessage({ error: new HttpError('Gateway Timeout', 504), outcome: 'unknown' }, englishText)).toBe(
            'The connection was lost before the server answered. Look whether the contact is there before you import it again',
        );
    });
});

describe('any other error', () => {
    test.each([
        ['that of a bad row', new Error('First name: missing'), 'First name: missing'],
        ['one without a message', 'stopped', 'stopped'],
        ['nothing at all', undefined, 'undefined'],
    ])('%s', (_, error, expected) => {
        expect(messageFor(error)).toBe(expected);
    });
});
