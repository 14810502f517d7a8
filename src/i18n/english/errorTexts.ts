/** What errors say, by their code. `wait` is the time to wait, in words. */
export const errorTexts = {
    RATE_LIMIT_MAX_RETRIES_EXCEEDED: 'The system is temporarily overloaded. Please try again in %{wait}.',
    RATE_LIMIT_CIRCUIT_OPEN: 'Too many requests. Please try again in %{wait}.',
    /** For a `wait` of less than 5 seconds: that is a backoff, and no promise. */
    moments: 'a few moments',
};
