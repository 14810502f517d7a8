import { useCallback } from 'react';
import { useTranslate } from 'react-admin';
import { englishMessages } from '../i18n/englishMessages.js';
import { useLanguages } from './useLanguages.js';

const ENGLISH = englishMessages['ra-rate-limit'];

export type TextSection = keyof typeof ENGLISH;
export type TextKey<Section extends TextSection> = keyof (typeof ENGLISH)[Section] & string;

/**
 * The texts of a section in the language of the app, English where it has none of its own. Numbers among the values are
 * written as in that language.
 */
export function useTexts<Section extends TextSection>(section: Section) {
    const translate = useTranslate();
    const languages = useLanguages();
    return useCallback(
        (key: TextKey<Section>, values: Record<string, string | number> = {}): string => {
            const texts = Object.entries(values).map(([name, value]) => [name, value.toLocaleString(languages)]);
            return translate(`ra-rate-limit.${section}.${key}`, {
                ...Object.fromEntries(texts),
                _: ENGLISH[section][key],
            });
        },
        [section, translate, languages],
    );
}
