import { Button, Chip, Stack, Typography } from '@mui/material';
import { useRateLimitService, useRateLimitState } from 'ra-rate-limit/react';
import { Link as RouterLink } from 'react-router-dom';
import { useText } from '../i18n/useText';
import { useHasRateLimit } from '../useHasRateLimit';
import { AdminFacts } from './adminFacts';
import { LastEvents } from './lastEvents';
import { Panel } from './panel';

const STATUSES = {
    closed: { label: 'crm.limits.admin.closed', color: 'success', explanation: 'crm.limits.admin.closedText' },
    open: { label: 'crm.limits.admin.open', color: 'error', explanation: 'crm.limits.admin.openText' },
    'half-open': {
        label: 'crm.limits.admin.halfOpen',
        color: 'warning',
        explanation: 'crm.limits.admin.halfOpenText',
    },
    off: { label: 'crm.limits.admin.off', color: 'default', explanation: 'crm.limits.admin.offText' },
} as const;

/** What `withRateLimit` does about the limits. */
export const AdminPanel = () => {
    const text = useText();
    const { status, consecutiveFailures } = useRateLimitState();
    const service = useRateLimitService();
    const { label, color, explanation } = STATUSES[useHasRateLimit() ? status : 'off'];
    return (
        <Panel
            title={text('crm.limits.admin.title')}
            aside={
                <Chip label={text('crm.limits.admin.circuit', { status: text(label) })} color={color} size="small" />
            }
        >
            <Stack spacing={2}>
                <Typography variant="body2" color="text.secondary">
                    {text(explanation)}
                </Typography>
                <AdminFacts />
                <LastEvents />
                <Stack direction="row" useFlexGap spacing={1} sx={{ flexWrap: 'wrap' }}>
                    <Button
                        variant="outlined"
                        size="small"
                        disabled={status === 'closed' && consecutiveFailures === 0}
                        onClick={() => service.resetCircuit()}
                    >
                        {text('crm.limits.admin.close')}
                    </Button>
                    <Button component={RouterLink} to="/rate-limit" size="small">
                        {text('crm.limits.admin.more')}
                    </Button>
                </Stack>
            </Stack>
        </Panel>
    );
};
