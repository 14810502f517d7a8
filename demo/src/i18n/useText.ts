import { useMemo } from 'react';
import { useLocale, useTranslate } from 'react-admin';
import { createText, type Text } from './text';

/** The texts of the demo in the language of the person. */
export function useText(): Text {
    const translate = useTranslate();
    const locale = useLocale();
    return useMemo(() => createText(translate, locale), [translate, locale]);
}
