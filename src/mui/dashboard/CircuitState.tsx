import { Card, Chip, Typography } from '@mui/material';
import type { CircuitStatus } from '../../core/circuitBreaker.js';
import { type RateLimitState, useRateLimitState } from '../../react/useRateLimitState.js';
import { formatDuration } from '../formatDuration.js';
import { type TextKey, useTexts } from '../useTexts.js';
import { Dot, type Tone } from './Dot.js';
import { RateLimitDashboardClasses as classes } from './dashboardClasses.js';

const STATES: Record<CircuitStatus, { text: TextKey<'dashboard'>; tone: Tone }> = {
    closed: { text: 'circuitClosed', tone: 'success' },
    open: { text: 'circuitOpen', tone: 'error' },
    'half-open': { text: 'circuitHalfOpen', tone: 'warning' },
};

/** The circuit in a word, and what that means for calls, with a countdown. */
export const CircuitState = () => {
    const t = useTexts('dashboard');
    const state = useRateLimitState();
    const { text, tone } = STATES[state.status];
    return (
        <Card className={classes.state}>
            {/* Without the countdown: a screen reader tells the change, not each second. */}
            <div role="status">
                <Chip variant="outlined" icon={<Dot tone={tone} />} label={t(text)} />
            </div>
            <Typography variant="body2">{meaningOf(state, t)}</Typography>
        </Card>
    );
};

function meaningOf({ status, retryInMs, consecutiveFailures }: RateLimitState, t: DashboardTexts): string {
    const time = formatDuration(retryInMs ?? 0);
    if (status === 'open') return t('openText', { time });
    if (retryInMs !== null) return t('pausedText', { time });
    if (status === 'half-open') return t('halfOpenText');
    return consecutiveFailures > 0 ? t('failuresText', { count: consecutiveFailures }) : t('closedText');
}

type DashboardTexts = ReturnType<typeof useTexts<'dashboard'>>;
