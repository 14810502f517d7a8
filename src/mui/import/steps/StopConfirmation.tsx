import { Button, Dialog, DialogActions, DialogContent, DialogContentText, DialogTitle } from '@mui/material';
import { useId } from 'react';
import { useImportTexts } from '../useImportTexts.js';

interface StopConfirmationProps {
    open: boolean;
    canResume: boolean;
    onStop: () => void;
    onGoOn: () => void;
}

/** Asks before an import is stopped. It goes on meanwhile. */
export const StopConfirmation = ({ open, canResume, onStop, onGoOn }: StopConfirmationProps) => {
    const { t } = useImportTexts();
    const id = useId();
    return (
        <Dialog
            open={open}
            onClose={onGoOn}
            role="alertdialog"
            aria-labelledby={`${id}-title`}
            aria-describedby={`${id}-text`}
        >
            <DialogTitle id={`${id}-title`}>{t('stopTitle')}</DialogTitle>
            <DialogContent>
                <DialogContentText id={`${id}-text`}>
                    {canResume ? t('stopTextResumable') : t('stopText')}
                </DialogContentText>
            </DialogContent>
            <DialogActions>
                <Button color="error" onClick={onStop}>
                    {t('stop')}
                </Button>
                <Button onClick={onGoOn} autoFocus>
                    {t('goOn')}
                </Button>
            </DialogActions>
        </Dialog>
    );
};
