import { Alert, type AlertProps, styled } from '@mui/material';
import type { ComponentType } from 'react';
import { RateLimitBannerClasses as classes, PREFIX } from './bannerClasses.js';

/** The height of react-admin's app bar, on phones as well. */
const APP_BAR = 48;

/**
 * The looks of the banner, which lies above the page. Its width is that of the screen and not that of its text, so that
 * nothing moves as the numbers change. Colours are those of the theme's alerts.
 */
export const BannerRoot: ComponentType<AlertProps> = styled(Alert, {
    name: PREFIX,
    overridesResolver: (_, styles) => styles.root,
})(({ theme }) => {
    const { palette, shadows } = theme.vars || theme;
    return {
        position: 'fixed',
        top: `calc(${APP_BAR}px + ${theme.spacing(1)})`,
        left: theme.spacing(1),
        right: theme.spacing(1),
        maxWidth: 560,
        margin: '0 auto',
        // In place of the margin of the icon, which is on the wrong side where text runs from right to left.
        gap: theme.spacing(1.5),
        '& .MuiAlert-icon': { marginRight: 0 },
        // Above dialogs: changes are made in them as well.
        zIndex: theme.zIndex.snackbar,
        // Shadows are lost on dark pages.
        border: '1px solid',
        [`&.${classes.waiting}`]: { borderColor: palette.info.main },
        [`&.${classes.open}`]: { borderColor: palette.warning.main },
        boxShadow: shadows[6],
        pointerEvents: 'none',
        '& .MuiAlert-action': { pointerEvents: 'auto', marginRight: theme.spacing(-1), paddingLeft: 0 },
        fontVariantNumeric: 'tabular-nums',
        // No unit stands alone in a second line.
        textWrap: 'balance',
        // Over the style attribute that the fade sets.
        '@media (prefers-reduced-motion: reduce)': { transition: 'none !important' },
    };
});
