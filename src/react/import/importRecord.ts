import { refuse } from '../../core/options.js';
import { read } from '../../core/safely.js';
import type { RowErrors, UseBulkImportOptions } from '../useBulkImport.js';
import type { ImportItem } from './importCheckpoint.js';

/** A row as it is sent. */
export interface PreparedItem<Row> extends ImportItem<Row> {
    /** `null` when there is nothing to send. */
    record: object | null;
}

/** The error of a row that `validate` found wrong. */
export class InvalidRowError extends Error {
    /** What is wrong, by field: the message, or its key. Empty when it is about the row as a whole. */
    readonly fields: Readonly<Record<string, string>>;
    /** What goes into those messages, for fields whose message has such. */
    readonly args: Readonly<Record<string, object>>;

    constructor(message: string, fields: Record<string, string> = {}, args: Record<string, object> = {}) {
        super(message);
        this.name = 'InvalidRowError';
        this.fields = fields;
        this.args = args;
    }
}

/**
 * Whether an error says no more than what is wrong by field. Also one that was kept over a reload, of whose class only the
 * name is left.
 */
export const isInvalidByField = (error: unknown): error is Pick<InvalidRowError, 'fields'> & Partial<InvalidRowError> =>
    error instanceof Error &&
    error.name === 'InvalidRowError' &&
    error.message !== '' &&
    error.message === textOfFields((error as Partial<InvalidRowError>).fields ?? {});

const textOfFields = (fields: Readonly<Record<string, string>>): string =>
    Object.entries(fields)
        .map(([field, text]) => `${field}: ${text}`)
        .join('; ');

/** What the server has found wrong by field, where it tells that as react-admin's forms want it: in `body.errors`. */
export function invalidByServer(error: unknown): InvalidRowError | undefined {
    try {
        const errors = read(read(error, 'body'), 'errors') as RowErrors | unknown[];
        const invalid = typeof errors === 'object' && !Array.isArray(errors) ? invalidRowOf(errors) : undefined;
        return isInvalidByField(invalid) ? invalid : undefined;
    } catch {
        return undefined; // a getter that throws must not cost the screen that tells of it
    }
}

/**
 * Makes of a row what is sent.
 *
 * @throws {InvalidRowError} when it is wrong
 */
export async function prepareRecord<Row>(
    item: ImportItem<Row>,
    { transform, validate }: UseBulkImportOptions<Row>,
    signal: AbortSignal,
): Promise<PreparedItem<Row>> {
    const { row, index, rowNumber } = item;
    const record = transform ? await transform(row, { index, rowNumber, signal }) : (row as object);
    // Whoever writes `isWanted && record` leaves a row out with what is no object.
    if (!record) return { ...item, record: null };
    if (typeof record !== 'object' || Array.isArray(record)) refuse('a record', 'an object', record);
    const invalid = validate && invalidRowOf(await validate(record, { rowNumber }));
    if (invalid) throw invalid;
    return { ...item, record };
}

/** What is wrong, as an error with a message for people; nothing where all is well. */
export function invalidRowOf(errors: RowErrors): InvalidRowError | undefined {
    if (typeof errors === 'string') return errors ? new InvalidRowError(errors) : undefined;
    // Made, where it was meant to be thrown.
    if (errors instanceof Error) return new InvalidRowError(errors.message);
    const problems = problemsIn(errors ?? {});
    if (problems.length === 0) return undefined;
    const fields = Object.fromEntries(problems.map(({ field, text }) => [field, text]));
    const args = problems.flatMap(({ field, args }) => (args ? [[field, args]] : []));
    return new InvalidRowError(textOfFields(fields), fields, Object.fromEntries(args));
}

interface Problem {
    /** The path to it. */
    field: string;
    text: string;
    args?: unknown;
}

/** A form is not nested this deep. */
const DEEPEST = 10;

function problemsIn(errors: object, path = '', within: readonly object[] = []): Problem[] {
    if (within.length > DEEPEST || within.includes(errors)) return [];
    return Object.entries(errors).flatMap(([name, error]: [string, unknown]): Problem | Problem[] => {
        const field = path + name;
        if (!error) return [];
        if (typeof error !== 'object') return { field, text: String(error) };
        // As zod flattens them.
        if (isTexts(error)) return { field, text: error.join(', ') };
        const text = read(error, 'message');
        const args = read(error, 'args');
        const isMessage = typeof text === 'string' && (error instanceof Error || Boolean(args));
        return isMessage ? { field, text, args } : problemsIn(error, `${field}.`, [...within, errors]);
    });
}

const isTexts = (value: object): value is string[] =>
    Array.isArray(value) && value.length > 0 && value.every(text => typeof text === 'string');
