export const PREFIX = 'RaRateLimitBanner';

export const RateLimitBannerClasses = {
    /** On the root while changes wait. */
    waiting: `${PREFIX}-waiting`,
    /** On the root while the circuit is open. */
    open: `${PREFIX}-open`,
    /** What screen readers are told. It is not part of the root. */
    status: `${PREFIX}-status`,
};

export type RateLimitBannerClassKey = 'root' | keyof typeof RateLimitBannerClasses;
