import { Step, StepLabel, Stepper, type Theme, Typography, useMediaQuery } from '@mui/material';
import { BulkImportDialogClasses as classes } from '../importDialogClasses.js';
import type { ImportStep } from '../useImportDialog.js';
import { useImportTexts } from '../useImportTexts.js';

const PLACES: Record<ImportStep['name'], number> = { choose: 0, read: 0, map: 1, check: 2, import: 3, summary: 4 };

/** Shows how far the person is. */
export const StepIndicator = ({ step }: { step: ImportStep['name'] }) => {
    const { t } = useImportTexts();
    const isPhone = useMediaQuery<Theme>(theme => theme.breakpoints.down('sm'));
    const labels = [t('stepChoose'), t('stepMap'), t('stepCheck'), t('stepImport')];
    const place = PLACES[step];

    if (isPhone) {
        return (
            <Typography variant="body2" className={classes.steps}>
                {t('stepOf', { step: Math.min(place + 1, labels.length), steps: labels.length })}
            </Typography>
        );
    }
    return (
        <Stepper activeStep={place} className={classes.steps}>
            {labels.map(label => (
                <Step key={label}>
                    <StepLabel>{label}</StepLabel>
                </Step>
            ))}
        </Stepper>
    );
};
