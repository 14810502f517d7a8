import { failureTexts } from '../i18n/english/importTexts.js';

/** Why an import did not begin, or came to an early end. */
export class ImportFailure extends Error {
    override readonly name = 'ImportFailure';

    constructor(readonly code: keyof typeof failureTexts) {
        super(failureTexts[code]);
    }
}
