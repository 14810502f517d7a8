import 'fake-indexeddb/auto';
import type { SupabaseClient } from '@supabase/supabase-js';
// @ts-expect-error it has no types
import { JSDOM } from 'jsdom';
import { CoreAdminContext } from 'ra-core';
import { getRateLimitService, withRateLimit } from 'ra-rate-limit';
import { createElement, type ReactNode } from 'react';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import type { ContactImportChoices } from '../../demo/src/contacts/import/contactSchema.ts';
import { rowMessage } from '../../demo/src/contacts/import/rowMessage.ts';
import { contactsCsv } from '../demo/contactsCsv.ts';
import { englishI18nProvider, englishText } from '../demo/englishText.ts';
import { type SupabaseServer, startSupabaseServer } from './support/supabaseServer.ts';

// In Node, react-admin loads the CommonJS build of ra-core, whose contexts are not those of the hook.
vi.mock('react-admin', async () => ({
    ...(await vi.importActual<object>('react-admin')),
    ...(await import('ra-core')),
}));

const LIMITS = { rate: 20, burst: 5 };

let server: SupabaseServer;
let supabaseClient: SupabaseClient;

beforeAll(async () => {
    server = await startSupabaseServer();
    vi.stubEnv('VITE_SUPABASE_URL', server.url);
    vi.stubEnv('VITE_SUPABASE_ANON_KEY', server.apiKey);
    // Just what React needs: the server is in this process too, and does not work with all of jsdom around it.
    const { window } = new JSDOM('', { url: server.url });
    for (const name of ['document', 'navigator'] as const) vi.stubGlobal(name, window[name]);
    vi.stubGlobal('window', window);
    ({ supabaseClient } = await import('../../demo/src/supabase.ts'));
});

beforeEach(() => server.setLimits(LIMITS));

afterAll(async () => {
    await server.close();
    // After a hook was left, React still has some work to do.
    await new Promise(resolve => setTimeout(resolve, 500));
    vi.unstubAllGlobals();
});

/** The import of the demo, on its list of contacts. */
async function openContacts(choices?: ContactImportChoices) {
    const { renderHook } = await import('@testing-library/react');
    const { crmDataProvider } = await import('../../demo/src/dataProvider.ts');
    const { useContactImportWithRateLimit } = await import(
        '../../demo/src/contacts/import/useContactImportWithRateLimit.ts'
    );
    const dataProvider = withRateLimit(crmDataProvider, { logger: false });
    const wrapper = ({ children }: { children: ReactNode }) =>
        createElement(CoreAdminContext, { dataProvider, i18nProvider: englishI18nProvider }, children);
    const { result, unmount } = renderHook(() => useContactImportWithRateLimit(choices), { wrapper });
    return {
        rateLimit: getRateLimitService(dataProvider),
        start: (rows: Record<string, string>[]) =>
            result.current.import.start(rows.map((values, index) => ({ rowNumber: index + 2, values }))),
        processed: () => result.current.import.progress?.processed ?? 0,
        resumable: () => result.current.import.resumable,
        leave: unmount,
    };
}

async function stored(table: string, column: string, pattern: string): Promise<unknown[]> {
    const { data } = await supabaseClient.from(table).select(column).ilike(column, pattern).throwOnError();
    return data.map(row => Object(row)[column]);
}

test('1,000 rows, with the circuit opened midway and the page left: good rows are in once, bad ones told with their numbers', async () => {
    const { rows, badRows, goodEmails, companies, tags } = contactsCsv();
    const left = await openContacts();
    const cancelled = left.start(rows);
    await vi.waitFor(() => expect(left.processed()).toBeGreaterThan(100), { timeout: 30_000 });
    await server.setLimits({ rate: 0.02, burst: 1 }); // a token in 50 seconds is longer than a call may wait
    await vi.waitFor(() => expect(left.rateLimit?.getCircuitState().isOpen).toBe(true), { timeout: 30_000 });
    left.leave();
    await cancelled;
    await server.setLimits(LIMITS);
    const opened = await openContacts();
    await vi.waitFor(() => expect(opened.resumable()?.processed).toBeGreaterThan(100));

    const result = await opened.start(rows);

    expect(result).toMatchObject({ status: 'done', total: 1000, succeeded: 960, failed: 40, unknown: 0 });
    const told = result?.errors.map(error => ({ rowNumber: error.rowNumber, message: rowMessage(error, englishText) }));
    expect(told).toEqual(badRows.map(({ rowNumber, message }) => ({ rowNumber, message })));
    expect((await stored('contacts', 'email', 'contact.%@example.com')).sort()).toEqual(goodEmails.sort());
    for (const name of companies) await expect(stored('companies', 'name', name)).resolves.toHaveLength(1);
    for (const name of tags) await expect(stored('tags', 'name', name)).resolves.toHaveLength(1);
    opened.leave();
}, 120_000);

test('companies without contacts are created, where that is the choice, and count as in', async () => {
    const { start, leave } = await openContacts({ companiesWithoutContacts: 'create', requireEmailOrPhone: true });

    const result = await start([
        { company: 'Only a company' },
        { first_name: 'Ada', last_name: 'Alone', company: 'only a COMPANY' },
        { first_name: 'Max', last_name: 'Reachable', email: 'max@reachable.example', company: 'Only a company' },
    ]);

    expect(result).toMatchObject({ succeeded: 2, failed: 1 });
    expect(result?.errors.map(error => rowMessage(error, englishText))).toEqual([
        'Left out: neither an e-mail address nor a phone number',
    ]);
    await expect(stored('companies', 'name', 'only a company')).resolves.toEqual(['Only a company']);
    await expect(stored('contacts', 'email', 'max@reachable.example')).resolves.toHaveLength(1);
    leave();
});
