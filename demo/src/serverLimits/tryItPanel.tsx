import { Alert, Button, Card, CardContent, Typography } from '@mui/material';
import { useState } from 'react';
import { useDataProvider } from 'react-admin';

interface Outcome {
    saved: number;
    failed: number;
    seconds: string;
    message: string | undefined;
}

const SAVES = 10;

/** Many saves at once, as an eager person or an import would make them. */
export const TryItPanel = () => {
    const dataProvider = useDataProvider();
    const [isRunning, setRunning] = useState(false);
    const [outcome, setOutcome] = useState<Outcome>();

    const run = async () => {
        setRunning(true);
        setOutcome(undefined);
        const startedAt = performance.now();
        const { data } = await dataProvider.getList('contacts', {
            pagination: { page: 1, perPage: SAVES },
            sort: { field: 'id', order: 'ASC' },
            filter: {},
        });
        const results = await Promise.allSettled(
            // Saved as they are: without previous data, the data provider sends what has not changed as well.
            data.map(({ id, newsletter }) =>
                dataProvider.update('contacts', { id, data: { newsletter }, previousData: { id } }),
            ),
        );
        const errors = results.filter(result => result.status === 'rejected');
        setOutcome({
            saved: results.length - errors.length,
            failed: errors.length,
            seconds: ((performance.now() - startedAt) / 1000).toFixed(1),
            message: errors[0]?.reason?.message,
        });
        setRunning(false);
    };

    return (
        <Card>
            <CardContent>
                <Typography variant="h6" component="h2" gutterBottom>
                    Try it
                </Typography>
                <Button variant="contained" loading={isRunning} onClick={() => void run()}>
                    Save {SAVES} contacts at once
                </Button>
                {outcome && (
                    <Alert severity={outcome.failed ? 'warning' : 'success'} sx={{ mt: 2 }}>
                        {outcome.saved} saved, {outcome.failed} failed, in {outcome.seconds} s.{' '}
                        {outcome.message && `“${outcome.message}”`}
                    </Alert>
                )}
            </CardContent>
        </Card>
    );
};
