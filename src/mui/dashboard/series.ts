import { MINUTE_MS, type RateLimitMinute } from '../../react/history/historyEntries.js';
import { PREFIX } from './dashboardClasses.js';

/** What the chart shows of a minute. */
export interface ChartMinute {
    /** The start of the minute, in milliseconds since the epoch. */
    at: number;
    calls: number;
    retries: number;
    rateLimited: number;
    /** Given up or turned away. */
    failures: number;
}

export type Series = Exclude<keyof ChartMinute, 'at'>;

export const SERIES = ['calls', 'retries', 'rateLimited', 'failures'] as const satisfies Series[];

/** What was sent points up, the trouble it had points down. */
export const isTrouble = (series: Series) => series === 'rateLimited' || series === 'failures';

/** A CSS variable for its colour, which the root of the dashboard sets from the palette. */
export const colorVariable = (series: Series) => `--${PREFIX}-${series}` as const;
export const colorOf = (series: Series) => `var(${colorVariable(series)})`;

/** The 60 minutes up to the one that starts at `lastAt`, with those in which nothing happened. */
export function toChartMinutes(minutes: readonly RateLimitMinute[], lastAt: number): ChartMinute[] {
    const byStart = new Map(minutes.map(minute => [minute.at, minute]));
    return Array.from({ length: 60 }, (_, index) => {
        const at = lastAt - (59 - index) * MINUTE_MS;
        const { calls = 0, retries = 0, rateLimited = 0, exhausted = 0, rejected = 0 } = byStart.get(at) ?? {};
        return { at, calls, retries, rateLimited, failures: exhausted + rejected };
    });
}
