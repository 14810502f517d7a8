import { useEffect, useRef, useState } from 'react';
import { waitInWords } from '../../i18n/waitInWords.js';
import type { Notice } from './notice.js';
import { useBannerTexts } from './useBannerTexts.js';

/**
 * What a screen reader says: each notice once, with the wait as it is then, and its end. Only the open circuit is told
 * again, when it stays open for longer: nobody waits for that, but people come back at the moment they were told.
 */
export function useAnnouncement(notice: Notice | null): string {
    const { textOf, endOf } = useBannerTexts();
    const [announcement, announce] = useState('');
    const told = useRef<Notice['kind'] | null>(null);

    const kind = notice?.kind ?? null;
    const until = notice?.kind === 'open' ? notice.until : null;
    // biome-ignore lint/correctness/useExhaustiveDependencies: not as the seconds go by
    useEffect(() => {
        if (notice) announce(textOf(notice, waitInWords));
        else if (told.current) announce(endOf(told.current));
        told.current = kind;
    }, [kind, until]);

    return announcement;
}
