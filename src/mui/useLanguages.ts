import { useMemo } from 'react';
import { useLocale } from 'react-admin';
import { languagesFor } from '../i18n/languagesFor.js';

/** The language of the app, as numbers and times are written in it. */
export function useLanguages(): string[] {
    const locale = useLocale();
    return useMemo(() => languagesFor(locale), [locale]);
}
