import { Alert } from '@mui/material';
import { useState } from 'react';
import type { BulkProgress } from '../../../bulk/runBulk.js';
import { useCountdown } from '../../../react/useCountdown.js';
import { formatDuration } from '../../formatDuration.js';
import { useImportTexts } from '../useImportTexts.js';

/** Shorter pauses are part of a server's rhythm: a notice that flashes up helps nobody. */
const SHORT_PAUSE_MS = 1_000;

const TEXTS = { server: 'busy', connection: 'offline', session: 'signedOut' } as const;

interface PauseNoticeProps extends Pick<BulkProgress, 'resumesAt' | 'waitsFor'> {
    /** By the person. */
    isPaused: boolean;
    isStopping: boolean;
}

/** Why no rows leave right now. */
export const PauseNotice = ({ isPaused, isStopping, resumesAt, waitsFor = 'server' }: PauseNoticeProps) => {
    const { t } = useImportTexts();
    const remainingMs = useCountdown(resumesAt);
    const [longUntil, tell] = useState<number>();
    if (remainingMs > SHORT_PAUSE_MS && resumesAt !== longUntil) tell(resumesAt);
    if (isStopping) return <Alert severity="info">{t('stopping')}</Alert>;
    // No alerts from here on: a screen reader is told of pauses elsewhere, and would read out each second.
    if (isPaused) {
        return (
            <Alert severity="info" role="none">
                {t('paused')}
            </Alert>
        );
    }
    if (remainingMs === 0 || resumesAt !== longUntil) return null;
    return (
        <Alert severity="warning" role="none">
            {t(TEXTS[waitsFor], { time: formatDuration(remainingMs) })}
        </Alert>
    );
};
