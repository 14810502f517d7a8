/** What the examples of the docs take for given: the app around them. */
import type { ReactNode } from 'react';

declare global {
    const instanceUrl: string;
    const apiKey: string;
    const apiUrl: string;
    const token: string;
    const signal: AbortSignal;
    const resources: ReactNode;
    const id: number;
    const data: Record<string, unknown>;
    const previousData: { id: number };
    const scheduleForLater: (delayMs: number) => void;
    const supabaseClient: import('@supabase/supabase-js').SupabaseClient;
    interface ContactRow {
        [column: string]: unknown;
        name: string;
        mail: string;
        company: Record<string, unknown>;
    }
    const contacts: ContactRow[];
    const rows: ContactRow[];
    const ids: number[];
    const create: (contact: ContactRow) => Promise<unknown>;
    const controller: AbortController;
    const showProgress: (processed: number, total?: number) => void;
    const report: (...details: unknown[]) => void;
    const supabase: import('@supabase/supabase-js').SupabaseClient;
    const supabaseProvider: import('react-admin').DataProvider;
    const base: import('react-admin').DataProvider;
    const dataProvider: import('react-admin').DataProvider;
    const crmProvider: import('react-admin').DataProvider;
    const mailProvider: import('react-admin').DataProvider;
    const rateLimit: import('ra-rate-limit').RateLimitService;
    const otlpExporter: import('@opentelemetry/sdk-metrics').PushMetricExporter;
    const tracerProvider: import('@opentelemetry/api').TracerProvider;
    const i18nProvider: import('react-admin').I18nProvider;
    const httpClient: import('ra-rate-limit').HttpClient;
    const user: { id: number };
    const messages: Partial<import('ra-rate-limit').RateLimitMessages>;
}
