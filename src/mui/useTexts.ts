import { useCallback, useMemo } from 'react';
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
    // To make one takes far longer than to use it, and a file may have many rows to write about.
    const numbers = useMemo(() => new Intl.NumberFormat(languages), [languages]);
    return useCallback(
        (key: TextKey<Section>, values: Record<string, string | number> = {}): string => {
            const texts = Object.fromEntries(
                Object.entries(values).map(([name, value]) => [
                    name,
                    typeof value === 'number' ? numbers.format(value) : value,
                ]),
            );
            const path = `ra-rate-limit.${section}.${key}`;
            const english = ENGLISH[section][key] as string;
            const text = translate(path, { ...texts, _: english });
            // Some providers, and react-admin where there is none, know neither `_` nor what stands in it.
            return text && text !== path && text !== english ? text : fill(english, texts);
        },
        [section, translate, numbers],
    );
}

const fill = (text: string, values: Record<string, string>): string =>
    text.replace(/%{(\w+)}/g, (placeholder, name: string) => values[name] ?? placeholder);
