import { DialogActions, DialogContent, Typography } from '@mui/material';
import { type ReactNode, useEffect, useRef } from 'react';
import { BulkImportDialogClasses } from '../importDialogClasses.js';

interface StepLayoutProps {
    title: string;
    actions?: ReactNode;
    children: ReactNode;
}

/** A step: its heading, its content, its buttons. The heading has the focus at first, so that a new step is read out. */
export const StepLayout = ({ title, actions, children }: StepLayoutProps) => {
    const heading = useRef<HTMLHeadingElement>(null);
    useEffect(() => heading.current?.focus(), []);

    return (
        <>
            <DialogContent dividers>
                <Typography
                    ref={heading}
                    component="h3"
                    variant="h6"
                    tabIndex={-1}
                    className={BulkImportDialogClasses.heading}
                >
                    {title}
                </Typography>
                {children}
            </DialogContent>
            {actions && <DialogActions>{actions}</DialogActions>}
        </>
    );
};
