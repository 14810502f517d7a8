import {
    type ComponentsOverrides,
    type ComponentsVariants,
    Fade,
    Portal,
    type SxProps,
    type Theme,
    useThemeProps,
} from '@mui/material';
import { type FocusEvent, type MouseEvent, useEffect, useRef, useState } from 'react';
import { useRateLimitState } from '../../react/useRateLimitState.js';
import { formatDuration } from '../formatDuration.js';
import { BannerRoot } from './BannerRoot.js';
import { RateLimitBannerClasses as classes, PREFIX, type RateLimitBannerClassKey } from './bannerClasses.js';
import { LiveRegion } from './LiveRegion.js';
import { type Notice, noticeOf } from './notice.js';
import { useAnnouncement } from './useAnnouncement.js';
import { useBannerTexts } from './useBannerTexts.js';
import { useSteadyNotice } from './useSteadyNotice.js';

export interface RateLimitBannerProps {
    className?: string | undefined;
    sx?: SxProps<Theme> | undefined;
}

/**
 * Tells people when their changes wait for the server, and when they can save again. It lies above the page, under the
 * app bar, moves nothing, and comes and goes by itself. Who wants to see what it covers closes it until there is something
 * else to tell. Mount it once. Imports show nothing here.
 *
 * @throws {Error} when there is no rate limit service: see `useRateLimitService`
 *
 * @example
 * const MyLayout = ({ children }: { children: ReactNode }) => (
 *     <Layout>
 *         <RateLimitBanner />
 *         {children}
 *     </Layout>
 * );
 */
export const RateLimitBanner = (inProps: RateLimitBannerProps) => {
    const { className, sx } = useThemeProps({ props: inProps, name: PREFIX });
    const { notice, isShown } = useSteadyNotice(noticeOf(useRateLimitState()));
    const announcement = useAnnouncement(isShown ? notice : null);
    const { textOf, closeText } = useBannerTexts();
    const news = newsOf(notice);
    const [closed, close] = useState<typeof news>(null);
    if (closed && !isShown) close(null);
    const isVisible = isShown && news !== closed;
    // Who uses the keyboard gets their place on the page back.
    const cameFrom = useRef<HTMLElement | null>(null);
    useEffect(() => {
        if (!isVisible) cameFrom.current?.focus();
    }, [isVisible]);
    const isCounting = notice !== null && notice.remainingMs !== null;
    return (
        // Out of the layout, whose own layer is under that of dialogs.
        <Portal>
            <LiveRegion text={announcement} />
            <Fade in={isVisible} mountOnEnter unmountOnExit>
                <BannerRoot
                    // Not the alert that it is by itself: a screen reader would read it out each second.
                    role="none"
                    // A theme's alerts may be outlined: one could see through it.
                    variant="standard"
                    onClose={() => close(news)}
                    closeText={closeText}
                    slotProps={{
                        closeButton: {
                            // Who fills in a form goes on with that.
                            onMouseDown: (event: MouseEvent) => event.preventDefault(),
                            onFocus: (event: FocusEvent) => {
                                cameFrom.current = event.relatedTarget as HTMLElement | null;
                            },
                            onBlur: () => {
                                cameFrom.current = null;
                            },
                        },
                    }}
                    severity={notice?.kind === 'open' ? 'warning' : 'info'}
                    className={[notice && classes[notice.kind], className].filter(Boolean).join(' ')}
                    {...(sx && { sx })}
                >
                    <span {...(isCounting && { role: 'timer', 'aria-live': 'off' })}>
                        {notice && textOf(notice, formatDuration)}
                    </span>
                </BannerRoot>
            </Fade>
        </Portal>
    );
};

/** What is told once. That the circuit has opened again, or stays open for longer, is told again. */
const newsOf = (notice: Notice | null) => (notice?.kind === 'open' ? notice.until : (notice?.kind ?? null));

declare module '@mui/material/styles' {
    interface ComponentNameToClassKey {
        RaRateLimitBanner: RateLimitBannerClassKey;
    }

    interface ComponentsPropsList {
        RaRateLimitBanner: Partial<RateLimitBannerProps>;
    }

    interface Components {
        RaRateLimitBanner?: {
            defaultProps?: ComponentsPropsList['RaRateLimitBanner'];
            styleOverrides?: ComponentsOverrides<Omit<Theme, 'components'>>['RaRateLimitBanner'];
            variants?: ComponentsVariants<Omit<Theme, 'components'>>['RaRateLimitBanner'];
        };
    }
}
