import { defaultMessages } from '../../core/errors.js';

/**
 * What errors say, by their code. Those with `_FOR` are for `translatedMessages`: `wait` is the time to wait, in words. The
 * others have nothing to fill in, and are for those who give a key to the option `messages`.
 */
export const errorTexts = {
    ...defaultMessages,
    RATE_LIMIT_MAX_RETRIES_EXCEEDED_FOR: 'The system is temporarily overloaded. Please try again in %{wait}.',
    RATE_LIMIT_CIRCUIT_OPEN_FOR: 'Too many requests. Please try again in %{wait}.',
    /** For a `wait` of less than 5 seconds: that is a backoff, and no promise. */
    moments: 'a few moments',
};
