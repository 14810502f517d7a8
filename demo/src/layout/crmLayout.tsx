import { RateLimitBanner } from 'ra-rate-limit/mui';
import { useRecordRateLimitHistory } from 'ra-rate-limit/react';
import { useEffect } from 'react';
import { Layout, type LayoutProps, useLocale } from 'react-admin';
import { CrmMenu } from './crmMenu';

const PHONE = {
    // Wide tables scroll by themselves, not the whole page with them.
    minWidth: 0,
    '& .RaLayout-content, & .RaList-main': { minWidth: 0 },
    '& .RaDataTable-tableWrapper': { overflowX: 'auto' },
    // Of the languages the icon alone: the title of the page needs the room.
    '& .RaAppBar-toolbar [aria-haspopup]': {
        minWidth: 0,
        fontSize: { xs: 0, sm: '0.875rem' },
        '& .MuiButton-endIcon': { display: { xs: 'none', sm: 'inherit' } },
    },
} as const;

export const CrmLayout = ({ children, ...props }: LayoutProps) => {
    useRecordRateLimitHistory();
    const locale = useLocale();
    useEffect(() => {
        document.documentElement.lang = locale; // how screen readers pronounce it
    }, [locale]);
    return (
        <Layout menu={CrmMenu} sx={PHONE} {...props}>
            <RateLimitBanner />
            {children}
        </Layout>
    );
};
