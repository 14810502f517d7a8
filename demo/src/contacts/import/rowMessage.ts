import type { Text, TextKey } from '../../i18n/text';
import { labelOf } from './contactFields';

/** A row that did not get in, or of which nobody knows: an entry of `result.errors`. */
export interface RowError {
    error: unknown;
    outcome: 'failed' | 'unknown';
}

/** Why a row is not in the CRM, in plain words: for the person who has the file, not for who has the database. */
export function rowMessage({ error, outcome }: RowError, text: Text): string {
    if (outcome === 'unknown') return text('crm.import.outcomeUnknown');
    const { message, status, code } = read(error);
    if (status === 0 || NETWORK.test(message)) return text('crm.import.noConnection');
    // By its text: not every server sends the code of a check that failed.
    const check = /violates check constraint "contacts_(\w+)_check"/.exec(message);
    if (check) return text('crm.import.notAccepted', { field: labelOf(check[1] ?? '', text) });

    return byCode(code, message, text) ?? byStatus(status, text) ?? message;
}

/** What `fetch` says in Chromium, Firefox, Safari and Node; supabase-js puts the name before it. */
const NETWORK =
    /^(?:TypeError: )?(?:Failed to fetch|NetworkError when attempting to fetch resource|Load failed|fetch failed)/;

/** By the code of PostgreSQL, https://www.postgresql.org/docs/current/errcodes-appendix.html */
function byCode(code: unknown, message: string, text: Text): string | undefined {
    switch (code) {
        case '23505':
            return text('crm.import.duplicate');
        case '23503':
            return text('crm.import.deletedMeanwhile');
        case '23502': {
            const [, column] = /column "(\w+)"/.exec(message) ?? [];
            return text('crm.import.missing', { field: column ? labelOf(column, text) : text('crm.import.aValue') });
        }
        case '23514':
            return text('crm.import.aValueNotAccepted');
        case '22P02': {
            const [, type = '', value = ''] = /type (.+?): "(.*)"/s.exec(message) ?? [];
            return text('crm.import.notOfKind', { value, kind: text(KINDS[type] ?? 'crm.import.kindOf.other') });
        }
        case '22003':
            return text('crm.import.numberTooLarge');
        case '22001':
            return text('crm.import.textTooLong');
        case '22021':
        case '22P05':
            return text('crm.import.badCharacter');
        case '42501':
            return text('crm.import.notAllowed');
        case '57014':
            return text('crm.import.tooSlow');
        default:
            return undefined;
    }
}

const KINDS: Readonly<Record<string, TextKey>> = {
    bigint: 'crm.import.kindOf.wholeNumber',
    boolean: 'crm.import.kindOf.yesOrNo',
    integer: 'crm.import.kindOf.wholeNumber',
    numeric: 'crm.import.kindOf.number',
    uuid: 'crm.import.kindOf.rowKey',
};

function byStatus(status: unknown, text: Text): string | undefined {
    switch (status) {
        case 401:
            return text('crm.import.signedOut');
        case 403:
            return text('crm.import.notAllowed');
        case 409:
            return text('crm.import.duplicate');
        case 413:
            return text('crm.import.tooLarge');
        case 429:
            return text('crm.import.tooBusy');
        default:
            return typeof status === 'number' && status >= 500
                ? text('crm.import.serverProblem', { status })
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
