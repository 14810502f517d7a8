import { type I18nProvider, mergeTranslations } from 'ra-core';
import polyglotI18nProvider from 'ra-i18n-polyglot';
import raEnglishMessages from 'ra-language-english';
import raFrenchMessages from 'ra-language-french';
import { RateLimitError, withRateLimit } from 'ra-rate-limit';
import { englishMessages, frenchMessages, translatedMessages } from 'ra-rate-limit/i18n';
import { describe, expect, it } from 'vitest';
import { createProvider } from '../support/createProvider';
import { refusal, rejectionOf } from '../support/scriptedCalls';
import { VirtualClock } from '../support/virtualClock';

const MAX_RETRIES = 'RATE_LIMIT_MAX_RETRIES_EXCEEDED';
const CIRCUIT_OPEN = 'RATE_LIMIT_CIRCUIT_OPEN';

const LANGUAGES: Record<string, typeof raEnglishMessages> = {
    en: mergeTranslations(raEnglishMessages, englishMessages),
    fr: mergeTranslations(raFrenchMessages, frenchMessages),
    de: raEnglishMessages,
};

const i18nProviderFor = (locale: string) =>
    polyglotI18nProvider(language => LANGUAGES[language] as typeof raEnglishMessages, locale);

/** French has spaces of several widths that do not break. */
const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, ' ');

function messageOf(i18nProvider: Pick<I18nProvider, 'translate' | 'getLocale'>, code = CIRCUIT_OPEN, ms = 120_000) {
    const message = translatedMessages(i18nProvider)[code as typeof CIRCUIT_OPEN];
    if (typeof message === 'string') throw new Error('The message should be made when the error is');
    return plain(message({ code: code as typeof CIRCUIT_OPEN, retryAfterMs: ms, attempts: 1 }));
}

describe('with the texts merged into those of react-admin', () => {
    it.each([
        ['en', MAX_RETRIES, 'The system is temporarily overloaded. Please try again in 2 minutes.'],
        ['en', CIRCUIT_OPEN, 'Too many requests. Please try again in 2 minutes.'],
        ['fr', MAX_RETRIES, 'Le système est momentanément surchargé. Veuillez réessayer dans 2 minutes.'],
        ['fr', CIRCUIT_OPEN, 'Trop de requêtes. Veuillez réessayer dans 2 minutes.'],
    ])('in the language %s, %s says "%s"', (locale, code, text) => {
        expect(messageOf(i18nProviderFor(locale), code)).toBe(text);
    });

    it.each([
        [8000, 'Trop de requêtes. Veuillez réessayer dans 8 secondes.'],
        [80 * 60_000, 'Trop de requêtes. Veuillez réessayer dans 1 heure 20 minutes.'],
    ])('says a wait of %d ms in words', (ms, text) => {
        expect(messageOf(i18nProviderFor('fr'), CIRCUIT_OPEN, ms)).toBe(text);
    });

    it.each([
        ['en', 4999, 'The system is temporarily overloaded. Please try again in a few moments.'],
        ['fr', 4999, 'Le système est momentanément surchargé. Veuillez réessayer dans quelques instants.'],
        ['de', 4999, 'The system is temporarily overloaded. Please try again in a few moments.'],
        ['en', 5000, 'The system is temporarily overloaded. Please try again in 5 seconds.'],
    ])('in the language %s, counts no seconds where there are few (%d ms)', (locale, ms, text) => {
        expect(messageOf(i18nProviderFor(locale), MAX_RETRIES, ms)).toBe(text);
    });

    it('keeps the texts of react-admin', () => {
        expect(i18nProviderFor('fr').translate('ra.action.save')).toBe('Enregistrer');
    });

    it('speaks the language that the app has at that moment', async () => {
        const i18nProvider = i18nProviderFor('en');
        expect(messageOf(i18nProvider)).toMatch(/^Too many requests/);

        await i18nProvider.changeLocale('fr');

        expect(messageOf(i18nProvider)).toMatch(/^Trop de requêtes/);
    });

    it.each([
        [MAX_RETRIES, 'The system is temporarily overloaded. Please try again in 8 seconds.'],
        [CIRCUIT_OPEN, 'Too many requests. Please try again in 8 seconds.'],
    ])('falls back to a sentence for %s that is English from end to end', (code, text) => {
        expect(messageOf(i18nProviderFor('de'), code, 8000)).toBe(text);
    });

    it('falls back to it also where the provider has done so by itself', () => {
        const provider = polyglotI18nProvider(() => mergeTranslations(raEnglishMessages, englishMessages), 'de');

        expect(messageOf(provider, CIRCUIT_OPEN, 8000)).toBe('Too many requests. Please try again in 8 seconds.');
    });

    it('says a short wait in words where the language has that sentence alone', () => {
        const errors = { [`${CIRCUIT_OPEN}_FOR`]: 'Zu viele Anfragen. Bitte in %{wait} noch einmal versuchen.' };
        const german = { ...raEnglishMessages, 'ra-rate-limit': { errors } };

        const text = messageOf(
            polyglotI18nProvider(() => german, 'de'),
            CIRCUIT_OPEN,
            2000,
        );

        expect(text).toBe('Zu viele Anfragen. Bitte in 2 Sekunden noch einmal versuchen.');
    });
});

describe('with a provider that is not polyglot', () => {
    const translateTo = (translate: I18nProvider['translate']) => ({ translate, getLocale: () => 'fr' });

    it('fills in the wait where the provider leaves that to others', () => {
        const provider = translateTo(() => 'Encore %{wait}. Oui, %{wait}.');
        expect(messageOf(provider, CIRCUIT_OPEN, 8000)).toBe('Encore 8 secondes. Oui, 8 secondes.');
    });

    it('fills it in as it is written, dollar signs included', () => {
        const provider = translateTo(key => (key.endsWith('moments') ? "5$$ $'" : 'Encore %{wait}. Oui.'));
        expect(messageOf(provider, CIRCUIT_OPEN, 2000)).toBe("Encore 5$$ $'. Oui.");
    });

    it('says a short wait in words where the provider gives the key for one', () => {
        const provider = translateTo(key => (key.endsWith(`${CIRCUIT_OPEN}_FOR`) ? 'Encore %{wait}.' : key));
        expect(messageOf(provider, CIRCUIT_OPEN, 2000)).toBe('Encore 2 secondes.');
    });

    it('gives the provider what it needs to fill in the wait by itself', () => {
        const provider = translateTo((key, { wait }) => `${key} ${wait}`);
        expect(messageOf(provider, MAX_RETRIES, 8000)).toBe(`ra-rate-limit.errors.${MAX_RETRIES}_FOR 8 secondes`);
    });

    it.each([
        ['the key', translateTo(key => key)],
        ['nothing', translateTo(() => '')],
        ['the default', translateTo((_key, options) => options?._ ?? 'no default')],
    ])('is English where a missing text gives %s', (_case, provider) => {
        expect(messageOf(provider, CIRCUIT_OPEN, 8000)).toBe('Too many requests. Please try again in 8 seconds.');
    });
});

it.each([
    ['en', MAX_RETRIES, 'The system is temporarily overloaded. Please try again in a few moments.'],
    ['en', CIRCUIT_OPEN, 'Too many requests. Please wait 1-2 minutes before trying again.'],
    ['fr', MAX_RETRIES, 'Le système est momentanément surchargé. Veuillez réessayer dans quelques instants.'],
    ['fr', CIRCUIT_OPEN, 'Trop de requêtes. Veuillez patienter une à deux minutes avant de réessayer.'],
])('in the language %s, the key of %s given as the message is a whole sentence', (locale, code, text) => {
    // As a notification of react-admin translates the message of an error.
    expect(plain(i18nProviderFor(locale).translate(`ra-rate-limit.errors.${code}`))).toBe(text);
});

it('tells the person who saves how long to wait', async () => {
    const clock = new VirtualClock();
    const create = () => Promise.reject(refusal());
    const dataProvider = withRateLimit(createProvider({ create }), {
        clock,
        logger: false,
        circuitBreakerThreshold: 1,
        messages: translatedMessages(i18nProviderFor('fr')),
    });

    const error = await rejectionOf(clock.resolve(dataProvider.create('contacts', { data: {} })));

    expect(error).toBeInstanceOf(RateLimitError);
    expect(plain((error as RateLimitError).message)).toBe('Trop de requêtes. Veuillez réessayer dans 60 secondes.');
});
