import { Card, Typography } from '@mui/material';
import { COUNTED } from '../../react/history/historyEntries.js';
import { useRateLimitService } from '../../react/useRateLimitService.js';
import { useTexts } from '../useTexts.js';
import { RateLimitDashboardClasses as classes } from './dashboardClasses.js';
import { useFormats } from './useFormats.js';

/** The counters of the service, and who waits, at the moment of the render. */
export const Totals = () => {
    const t = useTexts('dashboard');
    const service = useRateLimitService();
    const stats = service.getStats();
    const { waiting, waitingBulk } = service.getSnapshot();
    return (
        <dl className={classes.totals}>
            {COUNTED.map(name => (
                <Total key={name} label={t(name)} value={stats[name]} hint={t(`${name}Hint`)} />
            ))}
            <Total label={t('waiting')} value={waiting} hint={t('waitingHint', { count: waitingBulk })} />
        </dl>
    );
};

const Total = ({ label, value, hint }: { label: string; value: number; hint: string }) => {
    const { number } = useFormats();
    return (
        <Card className={classes.total}>
            <Typography component="dt" variant="body2" className={classes.secondary}>
                {label}
            </Typography>
            <Typography component="dd" variant="h5">
                {number(value)}
            </Typography>
            <Typography component="dd" variant="caption" className={classes.secondary}>
                {hint}
            </Typography>
        </Card>
    );
};
