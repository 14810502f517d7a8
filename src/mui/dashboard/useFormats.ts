import { useMemo } from 'react';
import { formatDuration } from '../formatDuration.js';
import { useLanguages } from '../useLanguages.js';

/** How the dashboard writes numbers and times in the language of the app. */
export function useFormats() {
    const languages = useLanguages();
    return useMemo(
        () => ({
            number: (value: number) => value.toLocaleString(languages),
            /** The hour and the minute. */
            minute: (at: number) => new Date(at).toLocaleTimeString(languages, { hour: 'numeric', minute: '2-digit' }),
            /** The time, with its date when that is not today's. */
            moment: (at: number) => {
                const moment = new Date(at);
                const isToday = moment.toDateString() === new Date().toDateString();
                return isToday ? moment.toLocaleTimeString(languages) : moment.toLocaleString(languages);
            },
            /** Short waits are told more exactly than countdowns are. */
            wait: (ms: number) => {
                if (ms < 1000) return `${Math.round(ms).toLocaleString(languages)} ms`;
                if (ms >= 10_000) return formatDuration(ms);
                return `${(ms / 1000).toLocaleString(languages, { maximumFractionDigits: 1 })} s`;
            },
        }),
        [languages],
    );
}
