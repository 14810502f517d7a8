import { Alert, Button } from '@mui/material';
import type { ImportDialogState } from '../useImportDialog.js';
import { useImportTexts } from '../useImportTexts.js';

/** Offers to go on with an import that did not come to its end. */
export const UnfinishedImport = ({ dialog }: { dialog: ImportDialogState }) => {
    const { t } = useImportTexts();
    const { unfinished } = dialog;
    if (!unfinished) return null;
    if (unfinished.runsElsewhere) return <Alert severity="info">{t('runsElsewhere')}</Alert>;

    const { file, processed, total } = unfinished;
    return (
        <Alert
            severity="info"
            action={
                <>
                    <Button color="inherit" size="small" onClick={() => void dialog.discard()}>
                        {t('discard')}
                    </Button>
                    {file && (
                        <Button color="inherit" size="small" onClick={() => void dialog.start(file)}>
                            {t('resumeImport')}
                        </Button>
                    )}
                </>
            }
        >
            {file
                ? t('unfinished', { file: file.csv.file.name, processed, total: total ?? file.csv.rows })
                : t('unfinishedWithoutFile', { processed })}
        </Alert>
    );
};
