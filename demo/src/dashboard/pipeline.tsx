import { Box, Card, CardContent, LinearProgress, Link, Stack, Typography } from '@mui/material';
import { type RaRecord, useGetList, useTranslate } from 'react-admin';
import { Link as RouterLink } from 'react-router-dom';
import { useFormat } from '../i18n/useFormat';
import { useText } from '../i18n/useText';
import { STAGES } from '../shared/choices';

interface StageSum extends RaRecord<string> {
    opportunities_count: number;
    amount: number | string;
}

/** What the opportunities of each stage are worth. */
export const Pipeline = () => {
    const text = useText();
    const translate = useTranslate();
    const { number, wholeMoney } = useFormat();
    const { data } = useGetList<StageSum>('opportunities_by_stage', { sort: { field: 'stage', order: 'ASC' } });
    const sums = STAGES.map(stage => {
        const sum = data?.find(({ id }) => id === stage.id);
        return {
            stage,
            name: translate(stage.name),
            count: sum?.opportunities_count ?? 0,
            amount: Number(sum?.amount ?? 0),
        };
    });
    const largest = Math.max(1, ...sums.map(({ amount }) => amount));
    return (
        <Card>
            <CardContent>
                <Typography variant="h6" component="h2" gutterBottom>
                    {text('crm.dashboard.pipeline')}
                </Typography>
                <Stack spacing={2}>
                    {sums.map(({ stage, name, count, amount }) => (
                        <Box key={stage.id}>
                            <Stack direction="row" sx={{ justifyContent: 'space-between', mb: 0.5 }}>
                                <Link component={RouterLink} to={toList(stage.id)} variant="body2">
                                    {name} ({number(count)})
                                </Link>
                                <Typography variant="body2">{wholeMoney(amount)}</Typography>
                            </Stack>
                            <LinearProgress
                                variant="determinate"
                                value={(amount / largest) * 100}
                                color={stage.color === 'default' ? 'secondary' : stage.color}
                                aria-label={`${name}: ${wholeMoney(amount)}`}
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
