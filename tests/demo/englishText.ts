import polyglotI18nProvider from 'ra-i18n-polyglot';
import raEnglish from 'ra-language-english';
import { english } from '../../demo/src/i18n/english.ts';
import { createText } from '../../demo/src/i18n/text.ts';

/** The demo in English, whatever the language of the machine. */
export const englishI18nProvider = polyglotI18nProvider(() => ({ ...raEnglish, ...english }));
export const englishText = createText(englishI18nProvider.translate, 'en');
