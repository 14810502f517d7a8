import { styled } from '@mui/material';
import { useEffect, useRef } from 'react';
import { RateLimitBannerClasses } from './bannerClasses.js';

const VisuallyHidden = styled('div')({
    position: 'fixed',
    top: 0,
    left: 0,
    width: 1,
    height: 1,
    overflow: 'hidden',
    clipPath: 'inset(50%)',
    whiteSpace: 'nowrap',
});

/** Tells screen readers its text whenever that changes. They must know it before, so it is always mounted. */
export const LiveRegion = ({ text }: { text: string }) => {
    const ref = useRef<HTMLDivElement>(null);

    // MUI's dialogs hide what is beside them from screen readers, and with it the fate of changes made in a dialog.
    useEffect(() => {
        const region = ref.current as HTMLDivElement;
        const observer = new MutationObserver(() => region.removeAttribute('aria-hidden'));
        observer.observe(region, { attributeFilter: ['aria-hidden'] });
        return () => observer.disconnect();
    }, []);

    return (
        <VisuallyHidden ref={ref} role="status" className={RateLimitBannerClasses.status}>
            {text}
        </VisuallyHidden>
    );
};
