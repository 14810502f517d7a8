import { Box, Card, CardContent, LinearProgress, Link, Stack, Typography } from '@mui/material';
import { type RaRecord, useGetList } from 'react-admin';
import { Link as RouterLink } from 'react-router-dom';
import { STAGES } from '../shared/choices';
import { formatWholeMoney } from '../shared/format';

interface StageSum extends RaRecord<string> {
    opportunities_count: number;
    amount: number | string;
}

/** What the opportunities of each stage are worth. */
export const Pipeline = () => {
    const { data } = useGetList<StageSum>('opportunities_by_stage', { sort: { field: 'stage', order: 'ASC' } });
    const sums = STAGES.map(stage => {
        const sum = data?.find(({ id }) => id === stage.id);
        return { stage, count: sum?.opportunities_count ?? 0, amount: Number(sum?.amount ?? 0) };
    });
    const largest = Math.max(1, ...sums.map(({ amount }) => amount));
    return (
        <Card>
            <CardContent>
                <Typography variant="h6" component="h2" gutterBottom>
                    Pipeline
                </Typography>
                <Stack spacing={2}>
                    {sums.map(({ stage, count, amount }) => (
                        <Box key={stage.id}>
                            <Stack direction="row" sx={{ justifyContent: 'space-between', mb: 0.5 }}>
                                <Link component={RouterLink} to={toList(stage.id)} variant="body2">
                                    {stage.name} ({count})
                                </Link>
                                <Typography variant="body2">{formatWholeMoney(amount)}</Typography>
                            </Stack>
                            <LinearProgress
                                variant="determinate"
                                value={(amount / largest) * 100}
                                color={stage.color === 'default' ? 'secondary' : stage.color}
                                aria-label={`${stage.name}: ${formatWholeMoney(amount)}`}
                                sx={{ height: 8, borderRadius: 4 }}
                            />
                        </Box>
                    ))}
                </Stack>
            </CardContent>
        </Card>
    );
};

const toList = (stage: string) => ({
    pathname: '/opportunities',
    search: new URLSearchParams({ filter: JSON.stringify({ stage }) }).toString(),
});
