import type { I18nProvider } from 'ra-core';
import type { RateLimitErrorDetails, RateLimitMessages } from '../core/errors.js';
import { errorTexts } from './english/errorTexts.js';
import { waitInWords } from './waitInWords.js';

/** A server that does not say how long will not be back in a second because the backoff would try then. */
const SHORT_MS = 5_000;
const MOMENTS = 'ra-rate-limit.errors.moments';

/**
 * What the errors say, in the language that the app has at that moment and with the wait in words. For the option
 * `messages` of `withRateLimit`. English where the app has no text under `ra-rate-limit.errors`.
 *
 * @param i18nProvider the one that `<Admin>` gets
 *
 * @example
 * const dataProvider = withRateLimit(simpleRestProvider(apiUrl), { messages: translatedMessages(i18nProvider) });
 */
export function translatedMessages(i18nProvider: Pick<I18nProvider, 'translate' | 'getLocale'>): RateLimitMessages {
    const message = ({ code, retryAfterMs }: RateLimitErrorDetails): string => {
        const name = `${code}_FOR` as const;
        const key = `ra-rate-limit.errors.${name}`;
        // The whole sentence in English: English with a wait in another language would be neither.
        const isShort = retryAfterMs < SHORT_MS;
        const english = withWait(errorTexts[name], isShort ? errorTexts.moments : waitInWords(retryAfterMs, 'en'));
        const moments = isShort && i18nProvider.translate(MOMENTS, { _: '' });
        const isTranslated = moments && moments !== MOMENTS;
        const wait = isTranslated ? moments : waitInWords(retryAfterMs, i18nProvider.getLocale());
        const text = i18nProvider.translate(key, { _: english, wait });
        // Some providers neither know `_`, nor fill in what stands in their texts.
        const filled = text && text !== key ? withWait(text, wait) : english;
        // And some fall back to English by themselves.
        return filled === withWait(errorTexts[name], wait) ? english : filled;
    };
    return { RATE_LIMIT_MAX_RETRIES_EXCEEDED: message, RATE_LIMIT_CIRCUIT_OPEN: message };
}

const withWait = (text: string, wait: string): string => text.replaceAll('%{wait}', () => wait);
