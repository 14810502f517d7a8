import { useTexts } from '../useTexts.js';
import type { Notice } from './notice.js';

/** What the banner says. */
export function useBannerTexts() {
    const t = useTexts('banner');
    return {
        /** @param write how the time to wait is written, from milliseconds */
        textOf: ({ kind, remainingMs }: Notice, write: (ms: number, locale: string) => string): string => {
            if (remainingMs === null) return t('busy');
            return t(kind === 'open' ? 'openFor' : 'busyFor', { time: locale => write(remainingMs, locale) });
        },
        closeText: t('close'),
        endOf: (kind: Notice['kind']): string => t(kind === 'open' ? 'openOver' : 'busyOver'),
    };
}
