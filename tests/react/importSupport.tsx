import { act, configure, renderHook, waitFor } from '@testing-library/react';
import { CoreAdminContext, type DataProvider, HttpError } from 'ra-core';
import { RateLimitService, withRateLimit } from 'ra-rate-limit';
import { type UseBulkImportOptions, useBulkImport } from 'ra-rate-limit/react';
import type { ReactNode } from 'react';
import { expect, vi } from 'vitest';
import { createProvider } from '../support/createProvider';
import { heldCall } from '../support/scriptedCalls';

// The clock is the real one: a busy computer takes its time.
configure({ asyncUtilTimeout: 4_000 });

export interface Contact {
    name: string;
    [column: string]: unknown;
}

export const contacts = (count: number): Contact[] =>
    Array.from({ length: count }, (_, index) => ({ name: `Contact ${index}` }));

/**
 * A table with a unique column `import_key`, which answers as PostgREST does. It refuses a record whose `name` is "bad".
 *
 * @param hasBatches whether its data provider has `createMany`
 */
export function createTable({ hasBatches = true } = {}) {
    const table = {
        records: [] as Contact[],
        requests: [] as { records: Contact[]; meta: Record<string, unknown> | undefined }[],
        /** What becomes of a request: `insert` puts its records into the table, or throws. */
        answer: async (insert: () => unknown, _records: Contact[]): Promise<unknown> => insert(),
        names: () => table.records.map(({ name }) => name),
        dataProvider: {} as DataProvider,
    };

    const insert = (records: Contact[], ignoresConflicts: boolean) => {
        const isIn = ({ import_key: key }: Contact) =>
            key !== undefined && table.records.some(record => record.import_key === key);
        if (records.some(({ name }) => name === 'bad')) throw new HttpError('The name is bad', 400, { code: '23514' });
        const twice = records.find(isIn);
        if (twice && !ignoresConflicts) {
            throw new HttpError('duplicate key value violates unique constraint "contacts_import_key_key"', 409, {
                code: '23505',
                details: `Key (import_key)=(${twice.import_key}) already exists.`,
            });
        }
        table.records.push(...records.filter(record => !isIn(record)));
        return { data: records };
    };
    type Params<Data> = { data: Data; meta?: Record<string, unknown> };
    const request = (records: Contact[], meta: Record<string, unknown> | undefined, ignoresConflicts: boolean) => {
        table.requests.push({ records, meta });
        return table.answer(() => insert(records, ignoresConflicts), records);
    };
    table.dataProvider = createProvider({
        create: (_: string, { data, meta }: Params<Contact>) => request([data], meta, false),
        ...(hasBatches && {
            createMany: (_: string, { data, meta }: Params<Contact[]>) =>
                request(data, meta, meta?.onConflict !== undefined),
        }),
        getList: async () => ({ data: table.records.map((record, id) => ({ ...record, id })), total: 0 }),
    }) as DataProvider;
    return table;
}

export type Table = ReturnType<typeof createTable>;

/** From now on, requests wait for an answer. Returns what lets them go on. */
export function hold(table: Table): () => void {
    const { answer } = table;
    const held = heldCall();
    table.answer = async (insert, records) => {
        await held();
        return answer(insert, records);
    };
    return () => {
        table.answer = answer;
        held.resolve(undefined);
    };
}

/** After so many more requests, they get through, and their answers are never heard. */
export function goSilentAfter(table: Table, count: number): void {
    const { answer } = table;
    const last = table.requests.length + count;
    table.answer = async (insert, records) => {
        const isSilent = table.requests.length > last;
        const value = await answer(insert, records);
        return isSilent ? new Promise(() => {}) : value;
    };
}

const addListener = vi.spyOn(window, 'addEventListener');

/** A service whose time can end, and with it all that a page does. */
function createMortalService() {
    let isDead = false;
    const clock = {
        now: () => Date.now(),
        random: () => Math.random(),
        setTimeout: (callback: () => void, ms: number) => setTimeout(() => !isDead && callback(), ms),
        clearTimeout: (timer: unknown) => clearTimeout(timer as ReturnType<typeof setTimeout>),
    };
    const die = () => {
        isDead = true;
        for (const [type, listener] of addListener.mock.calls) {
            if (type === 'pagehide') window.removeEventListener(type, listener);
        }
    };
    return { mortal: new RateLimitService({ logger: false, clock }), die };
}

type Options = Partial<UseBulkImportOptions<Contact>>;

/** A screen with an import on it, in an admin of its own, as a page that was just opened. */
export function openPage(
    table: Pick<Table, 'dataProvider'>,
    options: Options = {},
    { service: given, reactStrictMode = false }: { service?: RateLimitService; reactStrictMode?: boolean } = {},
) {
    const { mortal, die } = createMortalService();
    const service = given ?? mortal;
    const dataProvider = withRateLimit(table.dataProvider, { service });
    const wrapper = ({ children }: { children: ReactNode }) => (
        <CoreAdminContext dataProvider={dataProvider}>{children}</CoreAdminContext>
    );
    const rendered = renderHook(() => useBulkImport<Contact>({ resource: 'contacts', ...options }), {
        wrapper,
        reactStrictMode,
    });
    const { result } = rendered;
    return {
        ...rendered,
        /** The browser closes the page in the middle of everything. Requests under way should be silent by then. */
        close: () => {
            window.dispatchEvent(new Event('pagehide'));
            die();
        },
        /** The same without a word. */
        die,
        get now() {
            return result.current;
        },
        /** Starts, and awaits the end. */
        run: (...args: Parameters<typeof result.current.start>) => act(() => result.current.start(...args)),
        /** Starts, and does not await the end. */
        begin: (...args: Parameters<typeof result.current.start>) => {
            let end!: ReturnType<typeof result.current.start>;
            act(() => {
                end = result.current.start(...args);
            });
            return { end };
        },
        /** Awaits that an import is offered to be resumed. */
        findResumable: async () => {
            await waitFor(() => expect(result.current.resumable).not.toBeNull());
            return result.current.resumable;
        },
    };
}

export const requestsOf = (table: Table, count: number) =>
    waitFor(() => expect(table.requests.length).toBeGreaterThanOrEqual(count));
