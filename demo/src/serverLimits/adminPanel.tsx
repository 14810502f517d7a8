import { Button, Card, CardContent, Chip, Stack, Typography } from '@mui/material';
import { useRateLimitService, useRateLimitState } from 'ra-rate-limit/react';
import { formatWait } from '../shared/format';

const STATUSES = {
    closed: { label: 'Closed', color: 'success', text: 'Saves go to the server; what it refuses is sent again.' },
    open: { label: 'Open', color: 'error', text: 'The server is overloaded: saves are turned away at once.' },
    'half-open': { label: 'Half-open', color: 'warning', text: 'One save finds out whether the server is back.' },
} as const;

/** What `withRateLimit` does about the limits. */
export const AdminPanel = () => {
    const { status, consecutiveFailures, waiting, retryInMs } = useRateLimitState();
    const service = useRateLimitService();
    const { label, color, text } = STATUSES[status];
    return (
        <Card>
            <CardContent>
                <Typography variant="h6" component="h2" gutterBottom>
                    What the admin does about it
                </Typography>
                <Stack spacing={1}>
                    <Stack direction="row" spacing={1} sx={{ alignItems: 'center' }}>
                        <Typography variant="body2">Circuit</Typography>
                        <Chip label={label} color={color} size="small" />
                        <Typography variant="body2" color="text.secondary">
                            {text}
                        </Typography>
                    </Stack>
                    <Fact name="Saves failed in a row" value={consecutiveFailures} />
                    <Fact name="Saves waiting" value={waiting} />
                    <Fact name="Next try" value={retryInMs === null ? 'at once' : `in ${formatWait(retryInMs)}`} />
                    <Button
                        variant="outlined"
                        size="small"
                        disabled={status === 'closed' && consecutiveFailures === 0}
                        onClick={() => service.resetCircuit()}
                        sx={{ alignSelf: 'flex-start' }}
                    >
                        Close the circuit
                    </Button>
                </Stack>
            </CardContent>
        </Card>
    );
};

const Fact = ({ name, value }: { name: string; value: string | number }) => (
    <Typography variant="body2">
        {name}: <strong>{value}</strong>
    </Typography>
);
