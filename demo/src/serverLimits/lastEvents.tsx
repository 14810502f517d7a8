import { Box, Typography } from '@mui/material';
import { type RateLimitHistoryEvent, useRateLimitHistory } from 'ra-rate-limit/react';
import { useLocale } from 'react-admin';
import type { Text } from '../i18n/text';
import { useFormat } from '../i18n/useFormat';
import { useText } from '../i18n/useText';

const SHOWN = 6;
const LINE_HEIGHT = 1.6;

/** What has happened last, as it happens. */
export const LastEvents = () => {
    const text = useText();
    const locale = useLocale();
    const { number } = useFormat();
    const { events } = useRateLimitHistory();
    const last = events.slice(-SHOWN).reverse();
    return (
        <div>
            <Typography variant="subtitle2" component="h3" gutterBottom>
                {text('crm.limits.admin.lastEvents')}
            </Typography>
            <Box
                component="ol"
                aria-label={text('crm.limits.admin.lastEvents')}
                // As high when it is empty, so that the page stays where it is.
                sx={{ listStyle: 'none', m: 0, p: 0, height: `${SHOWN * LINE_HEIGHT}rem`, overflow: 'hidden' }}
            >
                {last.length === 0 && (
                    <Typography component="li" variant="body2" color="text.secondary">
                        {text('crm.limits.admin.noEvents')}
                    </Typography>
                )}
                {last.map((event, index) => (
                    <Typography
                        // biome-ignore lint/suspicious/noArrayIndexKey: two events may be alike, and a line has no state
                        key={index}
                        component="li"
                        variant="body2"
                        sx={{ lineHeight: `${LINE_HEIGHT}rem`, fontVariantNumeric: 'tabular-nums' }}
                    >
                        <Box component="time" sx={{ color: 'text.secondary', mr: 1 }}>
                            {new Date(event.at).toLocaleTimeString(locale, { hourCycle: 'h23' })}
                        </Box>
                        {describeEvent(event, text, number)}
                    </Typography>
                ))}
            </Box>
        </div>
    );
};

function describeEvent(event: RateLimitHistoryEvent, text: Text, number: (value: number) => string): string {
    const { type, at, resource = '', operation = '', attempt = 0, attempts = 0, maxRetries } = event;
    const call = [operation, resource].filter(Boolean).join(' ');
    const wait = (ms: number) => `${number(Math.ceil(ms / 100) / 10)} s`;
    switch (type) {
        case 'retry': {
            const values = { call, wait: wait(event.delayMs ?? 0) };
            return maxRetries === undefined
                ? text('crm.limits.admin.event.bulkRetry', values)
                : text('crm.limits.admin.event.retry', { ...values, attempt, most: maxRetries });
        }
        case 'exhausted':
            return text('crm.limits.admin.event.exhausted', { call, attempts });
        case 'reject':
            return text('crm.limits.admin.event.reject', { call });
        case 'pause':
            return text('crm.limits.admin.event.pause', { wait: wait((event.until ?? at) - at) });
        case 'open':
            return text('crm.limits.admin.event.open', { wait: wait((event.openUntil ?? at) - at) });
        default:
            return text(`crm.limits.admin.event.${type}`);
    }
}
