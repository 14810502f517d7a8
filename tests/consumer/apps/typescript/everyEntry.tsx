/** Every entry, and what its types promise. */

import { createTheme } from '@mui/material';
import { metrics } from '@opentelemetry/api';
import * as Sentry from '@sentry/react';
import {
    type BulkResult,
    createHttpClient,
    getRateLimitService,
    isRateLimitError,
    RateLimitError,
    RateLimitErrorCode,
    type RateLimitOptions,
    RateLimitService,
    rateLimitFetch,
    rolloutByKey,
    runBulk,
    shouldRetryQuery,
    type WithRateLimitOptions,
    withRateLimit,
} from 'ra-rate-limit';
import { englishMessages, frenchMessages, translatedMessages, waitInWords } from 'ra-rate-limit/i18n';
import {
    BulkImportButton,
    BulkImportDialog,
    type ImportField,
    importRowOptions,
    RateLimitBanner,
    type RateLimitBannerProps,
    RateLimitDashboard,
} from 'ra-rate-limit/mui';
import { reportToOpenTelemetry } from 'ra-rate-limit/opentelemetry';
import {
    RateLimitContextProvider,
    type RateLimitState,
    useBulkImport,
    useRateLimitHistory,
    useRateLimitService,
    useRateLimitState,
} from 'ra-rate-limit/react';
import { reportToSentry } from 'ra-rate-limit/sentry';
import { rateLimitedSupabase, supabaseHttpClient } from 'ra-rate-limit/supabase';
import { simulateRateLimit } from 'ra-rate-limit/testing';
import { Admin, type DataProvider, type I18nProvider, Resource } from 'react-admin';

declare const base: DataProvider & { merge(keep: number, drop: number): Promise<{ data: string }> };
declare const i18nProvider: I18nProvider;

const options: RateLimitOptions = { maxRetries: 5, jitterFactor: 0.1 };
const service: RateLimitService = new RateLimitService(options);
const wiring: WithRateLimitOptions = { service, messages: translatedMessages(i18nProvider) };
export const dataProvider = withRateLimit(simulateRateLimit(base, { next: 1 }), wiring);

// The type of what went in comes out.
export const merged: Promise<{ data: string }> = dataProvider.merge(1, 2);
// @ts-expect-error: an option by a wrong name
withRateLimit(base, { maxRetry: 1 });

export const found: RateLimitService | undefined = getRateLimitService(dataProvider);
export const httpClient = createHttpClient({ service, fetch: rateLimitFetch(service) });
export const flag: boolean = rolloutByKey('ada', 10);
export const retry: boolean = shouldRetryQuery(0, new Error());
export const words: string = waitInWords(1000, 'en');
export const texts = [englishMessages, frenchMessages];

export function codeOf(error: unknown): RateLimitErrorCode | undefined {
    if (error instanceof RateLimitError) return error.code;
    return isRateLimitError(error) ? RateLimitErrorCode.CIRCUIT_OPEN : undefined;
}

export const run: Promise<BulkResult<number>> = runBulk([1, 2], async (item: number) => item, { service });

reportToSentry(service, Sentry);
reportToOpenTelemetry(service, { meter: metrics.getMeter('app') });

export const supabase = rateLimitedSupabase({ instanceUrl: 'http://localhost', apiKey: 'a.b.c' });
supabaseHttpClient({ apiKey: 'a.b.c', supabaseClient: supabase.supabaseClient });

const banner: RateLimitBannerProps = { sx: { top: 8 } };
const fields: ImportField[] = [{ source: 'name', required: true }];
export const rowOptions = importRowOptions;

const Screen = () => {
    const state: RateLimitState = useRateLimitState();
    const { minutes } = useRateLimitHistory();
    useBulkImport;
    useRateLimitService().resetCircuit();
    return (
        <p>
            {state.waiting} {minutes.length}
            <BulkImportButton fields={fields} />
            <BulkImportDialog open onClose={() => {}} fields={fields} />
        </p>
    );
};

export const theme = createTheme({
    components: { RaRateLimitBanner: { defaultProps: { className: 'mine' } } },
});

export const App = () => (
    <RateLimitContextProvider service={service}>
        <Admin dataProvider={dataProvider}>
            <Resource name="contacts" list={Screen} />
        </Admin>
        <RateLimitBanner {...banner} />
        <RateLimitDashboard />
    </RateLimitContextProvider>
);
