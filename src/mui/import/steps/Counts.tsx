import { Typography } from '@mui/material';
import type { BulkImportResult } from '../../../react/useBulkImport.js';
import { formatDuration } from '../../formatDuration.js';
import { BulkImportDialogClasses as classes } from '../importDialogClasses.js';
import { type ImportMessage, useImportTexts } from '../useImportTexts.js';

type Counted = 'failed' | 'unknown' | 'notAttempted' | 'retries' | 'rateLimited';

/** The counts of an import. What did not happen is not listed. */
export const Counts = ({ result }: { result: BulkImportResult<unknown> }) => {
    const { t, number } = useImportTexts();
    const counts: [ImportMessage, string][] = [['imported', number(result.succeeded)]];
    for (const name of ['failed', 'unknown', 'notAttempted', 'retries', 'rateLimited'] satisfies Counted[]) {
        if (result[name] > 0) counts.push([name, number(result[name])]);
    }
    counts.push(['duration', formatDuration(result.durationMs)]);

    return (
        <dl className={classes.counts}>
            {counts.map(([name, text]) => (
                <div key={name} className={classes.count}>
                    <Typography component="dt" variant="body2">
                        {t(name)}
                    </Typography>
                    <Typography component="dd" variant="h6">
                        {text}
                    </Typography>
                </div>
            ))}
        </dl>
    );
};
