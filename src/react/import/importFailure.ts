import { failureTexts } from '../../i18n/english/importTexts.js';

/** Also of an error that was kept over a reload, of whose class only the name is left. */
export const isImportFailure = (error: unknown): error is Pick<ImportFailure, 'code'> =>
    error instanceof Error && error.name === 'ImportFailure' && 'code' in error;

/**
 * Why an import did not begin or came to an early end, or what became of one of its rows. The text in the language of the app is that of the key
 * `ra-rate-limit.import.` with the code behind it.
 */
export class ImportFailure extends Error {
    override readonly name = 'ImportFailure';

    constructor(readonly code: keyof typeof failureTexts) {
        super(failureTexts[code]);
    }
}
