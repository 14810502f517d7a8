/** `RateLimitBanner`. `time` is the time to wait: short on the screen (`8 s`), in words for screen readers. */
export const bannerTexts = {
    busy: 'The server is busy. Your changes will be sent as soon as possible.',
    busyFor: 'The server is busy. Your changes will be sent in %{time}.',
    busyOver: 'Your changes are no longer waiting.',
    openFor: 'Too many requests. You can save again in %{time}.',
    openOver: 'You can save again.',
    close: 'Close',
};
