import { useCallback, useMemo } from 'react';
import { useLocale, useTranslate } from 'react-admin';
import { englishMessages } from '../i18n/englishMessages.js';
import { useLanguages } from './useLanguages.js';

const ENGLISH = englishMessages['ra-rate-limit'];

export type TextSection = keyof typeof ENGLISH;
type Value = string | number | ((locale: string) => string);

export type TextKey<Section extends TextSection> = keyof (typeof ENGLISH)[Section] & string;

/**
 * The texts of a section in the language of the app, English where it has none of its own. Numbers among the values are
 * written as in that language. A value that is words is a function of the locale: no sentence mixes two languages.
 */
export function useTexts<Section extends TextSection>(section: Section) {
    const translate = useTranslate();
    const locale = useLocale();
    const languages = useLanguages();
    // To make one takes far longer than to use it, and a file may have many rows to write about.
    const numbers = useMemo(() => new Intl.NumberFormat(languages), [languages]);
    return useCallback(
        (key: TextKey<Section>, values: Record<string, Value> = {}): string => {
            const write = (value: Value, language: string) =>
                typeof value === 'function'
                    ? value(language)
                    : typeof value === 'number'
                      ? numbers.format(value)
                      : value;
            const writeAll = (language: string) =>
                Object.fromEntries(Object.entries(values).map(([name, value]) => [name, write(value, language)]));
            const texts = writeAll(locale);
            const path = `ra-rate-limit.${section}.${key}`;
            const english = ENGLISH[section][key] as string;
            const text = translate(path, { ...texts, _: english });
            // Some providers, and react-admin where there is none, know neither `_` nor what stands in it.
            const isTranslated = text && ![path, english, fill(english, texts)].includes(text);
            return isTranslated ? text : fill(english, writeAll('en'));
        },
        [section, translate, numbers, locale],
    );
}

const fill = (text: string, values: Record<string, string>): string =>
    text.replace(/%{(\w+)}/g, (placeholder, name: string) => values[name] ?? placeholder);
