import { waitInWords } from 'ra-rate-limit/i18n';
import { expect, it } from 'vitest';

/** French has spaces of several widths that do not break. */
const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, ' ');

it.each([
    [1, '1 second'],
    [1000, '1 second'],
    [1001, '2 seconds'],
    [99_000, '99 seconds'],
    [99_001, '2 minutes'],
    [120_001, '3 minutes'],
    [59 * 60_000, '59 minutes'],
    [59 * 60_000 + 1, '1 hour'],
    [61 * 60_000, '1 hour 1 minute'],
    [80 * 60_000, '1 hour 20 minutes'],
    [24 * 60 * 60_000, '24 hours'],
])('%i ms are %s', (ms, words) => {
    expect(waitInWords(ms, 'en')).toBe(words);
});

it.each([
    ['fr', 8000, '8 secondes'],
    ['fr', 1000, '1 seconde'],
    ['fr', 80 * 60_000, '1 heure 20 minutes'],
    ['de', 80 * 60_000, '1 Stunde, 20 Minuten'],
    ['pt-BR', 120_000, '2 minutos'],
    ['pl', 5000, '5 sekund'],
    ['ja', 8000, '8 秒'],
])('in the language %s %i ms are %s', (locale, ms, words) => {
    expect(plain(waitInWords(ms, locale))).toBe(words);
});

it.each(['mt', 'xh', 'sa'])('falls back to English where Intl has no words for units: %s', locale => {
    expect(waitInWords(8000, locale)).toBe('8 seconds');
    expect(waitInWords(80 * 60_000, locale)).toBe('1 hour 20 minutes');
});

it.each(['not a language', 'french'])('falls back to English where the language is "%s"', locale => {
    expect(waitInWords(80 * 60_000, locale)).toBe('1 hour 20 minutes');
});

it.each([
    [Number.NaN, '1 second'],
    [-5000, '1 second'],
    [0, '1 second'],
    [Number.NEGATIVE_INFINITY, '1 second'],
    [Number.POSITIVE_INFINITY, '∞ hours'],
])('makes the best of %d ms', (ms, words) => {
    expect(waitInWords(ms, 'en')).toBe(words);
});
