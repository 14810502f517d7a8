import type { RateLimitTexts } from './englishMessages.js';
import { bannerTexts } from './french/bannerTexts.js';
import { dashboardTexts } from './french/dashboardTexts.js';
import { errorTexts } from './french/errorTexts.js';
import { importTexts } from './french/importTexts.js';

/** All texts in French, under `ra-rate-limit.*`. */
export const frenchMessages: RateLimitTexts = {
    'ra-rate-limit': {
        banner: bannerTexts,
        dashboard: dashboardTexts,
        errors: errorTexts,
        import: importTexts,
    },
};
