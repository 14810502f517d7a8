import { invalidRowOf } from '../../react/import/importRecord.js';
import type { ImportRowContext, RowErrors } from '../../react/useBulkImport.js';
import type { ImportRow, ImportValues } from './importRows.js';

/** Says what is wrong with a row, if anything. It is called in the dry run and again before the row is sent. */
export type ValidateRow = (values: ImportValues, context: { rowNumber: number }) => RowErrors | PromiseLike<RowErrors>;

/** Makes a record of a row; `null` where there is nothing to create. */
export type TransformRow = (
    values: ImportValues,
    context: ImportRowContext,
) => object | null | undefined | PromiseLike<object | null | undefined>;

export interface ImportRowOptions {
    validate?: ValidateRow | undefined;
    /** @default the values themselves are the record */
    transform?: TransformRow | undefined;
}

/**
 * The options that `useBulkImport` needs for the rows of a `BulkImportDialog`: for an import of one's own, to be handed to
 * the dialog. Rows are validated before they are transformed, and those that could not be read are not imported.
 *
 * @example
 * const contactImport = useBulkImport({ resource: 'contacts', ...importRowOptions({ validate, transform }) });
 * return <BulkImportButton import={contactImport} validate={validate} fields={fields} />;
 */
export const importRowOptions = ({ validate, transform = values => values }: ImportRowOptions) => ({
    rowNumber: (row: ImportRow) => row.rowNumber,
    transform: async (row: ImportRow, context: ImportRowContext) => {
        const problem = await findProblem(row, validate);
        if (problem !== undefined) throw problem;
        return transform((row as { values: ImportValues }).values, context);
    },
});

/** Why a row cannot be imported, as far as that can be told without sending it. */
export async function findProblem(row: ImportRow, validate: ValidateRow | undefined): Promise<unknown> {
    if ('problem' in row) return row.problem;
    try {
        return invalidRowOf(await validate?.(row.values, { rowNumber: row.rowNumber }));
    } catch (error) {
        // What was rejected with nothing is wrong all the same. Without a message, the texts call it unexpected.
        return error ?? new Error();
    }
}
