import { useEffect, useSyncExternalStore } from 'react';
import type { RateLimitService } from '../../core/service.js';
import { useRateLimitService } from '../useRateLimitService.js';
import { HistoryRecorder, NO_HISTORY } from './HistoryRecorder.js';
import type { RateLimitHistory } from './historyEntries.js';

export interface RateLimitHistoryOptions {
    /**
     * Where in `sessionStorage` the history is kept. An app with several services gives each a key of its own.
     * @default 'ra-rate-limit.history'
     */
    storageKey?: string | undefined;
}

/**
 * The last hour by the minute and the last 100 events, for a screen of one's own. Survives a reload of the page. Renders
 * again when something happens, at most four times a second: use it where it is shown, not around the whole app.
 *
 * It records only while it is used. For a history from the start of the app on, call `useRecordRateLimitHistory()` in the
 * layout as well. `RateLimitBanner` does not record.
 *
 * @throws {Error} when there is no rate limit service: see `useRateLimitService`
 *
 * @example
 * const { minutes, events } = useRateLimitHistory();
 */
export function useRateLimitHistory(options?: RateLimitHistoryOptions): RateLimitHistory {
    const { subscribe, read } = useRecorder(options);
    return useSyncExternalStore(subscribe, read, readNothing);
}

/**
 * Records the history that `useRateLimitHistory` and `RateLimitDashboard` show, without rendering anything again: for the
 * layout of the app. Give all of them the same `storageKey`, or none.
 *
 * @throws {Error} when there is no rate limit service: see `useRateLimitService`
 *
 * @example
 * const AppLayout = ({ children }: LayoutProps) => {
 *     useRecordRateLimitHistory();
 *     return <Layout>{children}</Layout>;
 * };
 */
export function useRecordRateLimitHistory(options?: RateLimitHistoryOptions): void {
    const { record } = useRecorder(options);
    useEffect(record, [record]);
}

const readNothing = () => NO_HISTORY;

/** One for each service and key, whoever asks. */
const recorders = new WeakMap<RateLimitService, Map<string, HistoryRecorder>>();

function useRecorder({ storageKey = 'ra-rate-limit.history' }: RateLimitHistoryOptions = {}): HistoryRecorder {
    const service = useRateLimitService();
    const ofService = recorders.get(service) ?? new Map<string, HistoryRecorder>();
    const recorder = ofService.get(storageKey) ?? new HistoryRecorder(service, storageKey);
    recorders.set(service, ofService.set(storageKey, recorder));
    return recorder;
}
