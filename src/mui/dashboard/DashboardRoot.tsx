import { type BoxProps, styled } from '@mui/material';
import type { ComponentType } from 'react';
import { RateLimitDashboardClasses as classes, PREFIX } from './dashboardClasses.js';
import { colorVariable } from './series.js';

/** The looks of the page. Colours are those of the theme alone, so that dark themes need nothing more. */
export const DashboardRoot: ComponentType<Pick<BoxProps<'div'>, 'className' | 'sx' | 'children'>> = styled('div', {
    name: PREFIX,
    overridesResolver: (_, styles) => styles.root,
})(({ theme }) => {
    const { palette } = theme.vars || theme;
    return {
        [colorVariable('calls')]: palette.primary.main,
        [colorVariable('retries')]: palette.warning.main,
        [colorVariable('rateLimited')]: palette.text.secondary,
        [colorVariable('failures')]: palette.error.main,
        display: 'grid',
        gridTemplateColumns: 'minmax(0, 1fr)',
        gap: theme.spacing(2),
        padding: theme.spacing(2, 0),
        [theme.breakpoints.down('sm')]: { padding: theme.spacing(2) },
        [`& .${classes.header}`]: {
            display: 'flex',
            flexWrap: 'wrap',
            alignItems: 'center',
            justifyContent: 'space-between',
            gap: theme.spacing(1, 2),
        },
        [`& .${classes.actions}`]: { display: 'flex', flexWrap: 'wrap', gap: theme.spacing(1) },
        [`& .${classes.state}`]: {
            display: 'flex',
            flexWrap: 'wrap',
            alignItems: 'center',
            gap: theme.spacing(1, 2),
            padding: theme.spacing(2),
        },
        [`& .${classes.dot}`]: {
            display: 'inline-block',
            flexShrink: 0,
            width: 10,
            height: 10,
            borderRadius: '50%',
            forcedColorAdjust: 'none',
            '&[data-tone="success"]': { backgroundColor: palette.success.main },
            '&[data-tone="info"]': { backgroundColor: palette.info.main },
            '&[data-tone="warning"]': { backgroundColor: palette.warning.main },
            '&[data-tone="error"]': { backgroundColor: palette.error.main },
        },
        [`& .${classes.totals}`]: {
            display: 'grid',
            gridTemplateColumns: 'repeat(auto-fill, minmax(9.5rem, 1fr))',
            gap: theme.spacing(2),
            margin: 0,
            '& dd': { margin: 0 },
        },
        [`& .${classes.total}`]: { padding: theme.spacing(2) },
        [`& .${classes.section}`]: {
            display: 'grid',
            gridTemplateColumns: 'minmax(0, 1fr)',
            gap: theme.spacing(1),
            padding: theme.spacing(2),
        },
        [`& .${classes.secondary}`]: { color: palette.text.secondary },
        [`& .${classes.legend}`]: {
            display: 'flex',
            flexWrap: 'wrap',
            gap: theme.spacing(0.5, 3),
            margin: 0,
            padding: 0,
            listStyle: 'none',
        },
        [`& .${classes.swatch}`]: {
            display: 'inline-block',
            width: 12,
            height: 12,
            marginRight: theme.spacing(1),
            borderRadius: 2,
            forcedColorAdjust: 'none',
        },
        [`& .${classes.chart}`]: {
            height: 280,
            display: 'grid',
            gridTemplateColumns: 'minmax(0, 1fr)',
            color: palette.text.secondary,
            fontSize: theme.typography.caption.fontSize,
            '& .recharts-cartesian-grid line, & .recharts-cartesian-axis-line': { stroke: palette.divider },
            '& .recharts-reference-line line': { stroke: 'currentColor' },
            '& .recharts-tooltip-cursor': { fill: palette.action.hover, stroke: palette.divider },
            '& .recharts-surface:focus-visible': {
                outline: `2px solid ${palette.primary.main}`,
                borderRadius: theme.shape.borderRadius,
            },
        },
        [`& .${classes.tooltip}`]: { padding: theme.spacing(1, 1.5) },
        [`& .${classes.empty}`]: {
            padding: theme.spacing(4, 2),
            textAlign: 'center',
            color: palette.text.secondary,
        },
        [`& .${classes.table}`]: {
            maxHeight: 480,
            '& .MuiTableCell-root': {
                whiteSpace: 'nowrap',
                [theme.breakpoints.down('sm')]: { padding: theme.spacing(0.75, 1) },
            },
            [`& .${classes.dot}`]: { marginRight: theme.spacing(1) },
        },
    };
});
