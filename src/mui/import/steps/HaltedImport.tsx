import { Alert, Button } from '@mui/material';
import { useState } from 'react';
import { isImportFailure } from '../../../react/import/importFailure.js';
import { useCountdown } from '../../../react/useCountdown.js';
import { formatDuration } from '../../formatDuration.js';
import { BulkImportDialogClasses as classes } from '../importDialogClasses.js';
import type { ImportDialogState, ImportingStep } from '../useImportDialog.js';
import { useImportTexts } from '../useImportTexts.js';
import { StepLayout } from './StepLayout.js';

interface HaltedImportProps {
    step: ImportingStep;
    dialog: ImportDialogState;
    onClose: () => void;
}

/** The circuit is open and nothing was started, or the import came to an early end. */
export const HaltedImport = ({ step, dialog, onClose }: HaltedImportProps) => {
    const { t, errorText } = useImportTexts();
    const { status, progress, blockedUntil } = dialog.bulkImport;
    const error = step.error ?? dialog.bulkImport.error;
    const hasFailed = status === 'failed' || step.error !== undefined;
    const code = isImportFailure(error) ? error.code : undefined;
    const isPartial = hasFailed && !code && (progress?.processed ?? 0) > 0 && !dialog.unfinished;
    // Begun anew, it would send all of its rows once more.
    const isOver = isPartial || code === 'endedElsewhere';
    const isInTheWay = code === 'otherRows' || code === 'fewerRows';
    const isBlocked = status === 'blocked' && blockedUntil !== null;
    const next = () => {
        if (isOver) return { text: t('finish'), onClick: onClose };
        if (isInTheWay) return { text: t('discard'), onClick: () => void dialog.discard(step) };
        if (hasFailed) return { text: t('tryAgain'), onClick: () => void dialog.tryAgain(step) };
        return { text: t('start'), onClick: () => void dialog.start(step) };
    };
    const { text, onClick } = next();

    return (
        <StepLayout
            title={t('stepImport')}
            actions={
                <>
                    {!isPartial && <Button onClick={() => dialog.backToMapping(step)}>{t('back')}</Button>}
                    <Button variant={isInTheWay ? 'outlined' : 'contained'} disabled={isBlocked} onClick={onClick}>
                        {text}
                    </Button>
                </>
            }
        >
            {hasFailed && (
                <Alert severity="error">
                    {/* One that failed so never began. */}
                    {!code && t('endedEarly')} {errorText(error)}
                </Alert>
            )}
            {isPartial && progress && (
                <Alert severity="warning">
                    {t('endedPartly', { imported: progress.succeeded, total: step.csv.rows })}
                </Alert>
            )}
            {isBlocked && <BlockedNotice key={blockedUntil} until={blockedUntil} />}
            {!hasFailed && !isBlocked && <Alert severity="info">{t('blockedOver')}</Alert>}
        </StepLayout>
    );
};

const BlockedNotice = ({ until }: { until: number }) => {
    const { t, time } = useImportTexts();
    const remainingMs = useCountdown(until);
    const text = t('blocked', { moment: time(until), time: formatDuration(remainingMs) });
    // A screen reader tells it once, and not each second.
    const [told] = useState(text);
    return (
        <>
            <Alert severity="warning" role="none">
                {text}
            </Alert>
            <div role="alert" className={classes.visuallyHidden}>
                {told}
            </div>
        </>
    );
};
