import { refuse } from '../core/options.js';
import type { ImportItem } from './importCheckpoint.js';
import type { RowErrors, UseBulkImportOptions } from './useBulkImport.js';

/** A row as it is sent. */
export interface PreparedItem<Row> extends ImportItem<Row> {
    /** `null` when there is nothing to send. */
    record: object | null;
}

/** The error of a row that `validate` found wrong. */
export class InvalidRowError extends Error {
    /** What is wrong, by field. Empty when it is about the row as a whole. */
    readonly fields: Readonly<Record<string, string>>;

    constructor(message: string, fields: Record<string, string> = {}) {
        super(message);
        this.name = 'InvalidRowError';
        this.fields = fields;
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
    const fields = Object.entries(errors ?? {}).filter((entry): entry is [string, string] => Boolean(entry[1]));
    if (fields.length === 0) return undefined;
    const message = fields.map(([field, text]) => `${field}: ${text}`).join('; ');
    return new InvalidRowError(message, Object.fromEntries(fields));
}
