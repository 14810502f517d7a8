import { useMemo } from 'react';
import { useTranslate } from 'react-admin';
import { isImportFailure } from '../../react/importFailure.js';
import { useLanguages } from '../useLanguages.js';
import { type TextKey, useTexts } from '../useTexts.js';
import { isCsvError } from './csv/csvError.js';

export type ImportMessage = TextKey<'import'>;

/** The texts of the import, and how it writes numbers, times and errors. */
export function useImportTexts() {
    const translate = useTranslate();
    const languages = useLanguages();
    const t = useTexts('import');

    return useMemo(
        () => ({
            t,
            number: (value: number) => value.toLocaleString(languages),
            time: (moment: number) => new Date(moment).toLocaleTimeString(languages),
            errorText: (error: unknown): string => {
                if (isCsvError(error)) return t(error.code, error.values);
                if (isImportFailure(error)) return t(error.code);
                const message = error instanceof Error ? error.message : error;
                return typeof message === 'string' && message ? translate(message, { _: message }) : t('unexpected');
            },
        }),
        [t, translate, languages],
    );
}
