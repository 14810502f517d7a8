import { Alert, Box, Button } from '@mui/material';
import { useState } from 'react';
import { type DataProvider, useDataProvider } from 'react-admin';
import { useText } from '../i18n/useText';
import { useNotifyError } from '../shared/useNotifyError';
import { Panel } from './panel';

interface Outcome {
    saved: number;
    failed: number;
    seconds: number;
    /** Of the first that failed. */
    message: string | undefined;
}

const SAVES = 10;

async function saveAll(dataProvider: DataProvider): Promise<Outcome> {
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
    return {
        saved: results.length - errors.length,
        failed: errors.length,
        seconds: Math.round((performance.now() - startedAt) / 100) / 10,
        message: errors[0]?.reason?.message,
    };
}

/** Many saves at once, as an eager person or an import would make them. */
export const TryItPanel = () => {
    const text = useText();
    const dataProvider = useDataProvider();
    const notifyError = useNotifyError();
    const [isRunning, setRunning] = useState(false);
    const [outcome, setOutcome] = useState<Outcome>();

    const run = async () => {
        setRunning(true);
        setOutcome(undefined);
        try {
            setOutcome(await saveAll(dataProvider));
        } catch (error) {
            notifyError(error as Error); // the contacts could not be read
        } finally {
            setRunning(false);
        }
    };

    return (
        <Panel title={text('crm.limits.tryIt.title')}>
            <Button variant="contained" loading={isRunning} onClick={() => void run()}>
                {text('crm.limits.tryIt.run', { count: SAVES })}
            </Button>
            {/* As high when it is empty, so that the page stays where it is. */}
            <Box sx={{ mt: 2, minHeight: 68 }}>{outcome && <OutcomeAlert {...outcome} />}</Box>
        </Panel>
    );
};

const OutcomeAlert = ({ saved, failed, seconds, message }: Outcome) => {
    const text = useText();
    return (
        <Alert severity={failed ? 'warning' : 'success'}>
            {text('crm.limits.tryIt.outcome', { saved, failed, seconds })}{' '}
            {message && text('crm.limits.tryIt.quote', { message })}
        </Alert>
    );
};
