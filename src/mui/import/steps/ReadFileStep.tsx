import { Button } from '@mui/material';
import type { ImportDialogState, ImportStep } from '../useImportDialog.js';
import { useImportTexts } from '../useImportTexts.js';
import { LabelledProgress } from './LabelledProgress.js';
import { StepLayout } from './StepLayout.js';

interface ReadFileStepProps {
    step: Extract<ImportStep, { name: 'read' }>;
    dialog: ImportDialogState;
}

export const ReadFileStep = ({ step, dialog }: ReadFileStepProps) => {
    const { t } = useImportTexts();
    const title = t('reading', { file: step.file.name });
    return (
        <StepLayout title={title} actions={<Button onClick={dialog.backToFile}>{t('back')}</Button>}>
            <LabelledProgress label={title} share={step.share} />
        </StepLayout>
    );
};
