import { useMemo } from 'react';
import { useTranslate } from 'react-admin';
import { read, toText } from '../../core/safely.js';
import { isImportFailure } from '../../react/import/importFailure.js';
import { invalidByServer, isInvalidByField } from '../../react/import/importRecord.js';
import { useLanguages } from '../useLanguages.js';
import { type TextKey, useTexts } from '../useTexts.js';
import { isCsvError } from './csv/csvError.js';
import type { LabelledField } from './importFields.js';

export type ImportMessage = TextKey<'import'>;

/** Where react-admin's forms have what is wrong with the record as a whole. */
const OF_THE_WHOLE = 'root.serverError';

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
            /** @param fields whose labels a person knows */
            errorText: (error: unknown, fields: readonly LabelledField[] = []): string => {
                if (isCsvError(error)) return t(error.code, error.values);
                if (isImportFailure(error)) return t(error.code);
                const invalid = isInvalidByField(error) ? error : invalidByServer(error);
                if (invalid) {
                    const textOf = ([name, text]: [string, string]) => {
                        const problem = translate(text, { _: text, ...invalid.args?.[name] });
                        if (name === OF_THE_WHOLE) return problem;
                        const field = fields.find(({ source }) => source === name)?.label ?? name;
                        return t('fieldProblem', { field, problem });
                    };
                    return Object.entries(invalid.fields).map(textOf).join('; ');
                }
                // supabase-js has errors that are plain objects.
                const message = toText(error) || toText(read(error, 'message'));
                return message ? translate(message, { _: message }) : t('unexpected');
            },
        }),
        [t, translate, languages],
    );
}
