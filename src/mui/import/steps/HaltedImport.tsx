import { Alert, Button } from '@mui/material';
import { isImportFailure } from '../../../react/importFailure.js';
import { useCountdown } from '../../../react/useCountdown.js';
import { formatDuration } from '../../formatDuration.js';
import type { ImportDialogState, ImportingStep } from '../useImportDialog.js';
import { useImportTexts } from '../useImportTexts.js';
import { StepLayout } from './StepLayout.js';

interface HaltedImportProps {
    step: ImportingStep;
    dialog: ImportDialogState;
}

/** The circuit is open and nothing was started, or the import came to an early end. */
export const HaltedImport = ({ step, dialog }: HaltedImportProps) => {
    const { t, time, errorText } = useImportTexts();
    const { status, blockedUntil } = dialog.bulkImport;
    const error = step.error ?? dialog.bulkImport.error;
    const remainingMs = useCountdown(blockedUntil);
    const hasFailed = status === 'failed' || step.error !== undefined;
    const isBlocked = status === 'blocked' && blockedUntil !== null;

    return (
        <StepLayout
            title={t('stepImport')}
            actions={
                <>
                    <Button onClick={() => dialog.backToMapping(step)}>{t('back')}</Button>
                    <Button variant="contained" disabled={isBlocked} onClick={() => void dialog.start(step)}>
                        {hasFailed ? t('tryAgain') : t('start')}
                    </Button>
                </>
            }
        >
            {hasFailed && (
                <Alert severity="error">
                    {/* One that failed so never began. */}
                    {!isImportFailure(error) && t('endedEarly')} {errorText(error)}
                </Alert>
            )}
            {isBlocked && (
                <Alert severity="warning">
                    {t('blocked', { moment: time(blockedUntil), time: formatDuration(remainingMs) })}
                </Alert>
            )}
            {!hasFailed && !isBlocked && <Alert severity="info">{t('blockedOver')}</Alert>}
        </StepLayout>
    );
};
