import { Dialog, type DialogProps, styled } from '@mui/material';
import type { ComponentType } from 'react';
import { BulkImportDialogClasses as classes, PREFIX } from './importDialogClasses.js';

/** The looks of the dialog. Colours are those of the theme alone, so that dark themes need nothing more. */
export const ImportDialogRoot: ComponentType<DialogProps> = styled(Dialog, {
    name: PREFIX,
    overridesResolver: (_, styles) => styles.root,
})(({ theme }) => {
    const { palette } = theme.vars || theme;
    return {
        '& .MuiDialogContent-root': {
            display: 'flex',
            flexDirection: 'column',
            gap: theme.spacing(2),
            // Names of files and columns, and what servers say, may have no spaces.
            overflowWrap: 'anywhere',
        },
        // Of colours, none are left then, and the paper has no edge.
        '@media (forced-colors: active)': {
            '& .MuiDialog-paper': { border: '1px solid' },
            '& .MuiLinearProgress-root': { forcedColorAdjust: 'none' },
        },
        [theme.breakpoints.down('sm')]: {
            '& .MuiAlert-root': { flexWrap: 'wrap' },
            '& .MuiAlert-message': { flex: '1 1 70%' },
        },
        [`& .${classes.title}`]: {
            display: 'flex',
            alignItems: 'center',
            justifyContent: 'space-between',
            gap: theme.spacing(1),
        },
        [`& .${classes.steps}`]: { padding: theme.spacing(0, 3, 2) },
        [`& .${classes.heading}`]: { outline: 'none' },
        [`& .${classes.dropZone}`]: {
            display: 'flex',
            flexDirection: 'column',
            alignItems: 'center',
            gap: theme.spacing(1),
            padding: theme.spacing(5, 2),
            textAlign: 'center',
            cursor: 'pointer',
            border: `2px dashed ${palette.divider}`,
            borderRadius: theme.shape.borderRadius,
            '&:hover': { backgroundColor: palette.action.hover },
            '&:focus-within': { borderColor: palette.primary.main },
        },
        [`& .${classes.dropZoneActive}`]: {
            borderColor: palette.primary.main,
            backgroundColor: palette.action.hover,
        },
        [`& .${classes.format}`]: {
            display: 'flex',
            flexWrap: 'wrap',
            gap: theme.spacing(2),
            '& select': { minWidth: theme.spacing(15) },
        },
        [`& .${classes.field}`]: {
            display: 'grid',
            gridTemplateColumns: 'minmax(0, 3fr) minmax(0, 4fr) minmax(0, 5fr)',
            alignItems: 'center',
            gap: theme.spacing(0, 2),
            padding: theme.spacing(1, 0),
            borderBottom: `1px solid ${palette.divider}`,
            [theme.breakpoints.down('sm')]: { gridTemplateColumns: 'minmax(0, 1fr)' },
        },
        [`& .${classes.example}`]: {
            color: palette.text.secondary,
            overflow: 'hidden',
            textOverflow: 'ellipsis',
            whiteSpace: 'nowrap',
        },
        [`& .${classes.table}`]: {
            maxHeight: '40vh',
            flexShrink: 0,
            '& th:first-of-type': { width: '1%', whiteSpace: 'nowrap' },
        },
        [`& .${classes.preview} .MuiTableCell-root`]: {
            maxWidth: theme.spacing(30),
            overflow: 'hidden',
            textOverflow: 'ellipsis',
            whiteSpace: 'nowrap',
        },
        [`& .${classes.progress}`]: { display: 'flex', flexDirection: 'column', gap: theme.spacing(1) },
        [`& .${classes.details}`]: { color: palette.text.secondary, minHeight: '1.5em' },
        // Of an alert in one line: nothing moves as it comes and goes.
        [`& .${classes.notice}`]: { minHeight: 48 },
        [`& .${classes.counts}`]: {
            display: 'grid',
            gridTemplateColumns: 'repeat(auto-fill, minmax(9rem, 1fr))',
            gap: theme.spacing(2),
            margin: 0,
        },
        [`& .${classes.count}`]: { '& dt': { color: palette.text.secondary }, '& dd': { margin: 0 } },
        [`& .${classes.visuallyHidden}`]: {
            position: 'absolute',
            width: 1,
            height: 1,
            overflow: 'hidden',
            clipPath: 'inset(50%)',
            whiteSpace: 'nowrap',
        },
    };
});
