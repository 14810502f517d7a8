import { failureTexts } from '../i18n/english/importTexts.js';

/**
 * Why an import did not begin, or came to an early end. The text in the language of the app is that of the key
 * `ra-rate-limit.import.` with the code behind it.
 */
export class ImportFailure extends Error {
    override readonly name = 'ImportFailure';

    constructor(readonly code: keyof typeof failureTexts) {
        super(failureTexts[code]);
    }
}
