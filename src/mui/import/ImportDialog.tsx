import { DialogTitle, IconButton, type SxProps, type Theme, useMediaQuery } from '@mui/material';
import { type DragEvent, type MouseEvent, type ReactNode, useId } from 'react';
import { useGetResourceLabel, useTranslateLabel } from 'react-admin';
import { toText } from '../../core/safely.js';
import type { BulkImport } from '../../react/useBulkImport.js';
import { isCsvError } from './csv/csvError.js';
import type { FormatError } from './formatError.js';
import { ImportDialogRoot } from './ImportDialogRoot.js';
import { BulkImportDialogClasses as classes } from './importDialogClasses.js';
import type { ImportField, LabelledField } from './importFields.js';
import { CloseIcon } from './importIcons.js';
import type { ValidateRow } from './importRowOptions.js';
import type { ImportRow } from './importRows.js';
import { CheckRowsStep } from './steps/CheckRowsStep.js';
import { ChooseFileStep } from './steps/ChooseFileStep.js';
import { HaltedImport } from './steps/HaltedImport.js';
import { ImportRowsStep } from './steps/ImportRowsStep.js';
import { MapColumnsStep } from './steps/MapColumnsStep.js';
import { ReadFileStep } from './steps/ReadFileStep.js';
import { StepIndicator } from './steps/StepIndicator.js';
import { StopConfirmation } from './steps/StopConfirmation.js';
import { SummaryStep } from './steps/SummaryStep.js';
import { useImportDialog } from './useImportDialog.js';
import { useImportTexts } from './useImportTexts.js';

export interface ImportDialogProps {
    open: boolean;
    onClose: () => void;
    resource: string | undefined;
    fields: readonly ImportField[];
    bulkImport: BulkImport<ImportRow>;
    validate?: ValidateRow | undefined;
    formatError?: FormatError | undefined;
    options?: ReactNode;
    className?: string | undefined;
    sx?: SxProps<Theme> | undefined;
}

/** The dialog around an import that is given. */
export const ImportDialog = (props: ImportDialogProps) => {
    const { open, onClose, resource, bulkImport, validate, options, className, sx } = props;
    const { t } = useImportTexts();
    const titleId = useId();
    const isPhone = useMediaQuery<Theme>(theme => theme.breakpoints.down('sm'));
    const getResourceLabel = useGetResourceLabel();
    const fields = useLabelledFields(resource, props.fields);
    const formatError = useFormatError(props.formatError, fields);
    const dialog = useImportDialog({ open, fields, bulkImport, validate });
    const { step } = dialog;

    const close = () => {
        if (!dialog.isUnderWay) onClose();
        else if (dialog.isRunning) dialog.askToStop();
    };
    return (
        <ImportDialogRoot
            open={open}
            // A click beside the dialog is too easily made to give up anything for it.
            onClose={(_, reason) => reason !== 'backdropClick' && close()}
            fullWidth
            maxWidth="md"
            fullScreen={isPhone}
            aria-labelledby={titleId}
            className={className}
            {...(sx && { sx })}
            onClickCapture={dropSecondClick}
            onDragOver={keepPage}
            onDrop={keepPage}
        >
            <div className={classes.title}>
                <DialogTitle id={titleId}>
                    {t('title', { name: resource === undefined ? '' : getResourceLabel(resource, 2) })}
                </DialogTitle>
                <IconButton aria-label={t('close')} onClick={close}>
                    <CloseIcon />
                </IconButton>
            </div>
            <StepIndicator step={step.name} />
            {step.name === 'choose' && <ChooseFileStep step={step} dialog={dialog} />}
            {step.name === 'read' && <ReadFileStep step={step} dialog={dialog} />}
            {step.name === 'map' && <MapColumnsStep step={step} dialog={dialog} fields={fields} options={options} />}
            {step.name === 'check' && <CheckRowsStep step={step} dialog={dialog} formatError={formatError} />}
            {step.name === 'import' && !step.isHalted && <ImportRowsStep step={step} dialog={dialog} />}
            {step.name === 'import' && step.isHalted && <HaltedImport step={step} dialog={dialog} onClose={onClose} />}
            {step.name === 'summary' && (
                <SummaryStep
                    step={step}
                    formatError={formatError}
                    isResumable={dialog.unfinished !== null}
                    onClose={onClose}
                />
            )}
            <StopConfirmation
                open={step.name === 'import' && step.stop === 'asked'}
                canResume={dialog.canResume}
                onStop={dialog.stop}
                onGoOn={dialog.goOn}
            />
        </ImportDialogRoot>
    );
};

/**
 * The second click of a double click hits the button that the first one has brought in place of its own: it would skip a
 * step, or discard an import.
 */
function dropSecondClick(event: MouseEvent) {
    const isOfButton = (event.target as Element).closest('button') !== null;
    if (event.detail > 1 && isOfButton) event.stopPropagation();
}

/** A file that misses the drop zone must not replace the page. */
const keepPage = (event: DragEvent) => event.preventDefault();

function useLabelledFields(resource: string | undefined, fields: readonly ImportField[]): LabelledField[] {
    const translateLabel = useTranslateLabel();
    return fields.map(field => {
        const { source, label } = field;
        const text = translateLabel({ source, ...(label !== undefined && { label }), ...(resource && { resource }) });
        return { ...field, label: String(text) };
    });
}

/** What is wrong with the file is known here, whatever the app makes of its server's errors. */
function useFormatError(formatError: FormatError | undefined, fields: readonly LabelledField[]): FormatError {
    const { t, errorText } = useImportTexts();
    return error => {
        const own = formatError && !isCsvError(error.error) && textOf(formatError, error);
        if (own) return own;
        const message = errorText(error.error, fields);
        return error.outcome === 'unknown' ? t('outcomeUnknown', { message }) : message;
    };
}

/** What the app says of an error. One that it has no words for, or that its code fails for, must not cost the summary. */
function textOf(formatError: FormatError, error: Parameters<FormatError>[0]): string {
    try {
        return toText(formatError(error));
    } catch {
        return '';
    }
}
