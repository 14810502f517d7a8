import { type ComponentsOverrides, type SxProps, type Theme, Typography, useThemeProps } from '@mui/material';
import { useDeferredValue, useEffect, useReducer } from 'react';
import { Title } from 'react-admin';
import { startOfMinute } from '../../react/history/historyEntries.js';
import { useRateLimitHistory } from '../../react/history/useRateLimitHistory.js';
import { useRateLimitService } from '../../react/useRateLimitService.js';
import { useTexts } from '../useTexts.js';
import { CircuitState } from './CircuitState.js';
import { DashboardActions } from './DashboardActions.js';
import { DashboardRoot } from './DashboardRoot.js';
import { RateLimitDashboardClasses as classes, PREFIX, type RateLimitDashboardClassKey } from './dashboardClasses.js';
import { EventTable } from './EventTable.js';
import { LastHour } from './LastHour.js';
import { Totals } from './Totals.js';

export interface RateLimitDashboardProps {
    /** @default Rate limit */
    title?: string | undefined;
    /**
     * Where in `sessionStorage` the history is kept: that of `useRecordRateLimitHistory`.
     * @default 'ra-rate-limit.history'
     */
    storageKey?: string | undefined;
    className?: string | undefined;
    sx?: SxProps<Theme> | undefined;
}

/** The counters tell nobody of their changes, and the hour goes by. */
const REFRESH_MS = 1000;

/**
 * A page for those who look after the app: the state of the circuit, counters, the last hour as a chart, the last 100
 * events, export as JSON, and a button to reset the circuit. Where the app has access control, the button is shown to those
 * for whom `canAccess({ resource: 'rate_limit', action: 'reset' })` is true.
 *
 * The history is recorded while the page is shown. For one from the start of the app on, call
 * `useRecordRateLimitHistory()` of `ra-rate-limit/react` in the layout.
 *
 * @throws {Error} when there is no rate limit service: see `useRateLimitService`
 *
 * @example
 * <CustomRoutes>
 *     <Route path="/rate-limit" element={<RateLimitDashboard />} />
 * </CustomRoutes>
 */
export const RateLimitDashboard = (inProps: RateLimitDashboardProps) => {
    const { title, storageKey, className, sx } = useThemeProps({ props: inProps, name: PREFIX });
    const t = useTexts('dashboard');
    const service = useRateLimitService();
    const history = useRateLimitHistory({ storageKey });
    // The chart and the table may lag behind, the buttons may not.
    const { minutes, events } = useDeferredValue(history);
    const [, refresh] = useReducer((count: number) => count + 1, 0);
    useEffect(() => {
        const timer = setInterval(refresh, REFRESH_MS);
        return () => clearInterval(timer);
    }, []);

    return (
        <DashboardRoot className={className} {...(sx && { sx })}>
            <Title title={title ?? t('title')} />
            <header className={classes.header}>
                <Typography component="h1" variant="h5">
                    {title ?? t('title')}
                </Typography>
                <DashboardActions history={history} />
            </header>
            <CircuitState />
            <Totals />
            <LastHour minutes={minutes} lastAt={startOfMinute(service.now())} />
            <EventTable events={events} />
        </DashboardRoot>
    );
};

declare module '@mui/material/styles' {
    interface ComponentNameToClassKey {
        RaRateLimitDashboard: RateLimitDashboardClassKey;
    }

    interface ComponentsPropsList {
        RaRateLimitDashboard: Partial<RateLimitDashboardProps>;
    }

    interface Components {
        RaRateLimitDashboard?: {
            defaultProps?: ComponentsPropsList['RaRateLimitDashboard'];
            styleOverrides?: ComponentsOverrides<Omit<Theme, 'components'>>['RaRateLimitDashboard'];
        };
    }
}
