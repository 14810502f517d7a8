import { Card, Table, TableBody, TableCell, TableContainer, TableHead, TableRow, Typography } from '@mui/material';
import { memo, useId } from 'react';
import type { RateLimitHistoryEvent } from '../../react/history/historyEntries.js';
import { type TextKey, useTexts } from '../useTexts.js';
import { Dot, type Tone } from './Dot.js';
import { RateLimitDashboardClasses as classes } from './dashboardClasses.js';
import { useFormats } from './useFormats.js';

const EVENTS: Record<RateLimitHistoryEvent['type'], { text: TextKey<'dashboard'>; tone: Tone }> = {
    retry: { text: 'retry', tone: 'warning' },
    exhausted: { text: 'exhaustedEvent', tone: 'error' },
    reject: { text: 'reject', tone: 'error' },
    pause: { text: 'pause', tone: 'info' },
    open: { text: 'open', tone: 'error' },
    halfOpen: { text: 'halfOpen', tone: 'warning' },
    close: { text: 'close', tone: 'success' },
};

const COLUMNS = ['time', 'event', 'resource', 'operation', 'attempt', 'wait'] as const;

/** The newest first. */
export const EventTable = memo(({ events }: { events: readonly RateLimitHistoryEvent[] }) => {
    const t = useTexts('dashboard');
    const id = useId();
    return (
        <Card component="section" className={classes.section}>
            <Typography id={id} component="h2" variant="h6">
                {t('events')}
            </Typography>
            {events.length === 0 ? (
                <Typography variant="body2" className={classes.empty}>
                    {t('eventsEmpty')}
                </Typography>
            ) : (
                <TableContainer className={classes.table} tabIndex={0} role="region" aria-labelledby={id}>
                    <Table size="small" stickyHeader aria-labelledby={id}>
                        <TableHead>
                            <TableRow>
                                {COLUMNS.map(column => (
                                    <TableCell key={column}>{t(column)}</TableCell>
                                ))}
                            </TableRow>
                        </TableHead>
                        <TableBody>
                            {[...events].reverse().map(event => (
                                <EventRow key={keyOf(event)} event={event} />
                            ))}
                        </TableBody>
                    </Table>
                </TableContainer>
            )}
        </Card>
    );
});

const EventRow = memo(({ event }: { event: RateLimitHistoryEvent }) => {
    const t = useTexts('dashboard');
    const { number, moment, wait } = useFormats();
    const { text, tone } = EVENTS[event.type];
    const attempt = event.attempt ?? event.attempts;
    const waitMs = waitOf(event);
    return (
        <TableRow>
            <TableCell>
                <time dateTime={new Date(event.at).toISOString()}>{moment(event.at)}</time>
            </TableCell>
            <TableCell>
                <Dot tone={tone} />
                {t(text)}
            </TableCell>
            <TableCell>{event.resource}</TableCell>
            <TableCell>{event.operation}</TableCell>
            <TableCell>
                {attempt !== undefined &&
                    (event.maxRetries === undefined
                        ? number(attempt)
                        : t('attemptOf', { attempt, attempts: event.maxRetries + 1 }))}
            </TableCell>
            <TableCell>{waitMs !== undefined && wait(waitMs)}</TableCell>
        </TableRow>
    );
});

/** How long it waits from then on; of a call that has ended, how long it had waited. */
function waitOf({ at, delayMs, waitedMs, until, openUntil }: RateLimitHistoryEvent): number | undefined {
    const end = openUntil ?? until;
    return delayMs ?? waitedMs ?? (end === undefined ? undefined : Math.max(0, end - at));
}

/** Several events may be of the same moment, and all rows move when one is added. */
const keys = new WeakMap<RateLimitHistoryEvent, number>();
let lastKey = 0;
function keyOf(event: RateLimitHistoryEvent): number {
    const key = keys.get(event) ?? ++lastKey;
    keys.set(event, key);
    return key;
}
