import { Alert, Typography } from '@mui/material';
import { useId, useState } from 'react';
import { type CsvErrorCode, isCsvError } from '../csv/csvError.js';
import { UploadIcon } from '../importIcons.js';
import type { ImportDialogState, ImportStep } from '../useImportDialog.js';
import { useImportTexts } from '../useImportTexts.js';
import { DropZone } from './DropZone.js';
import { FormatChoices } from './FormatChoices.js';
import { StepLayout } from './StepLayout.js';
import { UnfinishedImport } from './UnfinishedImport.js';

/** What may be wrong only because the file was read with another encoding or delimiter than its own. */
const FORMAT_ERRORS: ReadonlySet<CsvErrorCode> = new Set([
    'fileEncoding',
    'fileIsBinary',
    'fileWithoutRows',
    'fileQuoteOpen',
    'fileQuoteMisplaced',
]);

interface ChooseFileStepProps {
    step: Extract<ImportStep, { name: 'choose' }>;
    dialog: ImportDialogState;
}

export const ChooseFileStep = ({ step, dialog }: ChooseFileStepProps) => {
    const { t, errorText } = useImportTexts();
    const hintId = useId();
    const { file, error } = step;
    const [hasTooMany, setHasTooMany] = useState(false);

    const handleFiles = (files: File[]) => {
        const [file] = files;
        setHasTooMany(files.length > 1);
        if (file && files.length === 1) void dialog.choose(file);
    };

    return (
        <StepLayout title={t('stepChoose')}>
            <UnfinishedImport dialog={dialog} />
            {(hasTooMany || error !== undefined) && (
                <Alert severity="error">{hasTooMany ? t('oneFile') : errorText(error)}</Alert>
            )}
            {!hasTooMany && file && isCsvError(error) && FORMAT_ERRORS.has(error.code) && (
                <FormatChoices onChange={format => void dialog.choose(file, format)} />
            )}
            <DropZone onFiles={handleFiles} describedBy={hintId}>
                <UploadIcon fontSize="large" color="action" />
                <Typography component="span">{t('drop')}</Typography>
                <Typography component="span" variant="body2" id={hintId} sx={{ color: 'text.secondary' }}>
                    {t('dropHint')}
                </Typography>
            </DropZone>
        </StepLayout>
    );
};
