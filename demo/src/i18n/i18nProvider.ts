import polyglotI18nProvider from 'ra-i18n-polyglot';
import raEnglish from 'ra-language-english';
import raFrench from 'ra-language-french';
import { englishMessages, frenchMessages } from 'ra-rate-limit/i18n';
import { english } from './english';
import { french } from './french';

const MESSAGES = {
    en: { ...raEnglish, ...englishMessages, ...english },
    fr: { ...raFrench, ...frenchMessages, ...french },
};

type Language = keyof typeof MESSAGES;

const LANGUAGES: { locale: Language; name: string }[] = [
    { locale: 'en', name: 'English' },
    { locale: 'fr', name: 'Français' },
];

/** That of the browser, as long as nobody has chosen one. */
const startLanguage = (): Language => (globalThis.navigator?.language.startsWith('fr') ? 'fr' : 'en');

export const i18nProvider = polyglotI18nProvider(
    language => MESSAGES[language as Language],
    startLanguage(),
    LANGUAGES,
);
