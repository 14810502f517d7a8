import { Alert, Button, Typography } from '@mui/material';
import { type ReactNode, useId } from 'react';
import { BulkImportDialogClasses as classes } from '../importDialogClasses.js';
import { type ColumnMapping, type LabelledField, simplify } from '../importFields.js';
import type { ImportDialogState, MapStep } from '../useImportDialog.js';
import { useImportTexts } from '../useImportTexts.js';
import { FieldRow } from './FieldRow.js';
import { FormatChoices } from './FormatChoices.js';
import { PreviewTable } from './PreviewTable.js';
import { StepLayout } from './StepLayout.js';

interface MapColumnsStepProps {
    step: MapStep;
    dialog: ImportDialogState;
    fields: readonly LabelledField[];
    options: ReactNode;
}

export const MapColumnsStep = ({ step, dialog, fields, options }: MapColumnsStepProps) => {
    const { t, errorText } = useImportTexts();
    const blockedId = useId();
    const { csv, mapping, error } = step;

    const missing = fields.filter(({ source, required }) => required && !mapping.has(source));
    const blocked =
        (missing.length > 0 && t('columnMissing', { fields: missing.map(({ label }) => label).join(', ') })) ||
        (mapping.size === 0 && t('nothingMapped'));

    return (
        <StepLayout
            title={t('stepMap')}
            actions={
                <>
                    <Button onClick={dialog.backToFile}>{t('back')}</Button>
                    <Button
                        variant="contained"
                        disabled={Boolean(blocked)}
                        aria-describedby={blocked ? blockedId : undefined}
                        onClick={() => void dialog.check(step)}
                    >
                        {t('check')}
                    </Button>
                </>
            }
        >
            <Typography>
                {t('fileRows', { file: csv.file.name, rows: csv.rows })}. {t('mapIntro')}
            </Typography>
            {error !== undefined && <Alert severity="error">{errorText(error)}</Alert>}
            <FormatChoices
                encoding={csv.encoding}
                delimiter={csv.delimiter}
                onChange={format => void dialog.readAs(step, format)}
            />
            <ColumnWarnings columns={csv.columns} isGuess={csv.isEncodingGuessed} />
            <div className={classes.fields}>
                {fields.map(field => (
                    <FieldRow
                        key={field.source}
                        field={field}
                        csv={csv}
                        column={mapping.get(field.source)}
                        onChange={column => dialog.map(step, field.source, column)}
                    />
                ))}
            </div>
            <ColumnsLeftOut columns={csv.columns} mapping={mapping} />
            {blocked && (
                <Alert severity="warning" id={blockedId}>
                    {blocked}
                </Alert>
            )}
            {options && <div className={classes.options}>{options}</div>}
            {mapping.size > 0 && <PreviewTable csv={csv} mapping={mapping} fields={fields} />}
        </StepLayout>
    );
};

/** How many of them are named: some exports have a hundred. */
const MOST_NAMES = 10;

/** A column whose name no field knows must not be lost without a word. */
const ColumnsLeftOut = ({ columns, mapping }: { columns: readonly string[]; mapping: ColumnMapping }) => {
    const { t } = useImportTexts();
    const taken = new Set(mapping.values());
    const names = columns.filter((name, index) => name !== '' && !taken.has(index));
    if (names.length === 0) return null;
    const shown = names.slice(0, MOST_NAMES).map(name => t('quoted', { name }));
    return (
        <Typography variant="body2" color="textSecondary" className={classes.message}>
            {t('columnsLeftOut', { names: (names.length > MOST_NAMES ? [...shown, '…'] : shown).join(', ') })}
        </Typography>
    );
};

/** What about the header deserves a second look. */
const ColumnWarnings = ({ columns, isGuess }: { columns: readonly string[]; isGuess: boolean }) => {
    const { t } = useImportTexts();
    const named = columns.filter(name => name !== '');
    const alike = named.map(name => simplify(name) || name);
    const repeated = new Set(
        named.filter((_, index) => alike.indexOf(alike[index] ?? '') !== alike.lastIndexOf(alike[index] ?? '')),
    );
    const nameless = columns.length - named.length;
    return (
        <>
            {isGuess && <Alert severity="info">{t('guessedEncoding')}</Alert>}
            {repeated.size > 0 && (
                <Alert severity="warning">
                    {t('columnsWithSameName', { names: [...repeated].map(name => t('quoted', { name })).join(', ') })}
                </Alert>
            )}
            {nameless > 0 && <Alert severity="warning">{t('columnsWithoutName', { count: nameless })}</Alert>}
        </>
    );
};
