import { Table, TableBody, TableCell, TableContainer, TableHead, TableRow, Typography } from '@mui/material';
import { useId } from 'react';
import type { CsvFile } from '../csv/inspectCsv.js';
import { BulkImportDialogClasses as classes } from '../importDialogClasses.js';
import type { ColumnMapping, LabelledField } from '../importFields.js';
import { toImportRow } from '../importRows.js';
import { useImportTexts } from '../useImportTexts.js';

interface PreviewTableProps {
    csv: CsvFile;
    mapping: ColumnMapping;
    fields: readonly LabelledField[];
}

/** The first rows of the file, field by field. */
export const PreviewTable = ({ csv, mapping, fields }: PreviewTableProps) => {
    const { t, errorText } = useImportTexts();
    const captionId = useId();
    const mapped = fields.filter(({ source }) => mapping.has(source));

    return (
        <div>
            <Typography variant="subtitle2" component="h4" id={captionId}>
                {t('preview')}
            </Typography>
            <TableContainer
                className={`${classes.table} ${classes.preview}`}
                tabIndex={0}
                role="region"
                aria-labelledby={captionId}
            >
                <Table size="small" aria-labelledby={captionId}>
                    <TableHead>
                        <TableRow>
                            <TableCell>{t('row')}</TableCell>
                            {mapped.map(({ source, label }) => (
                                <TableCell key={source}>{label}</TableCell>
                            ))}
                        </TableRow>
                    </TableHead>
                    <TableBody>
                        {csv.firstRows.map(csvRow => {
                            const row = toImportRow(csvRow, fields, mapping);
                            return (
                                <TableRow key={row.rowNumber}>
                                    <TableCell component="th" scope="row">
                                        {row.rowNumber}
                                    </TableCell>
                                    {'problem' in row ? (
                                        <TableCell colSpan={mapped.length}>{errorText(row.problem)}</TableCell>
                                    ) : (
                                        mapped.map(({ source }) => (
                                            <TableCell key={source}>{row.values[source]}</TableCell>
                                        ))
                                    )}
                                </TableRow>
                            );
                        })}
                    </TableBody>
                </Table>
            </TableContainer>
        </div>
    );
};
