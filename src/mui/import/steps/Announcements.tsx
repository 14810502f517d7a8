import { useRateLimitService } from '../../../react/useRateLimitService.js';
import { BulkImportDialogClasses } from '../importDialogClasses.js';
import { useImportTexts } from '../useImportTexts.js';

/** Shorter pauses are not worth an interruption. */
const LONG_PAUSE_MS = 5_000;

interface AnnouncementsProps {
    /** Of the rows that are done, from 0 to 1. */
    share: number;
    isPaused: boolean;
    resumesAt: number | undefined;
}

/** What a screen reader says while rows are on their way: each tenth of them, and pauses. */
export const Announcements = ({ share, isPaused, resumesAt = 0 }: AnnouncementsProps) => {
    const { t } = useImportTexts();
    const service = useRateLimitService();
    const isBusy = resumesAt - service.now() > LONG_PAUSE_MS;
    const percent = Math.floor(share * 10) * 10;
    return (
        <div role="status" className={BulkImportDialogClasses.visuallyHidden}>
            {isPaused ? t('paused') : isBusy ? t('busyAwhile') : percent > 0 && t('milestone', { percent })}
        </div>
    );
};
