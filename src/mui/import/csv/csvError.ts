import { csvTexts } from '../../../i18n/english/importTexts.js';

/** Why a file, or one of its rows, cannot be imported. */
export type CsvErrorCode = keyof typeof csvTexts;

/** Also of an error that was kept over a reload, of whose class only the name is left. */
export const isCsvError = (error: unknown): error is Pick<CsvError, 'code' | 'values'> =>
    error instanceof Error && error.name === 'CsvError' && 'code' in error;

/** What is wrong with a file or with one of its rows, for people: `code` and `values` make a translation possible. */
export class CsvError extends Error {
    override readonly name = 'CsvError';

    constructor(
        readonly code: CsvErrorCode,
        readonly values: Record<string, string | number> = {},
        options?: ErrorOptions,
    ) {
        super(
            csvTexts[code].replace(/%\{(\w+)\}/g, (_, name: string) => String(values[name])),
            options,
        );
    }

    /** What tells one row from another has no labels in it: those are in the language of the app. */
    toJSON(): unknown {
        return this.code;
    }
}
