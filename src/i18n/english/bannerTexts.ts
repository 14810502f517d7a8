/** `RateLimitBanner`. */
export const bannerTexts = {};
