import { LinearProgress, Typography } from '@mui/material';
import { BulkImportDialogClasses } from '../importDialogClasses.js';

interface LabelledProgressProps {
    label: string;
    /** From 0 to 1. */
    share: number;
    /** How far it is, in words. */
    text?: string;
}

export const LabelledProgress = ({ label, share, text }: LabelledProgressProps) => (
    <div className={BulkImportDialogClasses.progress}>
        <LinearProgress
            aria-label={label}
            aria-valuetext={text}
            variant="determinate"
            value={Math.min(100, share * 100)}
        />
        {text && <Typography>{text}</Typography>}
    </div>
);
