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
            const texts = Object.entries(values).map(([name, value]): [string, string] => [
                name,
                typeof value === 'number' ? numbers.format(value) : value,
            ]);
            const fill = (text: string) =>
                texts.reduce((filled, [name, value]) => filled.replaceAll(`%{${name}}`, () => value), text);
            const path = `ra-rate-limit.${section}.${key}`;
            const english = fill(ENGLISH[section][key] as string);
            const text = translate(path, { ...Object.fromEntries(texts), _: english });
            // Some providers, and react-admin where there is none, know neither `_` nor what stands in these texts.
            return text && text !== path ? fill(text) : english;
        },
        [section, translate, numbers],
    );
}
