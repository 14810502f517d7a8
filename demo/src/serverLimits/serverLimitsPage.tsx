import { Alert, Grid, Stack, Typography } from '@mui/material';
import { Title } from 'react-admin';
import { useText } from '../i18n/useText';
import { AdminPanel } from './adminPanel';
import { LimitsForm } from './limitsForm';
import { LimitsNowPanel } from './limitsNowPanel';
import { RolloutPanel } from './rolloutPanel';
import { TryItPanel } from './tryItPanel';
import { useLimits } from './useLimits';

export const ServerLimitsPage = () => {
    const text = useText();
    const { limits, error, apply } = useLimits();
    return (
        <>
            <Title title="crm.limits.title" />
            <Typography variant="h5" component="h1" sx={{ mt: 2 }}>
                {text('crm.limits.title')}
            </Typography>
            <Typography color="text.secondary" sx={{ mb: 2, maxWidth: 800 }}>
                {text('crm.limits.intro')}
            </Typography>
            {error && (
                <Alert severity="error" sx={{ mb: 2 }}>
                    {text('crm.limits.unreadable', { message: error.message })}
                </Alert>
            )}
            {limits && (
                <Grid container spacing={2} sx={{ mb: 2 }}>
                    <Grid size={{ xs: 12, md: 6 }}>
                        <Stack spacing={2} sx={COLUMN}>
                            <LimitsForm limits={limits} apply={apply} />
                            <TryItPanel />
                        </Stack>
                    </Grid>
                    <Grid size={{ xs: 12, md: 6 }}>
                        <Stack spacing={2} sx={COLUMN}>
                            <LimitsNowPanel limits={limits} />
                            <AdminPanel />
                        </Stack>
                    </Grid>
                    <Grid size={12}>
                        <RolloutPanel />
                    </Grid>
                </Grid>
            )}
        </>
    );
};

/** Both columns end at the same height. */
const COLUMN = { height: '100%', '& > :last-child': { flexGrow: 1 } } as const;
