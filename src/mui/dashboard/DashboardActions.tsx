import { useState } from 'react';
import { Button, Confirm, useNotify } from 'react-admin';
import type { RateLimitHistory } from '../../react/history/historyEntries.js';
import { useRateLimitService } from '../../react/useRateLimitService.js';
import { useRateLimitState } from '../../react/useRateLimitState.js';
import { saveFile } from '../saveFile.js';
import { useCanAccess } from '../useCanAccess.js';
import { useTexts } from '../useTexts.js';
import { RateLimitDashboardClasses as classes } from './dashboardClasses.js';
import { DownloadIcon, ResetIcon } from './dashboardIcons.js';

/** Exports what the dashboard shows, and resets the circuit for those who may. */
export const DashboardActions = ({ history }: { history: RateLimitHistory }) => {
    const t = useTexts('dashboard');
    const service = useRateLimitService();
    const { canAccess } = useCanAccess({ resource: 'rate_limit', action: 'reset' });

    const exportJson = () => {
        const exportedAt = new Date().toISOString();
        const { pausedUntil } = service.getSnapshot();
        const circuit = { ...service.getCircuitState(), ...(pausedUntil && { pausedUntil }) };
        const content = { exportedAt, circuit, stats: service.getStats(), ...history };
        const name = `rate-limit-${exportedAt.slice(0, 19).replaceAll(':', '-')}.json`;
        saveFile(new Blob([JSON.stringify(content, null, 2)], { type: 'application/json' }), name);
    };

    return (
        <div className={classes.actions}>
            <Button label={t('export')} onClick={exportJson}>
                <DownloadIcon />
            </Button>
            {canAccess && <ResetButton />}
        </div>
    );
};

const ResetButton = () => {
    const t = useTexts('dashboard');
    const notify = useNotify();
    const service = useRateLimitService();
    const { status, consecutiveFailures, retryInMs } = useRateLimitState();
    const [isAsking, setIsAsking] = useState(false);
    const [hasFocus, setHasFocus] = useState(false);
    const isNeeded = status !== 'closed' || consecutiveFailures > 0 || retryInMs !== null;

    const reset = () => {
        setIsAsking(false);
        service.resetCircuit();
        const done = t('resetDone');
        notify(done, { type: 'success', messageArgs: { _: done } });
    };

    return (
        <>
            <Button
                label={t('reset')}
                // Not under somebody's fingers: who uses the keyboard would lose their place on the page.
                disabled={!isNeeded && !hasFocus}
                onFocus={() => setHasFocus(true)}
                onBlur={() => setHasFocus(isAsking)} // the dialog gives it back
                onClick={() => setIsAsking(true)}
            >
                <ResetIcon />
            </Button>
            <Confirm
                isOpen={isAsking}
                title={t('resetTitle')}
                content={t('resetText')}
                confirm={t('reset')}
                confirmColor="warning"
                onConfirm={reset}
                onClose={() => setIsAsking(false)}
            />
        </>
    );
};
