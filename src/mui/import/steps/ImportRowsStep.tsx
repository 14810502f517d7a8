import { Button, Typography } from '@mui/material';
import { formatDuration } from '../../formatDuration.js';
import { BulkImportDialogClasses as classes } from '../importDialogClasses.js';
import type { ImportDialogState, ImportingStep } from '../useImportDialog.js';
import { useImportTexts } from '../useImportTexts.js';
import { Announcements } from './Announcements.js';
import { LabelledProgress } from './LabelledProgress.js';
import { PauseNotice } from './PauseNotice.js';
import { StepLayout } from './StepLayout.js';

interface ImportRowsStepProps {
    step: ImportingStep;
    dialog: ImportDialogState;
}

/** Rows on their way. */
export const ImportRowsStep = ({ step, dialog }: ImportRowsStepProps) => {
    const { t } = useImportTexts();
    const { status, progress, pause, resume } = dialog.bulkImport;
    const { processed = 0, failed = 0, unknown = 0, ratePerSecond = 0, etaMs } = progress ?? {};
    const total = step.csv.rows;
    const isPaused = status === 'paused';
    const isStopping = step.stop === 'confirmed';
    const title = t('importing', { file: step.csv.file.name });
    const details = [
        ratePerSecond > 0 && t('rate', { rate: readable(ratePerSecond) }),
        etaMs !== undefined && t('timeLeft', { time: formatDuration(etaMs) }),
        failed + unknown > 0 && t('failedSoFar', { count: failed + unknown }),
    ];

    return (
        <StepLayout
            title={title}
            actions={
                <>
                    <Button color="error" disabled={!dialog.isRunning || isStopping} onClick={dialog.askToStop}>
                        {t('stop')}
                    </Button>
                    <Button disabled={!dialog.isRunning || isStopping} onClick={isPaused ? resume : pause}>
                        {isPaused ? t('resume') : t('pause')}
                    </Button>
                </>
            }
        >
            <LabelledProgress label={title} share={processed / total} text={t('doneOf', { processed, total })} />
            <Typography className={classes.details}>{details.filter(Boolean).join(' · ')}</Typography>
            <div className={classes.notice}>
                <PauseNotice
                    isPaused={isPaused}
                    isStopping={isStopping}
                    resumesAt={progress?.resumesAt}
                    waitsFor={progress?.waitsFor}
                />
            </div>
            <Typography variant="body2" className={classes.details}>
                {dialog.canResume ? t('canReload') : t('keepOpen')}
            </Typography>
            <Announcements progress={progress} total={total} isPaused={isPaused} />
        </StepLayout>
    );
};

const readable = (rate: number) => (rate < 10 ? Math.round(rate * 10) / 10 : Math.round(rate));
