import { Alert, Button } from '@mui/material';
import type { FormatError } from '../formatError.js';
import type { ImportDialogState, ImportStep } from '../useImportDialog.js';
import { useImportTexts } from '../useImportTexts.js';
import { LabelledProgress } from './LabelledProgress.js';
import { ProblemTable } from './ProblemTable.js';
import { StepLayout } from './StepLayout.js';

interface CheckRowsStepProps {
    step: Extract<ImportStep, { name: 'check' }>;
    dialog: ImportDialogState;
    formatError: FormatError;
}

export const CheckRowsStep = ({ step, dialog, formatError }: CheckRowsStepProps) => {
    const { t } = useImportTexts();
    const { csv, report, isOver } = step;
    const { checked, bad, problems } = report;
    const total = csv.rows;
    const good = total - bad;

    return (
        <StepLayout
            title={t('stepCheck')}
            actions={
                <>
                    <Button onClick={() => dialog.backToMapping(step)}>{t('back')}</Button>
                    <Button
                        variant="contained"
                        disabled={!isOver || good === 0}
                        onClick={() => void dialog.start(step)}
                    >
                        {t('start')}
                    </Button>
                </>
            }
        >
            {isOver ? (
                <Verdict good={good} bad={bad} />
            ) : (
                <LabelledProgress
                    label={t('checking')}
                    share={checked / total}
                    text={`${t('checking')} ${t('checkedCount', { checked, total })}`}
                />
            )}
            {isOver && problems.length > 0 && (
                <ProblemTable
                    label={t('badRows')}
                    problems={problems.map(({ rowNumber, error }) => ({
                        rowNumber,
                        message: formatError({ rowNumber, error, outcome: 'failed' }),
                    }))}
                    note={bad > problems.length && t('firstProblems', { count: problems.length })}
                />
            )}
        </StepLayout>
    );
};

const Verdict = ({ good, bad }: { good: number; bad: number }) => {
    const { t } = useImportTexts();
    const total = good + bad;
    if (bad === 0) return <Alert severity="success">{t('allGood', { total })}</Alert>;
    if (good === 0) return <Alert severity="error">{t('allBad')}</Alert>;
    return <Alert severity="warning">{t('someBad', { good, bad, total })}</Alert>;
};
