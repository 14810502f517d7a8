import { useCallback, useMemo } from 'react';
import { useLocale, useTranslate } from 'react-admin';
import { isCsvError } from './csv/csvError.js';
import { importMessages } from './importMessages.js';

export type ImportMessage = keyof typeof importMessages;

/** The texts of the import in the language of the app, English where it has none of its own. */
export function useImportTexts() {
    const translate = useTranslate();
    const locale = useLocale();

    /** Numbers among the values are written as in the person's language. */
    const t = useCallback(
        (message: ImportMessage, values: Record<string, string | number> = {}): string => {
            const texts = Object.entries(values).map(([name, value]) => [name, value.toLocaleString(locale)]);
            return translate(`ra-rate-limit.import.${message}`, {
                ...Object.fromEntries(texts),
                _: importMessages[message],
            });
        },
        [translate, locale],
    );

    return useMemo(
        () => ({
            t,
            number: (value: number) => value.toLocaleString(locale),
            time: (moment: number) => new Date(moment).toLocaleTimeString(locale),
            errorText: (error: unknown): string => {
                if (isCsvError(error)) return t(error.code, error.values);
                const message = error instanceof Error ? error.message : error;
                return typeof message === 'string' && message ? translate(message, { _: message }) : t('unexpected');
            },
        }),
        [t, translate, locale],
    );
}

/** In whole seconds, minutes or hours, as is readable: `12 s`, `3 min`, `1 h 20 min`. */
export function formatDuration(ms: number): string {
    const seconds = Math.ceil(ms / 1000);
    if (seconds < 100) return `${seconds} s`;
    const minutes = Math.ceil(seconds / 60);
    if (minutes < 60) return `${minutes} min`;
    return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
