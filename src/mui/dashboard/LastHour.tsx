import { Card, CircularProgress, Typography } from '@mui/material';
import { lazy, memo, Suspense, useId, useMemo } from 'react';
import type { RateLimitMinute } from '../../react/history/historyEntries.js';
import { useTexts } from '../useTexts.js';
import { RateLimitDashboardClasses as classes } from './dashboardClasses.js';
import { colorOf, SERIES, toChartMinutes } from './series.js';

interface LastHourProps {
    minutes: readonly RateLimitMinute[];
    /** The start of the current minute. */
    lastAt: number;
}

/** What went on in the last hour, as a chart, with its sums as the legend. */
export const LastHour = memo(({ minutes, lastAt }: LastHourProps) => {
    const t = useTexts('dashboard');
    const id = useId();
    const chartMinutes = useMemo(() => toChartMinutes(minutes, lastAt), [minutes, lastAt]);
    const sums = SERIES.map(name => [name, chartMinutes.reduce((sum, minute) => sum + minute[name], 0)] as const);

    return (
        <Card component="section" className={classes.section} aria-labelledby={id}>
            <Typography id={id} component="h2" variant="h6">
                {t('lastHour')}
            </Typography>
            {sums.every(([, sum]) => sum === 0) ? (
                <Typography variant="body2" className={classes.empty}>
                    {t('hourEmpty')}
                </Typography>
            ) : (
                <>
                    <Typography variant="body2" className={classes.secondary}>
                        {t('lastHourIntro')}
                    </Typography>
                    <ul className={classes.legend}>
                        {sums.map(([name, sum]) => (
                            <Typography key={name} component="li" variant="body2">
                                <span className={classes.swatch} style={{ backgroundColor: colorOf(name) }} />
                                {t('legend', { name: t(name), count: sum })}
                            </Typography>
                        ))}
                    </ul>
                    <div className={classes.chart}>
                        <Suspense fallback={<Loading />}>
                            <HistoryChart minutes={chartMinutes} />
                        </Suspense>
                    </div>
                </>
            )}
        </Card>
    );
});

/** Only fetched when it is shown. The rest of the page must work where it cannot be fetched: the server may be in trouble. */
const HistoryChart = lazy(() =>
    import('./HistoryChart.js').then(
        module => ({ default: module.HistoryChart }),
        () => ({ default: Missing }),
    ),
);

const Loading = () => (
    <div className={classes.empty}>
        <CircularProgress aria-label={useTexts('dashboard')('chartLoading')} />
    </div>
);

const Missing = () => (
    <Typography variant="body2" className={classes.empty}>
        {useTexts('dashboard')('chartMissing')}
    </Typography>
);
