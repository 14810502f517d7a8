import { Box, Typography } from '@mui/material';
import { useRateLimitService, useRateLimitState } from 'ra-rate-limit/react';
import { useFormat } from '../i18n/useFormat';
import { useText } from '../i18n/useText';
import { formatWait } from '../shared/format';

/** What happens now, and the counters since the page was loaded. */
export const AdminFacts = () => {
    const text = useText();
    const { number } = useFormat();
    const { consecutiveFailures, waiting, retryInMs } = useRateLimitState();
    const { rateLimited, retries, rejected } = useRateLimitService().getStats();
    const nextTry =
        retryInMs === null
            ? text('crm.limits.admin.atOnce')
            : text('crm.limits.admin.in', { wait: formatWait(retryInMs) });
    return (
        <Box
            component="dl"
            sx={{ display: 'grid', gridTemplateColumns: { xs: '1fr 1fr', sm: '1fr 1fr 1fr' }, gap: 2, m: 0 }}
        >
            <Fact name={text('crm.limits.admin.waiting')} value={number(waiting)} />
            <Fact name={text('crm.limits.admin.nextTry')} value={nextTry} />
            <Fact name={text('crm.limits.admin.failures')} value={number(consecutiveFailures)} />
            <Fact name={text('crm.limits.admin.refused')} value={number(rateLimited)} />
            <Fact name={text('crm.limits.admin.sentAgain')} value={number(retries)} />
            <Fact name={text('crm.limits.admin.turnedAway')} value={number(rejected)} />
        </Box>
    );
};

const Fact = ({ name, value }: { name: string; value: string }) => (
    <div>
        <Typography component="dt" variant="caption" color="text.secondary">
            {name}
        </Typography>
        <Typography
            component="dd"
            variant="h6"
            sx={{ m: 0, lineHeight: 1.3, fontVariantNumeric: 'tabular-nums', whiteSpace: 'nowrap' }}
        >
            {value}
        </Typography>
    </div>
);
