import { useState } from 'react';
import type { BulkProgress } from '../../../bulk/runBulk.js';
import { useRateLimitService } from '../../../react/useRateLimitService.js';
import { BulkImportDialogClasses } from '../importDialogClasses.js';
import { useImportTexts } from '../useImportTexts.js';

/** Shorter pauses are not worth an interruption. */
const LONG_PAUSE_MS = 5_000;

const TEXTS = { server: 'busyAwhile', connection: 'offlineAwhile', session: 'signedOutAwhile' } as const;

interface AnnouncementsProps {
    progress: Pick<BulkProgress, 'processed' | 'unknown' | 'resumesAt' | 'waitsFor'> | null;
    total: number;
    isPaused: boolean;
}

/** What a screen reader says while rows are on their way: each tenth of them, and pauses. */
export const Announcements = ({ progress, total, isPaused }: AnnouncementsProps) => {
    const { t } = useImportTexts();
    const service = useRateLimitService();
    const { processed = 0, unknown = 0, resumesAt = 0, waitsFor = 'server' } = progress ?? {};
    const answered = processed - unknown;
    /** The pause that was told last. It lasts until a row is answered: between two tries nothing is said. */
    const [told, setTold] = useState<{ text: (typeof TEXTS)[typeof waitsFor]; answered: number }>();
    const isLong = resumesAt - service.now() > LONG_PAUSE_MS;
    if (isLong && !(told?.text === TEXTS[waitsFor] && told.answered === answered)) {
        setTold({ text: TEXTS[waitsFor], answered });
    }
    const isOver = told !== undefined && !isLong && answered > told.answered;
    if (isOver) setTold(undefined);

    const percent = Math.floor((processed / total) * 10) * 10;
    const milestone = percent > 0 && t('milestone', { percent });
    return (
        <div role="status" className={BulkImportDialogClasses.visuallyHidden}>
            {isPaused ? t('paused') : told ? t(told.text) : milestone}
        </div>
    );
};
