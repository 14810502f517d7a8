import { NativeSelect, Typography } from '@mui/material';
import { useId } from 'react';
import type { CsvFile } from '../csv/inspectCsv.js';
import { BulkImportDialogClasses as classes } from '../importDialogClasses.js';
import type { LabelledField } from '../importFields.js';
import { useImportTexts } from '../useImportTexts.js';

interface FieldRowProps {
    field: LabelledField;
    csv: CsvFile;
    column: number | undefined;
    onChange: (column: number | undefined) => void;
}

/** A field, the column that fills it, and what stands there in the first rows. */
export const FieldRow = ({ field, csv, column, onChange }: FieldRowProps) => {
    const { t } = useImportTexts();
    const id = useId();
    const exampleId = useId();
    const examples = new Set(csv.firstRows.map(({ cells }) => cells[column ?? -1]?.trim()).filter(Boolean));

    return (
        <div className={classes.field}>
            <Typography component="label" htmlFor={id}>
                {field.label}
                {field.required && <small> ({t('required')})</small>}
            </Typography>
            <NativeSelect
                id={id}
                value={column ?? ''}
                error={field.required === true && column === undefined}
                aria-describedby={exampleId}
                onChange={({ target }) => onChange(target.value === '' ? undefined : Number(target.value))}
            >
                <option value="">{t('noColumn')}</option>
                {csv.columns.map((_, index) => (
                    // biome-ignore lint/suspicious/noArrayIndexKey: its place is what a column is known by
                    <option key={index} value={index}>
                        {columnName(csv.columns, index, t)}
                    </option>
                ))}
            </NativeSelect>
            <Typography variant="body2" id={exampleId} className={classes.example}>
                {examples.size > 0 && t('example', { values: [...examples].slice(0, 2).join(', ') })}
            </Typography>
        </div>
    );
};

function columnName(columns: readonly string[], index: number, t: ReturnType<typeof useImportTexts>['t']): string {
    const name = columns[index] ?? '';
    if (name === '') return t('columnNumber', { number: index + 1 });
    const isUnique = columns.indexOf(name) === columns.lastIndexOf(name);
    return isUnique ? name : t('columnNamed', { name, number: index + 1 });
}
