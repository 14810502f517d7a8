import { languagesFor } from './languagesFor.js';

/**
 * A time to wait in words of the given language: `8 seconds`, `2 minutes`, `1 hour 20 minutes`. Rounded up, so that
 * nobody comes back too early, and at least a second.
 *
 * @param ms milliseconds; what is no number counts as 0
 * @param locale a language tag such as `fr` or `pt-BR`. English where it is not one, or has no words of its own
 *
 * @example
 * withRateLimit(dataProvider, {
 *     messages: { RATE_LIMIT_CIRCUIT_OPEN: ({ retryAfterMs }) => `Please wait ${waitInWords(retryAfterMs, 'en')}.` },
 * });
 */
export function waitInWords(ms: number, locale: string): string {
    const locales = languagesFor(locale);
    // `Intl` knows languages of which it has no words for units, and abbreviates.
    const languages = isSpelledOut(locales) ? locales : ['en'];
    const say = (value: number, unit: Unit) => formatOf(languages, unit).format(value);

    const seconds = Math.max(1, Math.ceil(ms / 1000) || 0);
    if (seconds < 100) return say(seconds, 'second');
    const minutes = Math.ceil(seconds / 60);
    if (minutes < 60) return say(minutes, 'minute');
    const parts = [say(Math.floor(minutes / 60), 'hour')];
    if (minutes % 60 > 0) parts.push(say(minutes % 60, 'minute'));
    return new Intl.ListFormat(languages, { type: 'unit', style: 'narrow' }).format(parts);
}

type Unit = 'hour' | 'minute' | 'second';

const formatOf = (languages: string[], unit: Unit) =>
    new Intl.NumberFormat(languages, { style: 'unit', unit, unitDisplay: 'long' });

const isSpelledOut = (languages: string[]): boolean =>
    !formatOf(languages, 'hour')
        .formatToParts(2)
        .some(({ type, value }) => type === 'unit' && value === 'h');
