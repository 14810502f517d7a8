import { Alert, Grid, Typography } from '@mui/material';
import { Title } from 'react-admin';
import { AdminPanel } from './adminPanel';
import { LimitsForm } from './limitsForm';
import { LimitsNowPanel } from './limitsNowPanel';
import { TryItPanel } from './tryItPanel';
import { useLimits } from './useLimits';

export const ServerLimitsPage = () => {
    const { limits, error, apply, isApplying } = useLimits();
    return (
        <>
            <Title title="Server limits" />
            <Typography variant="h5" component="h1" sx={{ mt: 2 }}>
                Server limits
            </Typography>
            <Typography color="text.secondary" sx={{ mb: 2, maxWidth: 800 }}>
                The database of this demo limits how often its records can be written, and answers “429 Too Many
                Requests” to what is too much. Make the limit tight, then save something anywhere in this admin.
            </Typography>
            {error && (
                <Alert severity="error" sx={{ mb: 2 }}>
                    The limits could not be read: {error.message}
                </Alert>
            )}
            {limits && (
                <Grid container spacing={2}>
                    <Grid size={{ xs: 12, md: 6 }}>
                        {/* Made anew when the limits change, so that its fields show them. */}
                        <LimitsForm key={toKey(limits)} limits={limits} apply={apply} isApplying={isApplying} />
                    </Grid>
                    <Grid size={{ xs: 12, md: 6 }} container direction="column" spacing={2}>
                        <LimitsNowPanel limits={limits} />
                        <AdminPanel />
                        <TryItPanel />
                    </Grid>
                </Grid>
            )}
        </>
    );
};

const toKey = ({ rate, burst, overloaded }: { rate: number; burst: number; overloaded: boolean }) =>
    `${rate} ${burst} ${overloaded}`;
