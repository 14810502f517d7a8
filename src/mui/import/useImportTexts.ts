import { useMemo } from 'react';
import { useTranslate } from 'react-admin';
import { read, toText } from '../../core/safely.js';
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
                // supabase-js has errors that are plain objects.
                const message = toText(error) || toText(read(error, 'message'));
                return message ? translate(message, { _: message }) : t('unexpected');
            },
        }),
        [t, translate, languages],
    );
}
