import { Table, TableBody, TableCell, TableContainer, TableHead, TableRow, Typography } from '@mui/material';
import { BulkImportDialogClasses as classes } from '../importDialogClasses.js';
import { useImportTexts } from '../useImportTexts.js';

interface ProblemTableProps {
    label: string;
    problems: readonly { rowNumber: number; message: string }[];
    /** Said where there are more problems than are shown. */
    note?: string | false;
}

/** What is wrong with which row. */
export const ProblemTable = ({ label, problems, note }: ProblemTableProps) => {
    const { t } = useImportTexts();
    return (
        <>
            <TableContainer className={classes.table} tabIndex={0} role="region" aria-label={label}>
                <Table size="small" stickyHeader aria-label={label}>
                    <TableHead>
                        <TableRow>
                            <TableCell>{t('row')}</TableCell>
                            <TableCell>{t('problem')}</TableCell>
                        </TableRow>
                    </TableHead>
                    <TableBody>
                        {problems.map(({ rowNumber, message }) => (
                            <TableRow key={rowNumber}>
                                <TableCell component="th" scope="row">
                                    {rowNumber}
                                </TableCell>
                                <TableCell className={classes.message}>{message}</TableCell>
                            </TableRow>
                        ))}
                    </TableBody>
                </Table>
            </TableContainer>
            {note && <Typography variant="body2">{note}</Typography>}
        </>
    );
};
