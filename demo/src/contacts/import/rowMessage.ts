import { labelOf } from './contactFields';

/** A row that did not get in, or of which nobody knows: an entry of `result.errors`. */
export interface RowError {
    error: unknown;
    outcome: 'failed' | 'unknown';
}

/** Why a row is not in the CRM, in plain words: for the person who has the file, not for who has the database. */
export function rowMessage({ error, outcome }: RowError): string {
    if (outcome === 'unknown') {
        return 'The connection was lost before the server answered. Look whether the contact is there before you import it again';
    }
    const { message, status, code } = read(error);
    if (status === 0 || NETWORK.test(message)) return 'No connection to the server: import this row again';
    // By its text: not every server sends the code of a check that failed.
    const check = /violates check constraint "contacts_(\w+)_check"/.exec(message);
    if (check) return `${labelOf(check[1] ?? '')}: the database does not accept this value`;

    return byCode(code, message) ?? byStatus(status) ?? message;
}

/** What `fetch` says in Chromium, Firefox, Safari and Node; supabase-js puts the name before it. */
const NETWORK =
    /^(?:TypeError: )?(?:Failed to fetch|NetworkError when attempting to fetch resource|Load failed|fetch failed)/;

/** By the code of PostgreSQL, https://www.postgresql.org/docs/current/errcodes-appendix.html */
function byCode(code: unknown, message: string): string | undefined {
    switch (code) {
        case '23505':
            return 'There is one like this already';
        case '23503':
            return 'Its company or one of its tags has been deleted meanwhile: import this row again';
        case '23502':
            return `${labelOf(/column "(\w+)"/.exec(message)?.[1] ?? 'A value')}: missing`;
        case '23514':
            return 'The database does not accept one of its values';
        case '22P02': {
            const [, type = '', value = ''] = /type (.+?): "(.*)"/s.exec(message) ?? [];
            return `"${value}" is not ${KINDS[type] ?? 'a value of the right kind'}`;
        }
        case '22003':
            return 'A number in it is too large';
        case '22001':
            return 'A text in it is too long';
        case '22021':
        case '22P05':
            return 'It has a character that cannot be saved';
        case '42501':
            return 'You are not allowed to create contacts';
        case '57014':
            return 'The database took too long: import this row again later';
        default:
            return undefined;
    }
}

const KINDS: Readonly<Record<string, string>> = {
    bigint: 'a whole number',
    boolean: 'yes or no',
    integer: 'a whole number',
    numeric: 'a number',
    uuid: 'a key of a row',
};

function byStatus(status: unknown): string | undefined {
    switch (status) {
        case 401:
            return 'You are signed out: sign in and import this row again';
        case 403:
            return 'You are not allowed to create contacts';
        case 409:
            return 'There is one like this already';
        case 413:
            return 'It is too large for the server';
        case 429:
            return 'The server is too busy: import this row again later';
        default:
            return typeof status === 'number' && status >= 500
                ? `The server has a problem (${status}): import this row again later`
                : undefined;
    }
}

/** What an HttpError of a data provider tells, or any other error. */
function read(error: unknown) {
    const { message, status, body } = Object(error) as {
        message?: unknown;
        status?: unknown;
        body?: { code?: unknown };
    };
    return { message: String(message ?? error), status, code: body?.code };
}
