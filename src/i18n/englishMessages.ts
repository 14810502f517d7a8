import { bannerTexts } from './english/bannerTexts.js';
import { dashboardTexts } from './english/dashboardTexts.js';
import { errorTexts } from './english/errorTexts.js';
import { importTexts } from './english/importTexts.js';

/** A language: what `englishMessages` has, in other words. */
export interface RateLimitTexts {
    'ra-rate-limit': {
        [Section in keyof (typeof englishMessages)['ra-rate-limit']]: Record<
            keyof (typeof englishMessages)['ra-rate-limit'][Section],
            string
        >;
    };
}

/** All texts in English, under `ra-rate-limit.*`: what is shown where a language has none of its own. */
export const englishMessages = {
    'ra-rate-limit': {
        banner: bannerTexts,
        dashboard: dashboardTexts,
        errors: errorTexts,
        import: importTexts,
    },
};
