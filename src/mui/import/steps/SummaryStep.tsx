import { Alert, Button } from '@mui/material';
import { useState } from 'react';
import { saveFile } from '../../saveFile.js';
import { errorCsv } from '../csv/errorCsv.js';
import type { FormatError } from '../formatError.js';
import type { ImportStep } from '../useImportDialog.js';
import { useImportTexts } from '../useImportTexts.js';
import { Counts } from './Counts.js';
import { ProblemTable } from './ProblemTable.js';
import { StepLayout } from './StepLayout.js';

const MOST_SHOWN = 100;

interface SummaryStepProps {
    step: Extract<ImportStep, { name: 'summary' }>;
    formatError: FormatError;
    isResumable: boolean;
    onClose: () => void;
}

/** What became of the rows. */
export const SummaryStep = ({ step, formatError, isResumable, onClose }: SummaryStepProps) => {
    const { t, errorText } = useImportTexts();
    const [downloadError, setDownloadError] = useState<unknown>();
    const { csv, result } = step;
    const { errors } = result;

    const download = async () => {
        try {
            const failed = new Map(errors.map(error => [error.rowNumber, error]));
            const messageOf = (rowNumber: number) => {
                const error = failed.get(rowNumber);
                return error && formatError(error);
            };
            saveFile(await errorCsv(csv, messageOf), csv.file.name.replace(/(\.\w+)?$/, '-errors.csv'));
        } catch (error) {
            setDownloadError(error);
        }
    };

    return (
        <StepLayout
            title={result.status === 'done' ? t('done') : t('cancelled')}
            actions={
                <>
                    {errors.length > 0 && <Button onClick={() => void download()}>{t('download')}</Button>}
                    <Button variant="contained" onClick={onClose}>
                        {t('finish')}
                    </Button>
                </>
            }
        >
            {isResumable && <Alert severity="info">{t('canResume')}</Alert>}
            <Counts result={result} />
            {downloadError !== undefined && <Alert severity="error">{errorText(downloadError)}</Alert>}
            {errors.length > 0 && (
                <ProblemTable
                    label={t('failedRows')}
                    problems={errors.slice(0, MOST_SHOWN).map(error => ({
                        rowNumber: error.rowNumber,
                        message: formatError(error),
                    }))}
                    note={errors.length > MOST_SHOWN && t('firstFailed', { count: MOST_SHOWN })}
                />
            )}
        </StepLayout>
    );
};
