import { act, cleanup, renderHook, waitFor } from '@testing-library/react';
import {
    CoreAdminContext,
    combineDataProviders,
    type DataProvider,
    HttpError,
    useGetList,
    withLifecycleCallbacks,
} from 'ra-core';
import { RateLimitService, withRateLimit } from 'ra-rate-limit';
import { type ImportRowContext, InvalidRowError, RateLimitContextProvider, useBulkImport } from 'ra-rate-limit/react';
import { Activity, type ReactNode, useEffect, useRef } from 'react';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { createService as createServiceWithClock } from '../support/createService';
import { type Contact, contacts, createTable, hold, openPage, requestsOf } from './importSupport';

afterEach(cleanup);

describe('an import', () => {
    test('sends all rows in batches, and tells how it ended', async () => {
        const table = createTable();
        const page = openPage(table);
        expect(page.now).toMatchObject({
            status: 'idle',
            progress: null,
            result: null,
            error: undefined,
            resumable: null,
        });

        const result = await page.run(contacts(600));

        expect(table.names()).toEqual(contacts(600).map(({ name }) => name));
        expect(Math.max(...table.requests.map(({ records }) => records.length))).toBe(100);
        expect(result).toMatchObject({ status: 'done', total: 600, succeeded: 600, failed: 0, unknown: 0, errors: [] });
        expect(page.now).toMatchObject({ status: 'done', result, progress: { processed: 600, total: 600 } });
    });

    test('batches are as large as one wishes', async () => {
        const table = createTable();

        await openPage(table, { batchSize: 7 }).run(contacts(30));

        expect(Math.max(...table.requests.map(({ records }) => records.length))).toBe(7);
        expect(table.records).toHaveLength(30);
    });

    test('goes row by row where the data provider has no createMany', async () => {
        const table = createTable({ hasBatches: false });

        const result = await openPage(table).run(contacts(5));

        expect(table.requests.map(({ records }) => records)).toEqual(contacts(5).map(contact => [contact]));
        expect(result).toMatchObject({ status: 'done', succeeded: 5 });
    });

    test('goes row by row through `create` where one wishes for batches of one', async () => {
        const table = createTable();
        const createMany = vi.fn();

        const result = await openPage(
            { ...table, dataProvider: { ...table.dataProvider, createMany } },
            { batchSize: 1 },
        ).run(contacts(3));

        expect(createMany).not.toHaveBeenCalled();
        expect(result).toMatchObject({ status: 'done', succeeded: 3 });
        expect(table.records).toHaveLength(3);
    });

    test('goes row by row where the data provider has a method of any name', async () => {
        const table = createTable({ hasBatches: false });
        const dataProvider = combineDataProviders(() => table.dataProvider);

        const result = await openPage({ ...table, dataProvider }).run(contacts(2));

        expect(result).toMatchObject({ status: 'done', succeeded: 2, errors: [] });
        expect(table.records).toHaveLength(2);
    });

    test('takes rows from any iterable, with their total where it is told', async () => {
        const table = createTable();
        const page = openPage(table);
        async function* read() {
            yield* contacts(3);
        }

        await page.run(read(), { total: 3 });
        expect(page.now.progress).toMatchObject({ processed: 3, total: 3 });
        const result = await page.run(new Set(contacts(2)));

        expect(page.now.progress).not.toHaveProperty('total');
        expect(result).toMatchObject({ total: 2, succeeded: 2 });
    });

    test('passes meta on, and no key', async () => {
        const table = createTable();

        await openPage(table, { meta: { headers: { 'X-Reason': 'import' } } }).run(contacts(1));

        expect(table.requests).toEqual([{ records: contacts(1), meta: { headers: { 'X-Reason': 'import' } } }]);
    });

    test('refuses nothing because of the rate limit, and tells what it cost', async () => {
        const table = createTable();
        table.answer = async insert => {
            if (table.requests.length <= 2) throw new HttpError('Too Many Requests', 429);
            return insert();
        };

        const result = await openPage(table).run(contacts(10));

        expect(table.records).toHaveLength(10);
        expect(result).toMatchObject({ status: 'done', succeeded: 10, rateLimited: 2, retries: 2 });
    });

    test('is patient and polite where a wrapper of the data provider is slow to call it', async () => {
        const table = createTable({ hasBatches: false });
        table.answer = async insert => {
            if (table.requests.length <= 2) throw new HttpError('Too Many Requests', 429);
            return insert();
        };
        const service = new RateLimitService({ logger: false, maxRetries: 0, circuitBreakerThreshold: 1 });
        const limited = withRateLimit(table.dataProvider, { service });
        const dataProvider = withLifecycleCallbacks(limited, [
            { resource: 'contacts', beforeCreate: async params => params },
        ]);
        const wrapper = ({ children }: { children: ReactNode }) => (
            <RateLimitContextProvider service={service}>{inAdmin(dataProvider)({ children })}</RateLimitContextProvider>
        );
        const { result } = renderHook(() => useBulkImport<Contact>({ resource: 'contacts' }), { wrapper });

        await act(() => result.current.start(contacts(2)));

        expect(table.records).toHaveLength(2);
        expect(service.getStats()).toMatchObject({ rateLimited: 2, opened: 0 });
    });

    test('can be followed by another', async () => {
        const table = createTable();
        const page = openPage(table);
        await page.run([{ name: 'bad' }]);

        const result = await page.run(contacts(1));

        expect(result).toMatchObject({ succeeded: 1, failed: 0, errors: [] });
        expect(page.now.result).toBe(result);
    });

    test('fetches again what is on the screen', async () => {
        const table = createTable();
        const dataProvider = withRateLimit(table.dataProvider, { logger: false });
        const { result } = renderHook(
            () => ({ list: useGetList('contacts'), bulkImport: useBulkImport<Contact>({ resource: 'contacts' }) }),
            { wrapper: inAdmin(dataProvider) },
        );
        await waitFor(() => expect(result.current.list.data).toEqual([]));

        await act(() => result.current.bulkImport.start(contacts(2)));

        await waitFor(() => expect(result.current.list.data).toHaveLength(2));
    });
});

describe('transform and validate', () => {
    test('transform makes the record, and is told of the row', async () => {
        const table = createTable();
        const contexts: ImportRowContext[] = [];
        const transform = async ({ name }: Contact, context: ImportRowContext) => {
            contexts.push(context);
            return { name: name.toUpperCase() };
        };

        await openPage(table, { transform }).run(contacts(2));

        expect(table.names()).toEqual(['CONTACT 0', 'CONTACT 1']);
        expect(contexts).toEqual([
            { index: 0, rowNumber: 2, signal: expect.any(AbortSignal) },
            { index: 1, rowNumber: 3, signal: expect.any(AbortSignal) },
        ]);
    });

    test.each([true, false])(
        'a row with nothing to create is done without a request (batches: %s)',
        async hasBatches => {
            const table = createTable({ hasBatches });
            const transform = (row: Contact) => (row.name === 'Contact 1' ? null : row);
            const validate = ({ name }: Contact) => (name === '' ? 'has no name' : undefined);

            const result = await openPage(table, { transform, validate }).run(contacts(3));

            expect(table.names()).toEqual(['Contact 0', 'Contact 2']);
            expect(table.requests.flatMap(({ records }) => records)).toHaveLength(2);
            expect(result).toMatchObject({ succeeded: 3, failed: 0 });
        },
    );

    test('an error that validate returns, where it was meant to be thrown, fails the row, too', async () => {
        const table = createTable();
        const validate = ({ name }: Contact) => (name === 'Contact 1' ? (new Error('is odd') as never) : undefined);

        const result = await openPage(table, { validate }).run(contacts(3));

        expect(table.names()).toEqual(['Contact 0', 'Contact 2']);
        expect(result?.errors).toMatchObject([{ index: 1, error: new InvalidRowError('is odd') }]);
    });

    test('a row that transform or validate finds wrong is not sent, and fails with its number and the reason', async () => {
        const table = createTable();
        const missing = new Error('The company is missing');
        const transform = (row: Contact) => {
            if (row.name === 'Contact 1') throw missing;
            return { ...row, email: row.name };
        };
        const validate = ({ email }: Contact, { rowNumber }: { rowNumber: number }) => {
            if (email === 'Contact 2')
                return { email: 'is not an e-mail address', phone: undefined, age: 'is too high' };
            return email === 'Contact 3' ? `row ${rowNumber} is odd` : {};
        };

        const result = await openPage(table, { transform, validate }).run(contacts(5));

        expect(table.names()).toEqual(['Contact 0', 'Contact 4']);
        expect(result).toMatchObject({ succeeded: 2, failed: 3 });
        expect(result?.errors).toEqual([
            { index: 1, rowNumber: 3, item: { name: 'Contact 1' }, outcome: 'failed', error: missing },
            {
                index: 2,
                rowNumber: 4,
                item: { name: 'Contact 2' },
                outcome: 'failed',
                error: new InvalidRowError('email: is not an e-mail address; age: is too high', {
                    email: 'is not an e-mail address',
                    age: 'is too high',
                }),
            },
            {
                index: 3,
                rowNumber: 5,
                item: { name: 'Contact 3' },
                outcome: 'failed',
                error: new InvalidRowError('row 5 is odd'),
            },
        ]);
        expect(result?.errors[1]?.error).toMatchObject({ fields: { email: 'is not an e-mail address' } });
    });

    test('what is wrong may be told as the validation of a form does', async () => {
        const table = createTable();
        const validate = () => ({
            name: { message: 'ra.validation.minLength', args: { min: 2 } },
            phones: [undefined, { number: 'is no number' }],
            email: new Error('is taken'),
            isOdd: true as never,
            address: { city: '' },
            age: ['is no number', 'is too high'],
        });

        const result = await openPage(table, { validate }).run(contacts(1));

        expect(result?.errors[0]?.error).toMatchObject({
            fields: {
                name: 'ra.validation.minLength',
                'phones.1.number': 'is no number',
                email: 'is taken',
                isOdd: 'true',
                age: 'is no number, is too high',
            },
            args: { name: { min: 2 } },
        });
    });

    test('a row that the server refuses fails alone, with its number', async () => {
        const table = createTable();
        const rows = contacts(40).with(17, { name: 'bad' });
        const rowNumber = (_: Contact, index: number) => 100 + index;

        const result = await openPage(table, { rowNumber }).run(rows);

        expect(result?.errors).toEqual([
            { index: 17, rowNumber: 117, item: { name: 'bad' }, outcome: 'failed', error: expect.any(HttpError) },
        ]);
        expect(new Set(table.names())).toEqual(new Set(rows.map(({ name }) => name).filter(name => name !== 'bad')));
        expect(table.records).toHaveLength(39);
    });
});

describe('pause, resume and cancel', () => {
    test('while paused, no request leaves', async () => {
        const table = createTable({ hasBatches: false });
        const { service, clock } = createServiceWithClock();
        const page = openPage(table, {}, { service });
        const { end } = page.begin(contacts(6));
        await act(() => clock.advance(1));
        const sent = table.requests.length;
        expect(sent).toBeGreaterThan(0);
        expect(sent).toBeLessThan(6);

        act(() => page.now.pause());
        expect(page.now).toMatchObject({ status: 'paused', progress: { status: 'paused' } });
        await act(() => clock.advance(60_000));
        expect(table.requests).toHaveLength(sent);

        act(() => page.now.resume());
        expect(page.now).toMatchObject({ status: 'running', progress: { status: 'running' } });
        await act(() => clock.resolve(end));
        expect(page.now).toMatchObject({ status: 'done', result: { succeeded: 6 } });
        expect(table.requests).toHaveLength(6);
    });

    test('paused at once, it does not begin', async () => {
        const table = createTable();
        const page = openPage(table);
        const { end } = page.begin(contacts(3));

        act(() => page.now.pause());
        await waitFor(() => expect(page.now.progress).toMatchObject({ status: 'paused', processed: 0 }));
        expect(table.requests).toHaveLength(0);

        act(() => page.now.resume());
        await act(() => end);
        expect(table.records).toHaveLength(3);
    });

    test('paused and resumed at once, it runs', async () => {
        const table = createTable();
        const page = openPage(table);
        const { end } = page.begin(contacts(3));

        act(() => page.now.pause());
        act(() => page.now.resume());
        await act(() => end);

        expect(page.now).toMatchObject({ status: 'done', result: { succeeded: 3 } });
    });

    test('cancelled, it awaits what is under way and leaves the rest', async () => {
        const table = createTable({ hasBatches: false });
        const letGo = hold(table);
        const page = openPage(table, { concurrency: 2 });
        const { end } = page.begin(contacts(10));
        await requestsOf(table, 2);

        act(() => page.now.cancel());
        expect(page.now.status).toBe('running');
        letGo();
        const result = await act(() => end);

        expect(table.names()).toEqual(['Contact 0', 'Contact 1']);
        expect(result).toMatchObject({ status: 'cancelled', total: 10, succeeded: 2, notAttempted: 8, errors: [] });
        expect(page.now).toMatchObject({ status: 'cancelled', result });
    });

    test('once cancelled, it cannot be paused', async () => {
        const table = createTable({ hasBatches: false });
        const letGo = hold(table);
        const page = openPage(table);
        const { end } = page.begin(contacts(30));
        await requestsOf(table, 1);

        act(() => page.now.cancel());
        act(() => page.now.pause());

        expect(page.now.status).toBe('running');
        letGo();
        await act(() => end);
        expect(page.now.status).toBe('cancelled');
    });

    test('once its screen is gone, it cannot be started', async () => {
        const table = createTable();
        const { now, unmount } = openPage(table);
        unmount();

        await expect(now.start(contacts(1))).resolves.toBeUndefined();

        expect(table.requests).toHaveLength(0);
    });

    test('without an import they do nothing', async () => {
        const page = openPage(createTable());

        act(() => {
            page.now.pause();
            page.now.resume();
            page.now.cancel();
        });

        expect(page.now.status).toBe('idle');
    });

    test.each([
        [{ keycolumn: 'import_key' }, [], 'keycolumn must be a known option, got "import_key"'],
        [{ resource: undefined }, [], 'resource must be the name of a resource, got undefined'],
        [{ keyColumn: 5 }, [], 'keyColumn must be the name of a column, got 5'],
        [{ resumeKey: '' }, [], 'resumeKey must be a name, got ""'],
        [{ batchSize: 0 }, [], 'batchSize must be an integer of 1 or more, got 0'],
        [{ concurrency: 1.5 }, [], 'concurrency must be an integer of 1 or more, got 1.5'],
        [{ transform: {} }, [], 'transform must be a function, got [object Object]'],
        [{ meta: 'fast' }, [], 'meta must be an object, got "fast"'],
        [{ meta: null }, [], 'meta must be an object, got null'],
        [{}, undefined, 'rows must be an iterable or async iterable, got undefined'],
        [{}, 'a,b', 'rows must be an iterable or async iterable, got "a,b"'],
    ])('%o and %o for rows are refused before anything is sent', async (options, rows, message) => {
        const table = createTable({ hasBatches: false });
        const page = openPage(table, options as object);

        await expect(page.now.start(rows as never)).rejects.toThrow(`ra-rate-limit: ${message}`);

        expect(page.now.status).toBe('idle');
        expect(table.requests).toHaveLength(0);
    });

    test('a second start is refused, and the first import goes on', async () => {
        const table = createTable();
        const letGo = hold(table);
        const page = openPage(table);
        const { end } = page.begin(contacts(2));
        await requestsOf(table, 1);

        await expect(page.now.start(contacts(5))).rejects.toThrow('ra-rate-limit: an import is running');

        letGo();
        await expect(act(() => end)).resolves.toMatchObject({ succeeded: 2 });
        expect(table.records).toHaveLength(2);
    });

    test('when its screen goes away it is cancelled', async () => {
        const table = createTable({ hasBatches: false });
        const letGo = hold(table);
        const page = openPage(table, { concurrency: 1 });
        const { end } = page.begin(contacts(10));
        await requestsOf(table, 1);

        page.unmount();
        letGo();

        await expect(end).resolves.toMatchObject({ status: 'cancelled', succeeded: 1, notAttempted: 9 });
        expect(table.requests).toHaveLength(1);
    });
});

describe('an open circuit', () => {
    const openCircuit = async (circuitResetMs: number) => {
        const service = new RateLimitService({
            logger: false,
            maxRetries: 0,
            circuitBreakerThreshold: 1,
            circuitResetMs,
        });
        await service.executeWithRetry(() => Promise.reject(new HttpError('no', 429))).catch(() => {});
        return service;
    };

    test('blocks the start until it is over', async () => {
        const table = createTable();
        const service = await openCircuit(300);
        const { openUntil } = service.getSnapshot();
        const page = openPage(table, {}, { service });

        await expect(page.run(contacts(2))).resolves.toBeUndefined();

        expect(page.now).toMatchObject({ status: 'blocked', blockedUntil: openUntil, progress: null });
        expect(table.requests).toHaveLength(0);
        await waitFor(() => expect(page.now).toMatchObject({ status: 'idle', blockedUntil: null }));
        expect(Date.now()).toBeGreaterThanOrEqual(Number(openUntil));
        await page.run(contacts(2));
        expect(table.records).toHaveLength(2);
    });

    test('that is closed by hand blocks no longer', async () => {
        const service = await openCircuit(60_000);
        const page = openPage(createTable(), {}, { service });
        await page.run(contacts(2));

        act(() => service.resetCircuit());

        expect(page.now).toMatchObject({ status: 'idle', blockedUntil: null });
    });

    test('pauses an import under way, which says until when', async () => {
        const table = createTable();
        table.answer = async insert => {
            if (table.requests.length === 1) throw new HttpError('no', 429, { retry_after: 0.4 });
            return insert();
        };
        const service = new RateLimitService({ logger: false, maxDelayMs: 100 });
        const page = openPage(table, {}, { service });
        const { end } = page.begin(contacts(2));

        await waitFor(() =>
            expect(page.now.progress).toMatchObject({ status: 'paused', resumesAt: expect.any(Number) }),
        );
        expect(page.now.status).toBe('running');
        await act(() => end);

        expect(page.now).toMatchObject({ status: 'done', result: { succeeded: 2 } });
    });
});

test('rows that cannot be read: what was sent is awaited, and the error is told', async () => {
    const table = createTable();
    const page = openPage(table);
    const unreadable = new Error('The file is gone');
    async function* read() {
        yield* contacts(150);
        throw unreadable;
    }

    await expect(page.run(read())).resolves.toBeUndefined();

    expect(page.now).toMatchObject({ status: 'failed', error: unreadable, result: null });
    expect(table.records).toHaveLength(150);
});

test('in strict mode it runs once', async () => {
    const table = createTable();
    const page = openPage(table, {}, { reactStrictMode: true });

    await page.run(contacts(5));

    expect(table.names()).toEqual(contacts(5).map(({ name }) => name));
    expect(page.now).toMatchObject({ status: 'done', result: { succeeded: 5 } });
});

describe('the import of a screen that comes back', () => {
    test('in strict mode is not said to run: it went away with the first mount', async () => {
        const table = createTable();
        const { result } = renderHook(
            () => {
                const bulkImport = useBulkImport<Contact>({ resource: 'contacts' });
                const { start } = bulkImport;
                const isStarted = useRef(false);
                useEffect(() => {
                    if (!isStarted.current) void start(contacts(5));
                    isStarted.current = true;
                }, [start]);
                return bulkImport;
            },
            { wrapper: inAdmin(withRateLimit(table.dataProvider, { logger: false })), reactStrictMode: true },
        );

        await act(() => new Promise(resolve => setTimeout(resolve)));

        expect(result.current.status).toBe('idle');
        expect(table.requests).toEqual([]);
    });

    test('after it was hidden is over', async () => {
        const table = createTable();
        const letGo = hold(table);
        const dataProvider = withRateLimit(table.dataProvider, { logger: false });
        let mode: 'visible' | 'hidden' = 'visible';
        const wrapper = ({ children }: { children: ReactNode }) => (
            <CoreAdminContext dataProvider={dataProvider}>
                <Activity mode={mode}>{children}</Activity>
            </CoreAdminContext>
        );
        const { result, rerender } = renderHook(() => useBulkImport<Contact>({ resource: 'contacts' }), { wrapper });
        let end: Promise<unknown> | undefined;
        act(() => {
            end = result.current.start(contacts(5));
        });
        await requestsOf(table, 1);

        mode = 'hidden';
        rerender();
        letGo();
        await act(() => end);
        mode = 'visible';
        rerender();

        expect(result.current.status).toBe('idle');
    });
});

const inAdmin =
    (dataProvider: DataProvider) =>
    ({ children }: { children: ReactNode }) => (
        <CoreAdminContext dataProvider={dataProvider}>{children}</CoreAdminContext>
    );

describe('what transform returns', () => {
    test.each([false, '', 0, null, undefined])('leaves the row out when it is %j', async nothing => {
        const table = createTable();
        const transform = (row: Contact) => (row.name === 'Contact 0' ? nothing : row);

        const result = await openPage(table, { transform: transform as never }).run(contacts(3));

        expect(table.names()).toEqual(['Contact 1', 'Contact 2']);
        expect(result).toMatchObject({ succeeded: 3, failed: 0 });
    });

    test.each(['Contact 0', 7, ['Contact 0']])('fails the row when it is %j, which is no record', async wrong => {
        const table = createTable();
        const transform = (row: Contact) => (row.name === 'Contact 0' ? wrong : row);

        const result = await openPage(table, { transform: transform as never }).run(contacts(3));

        expect(table.names()).toEqual(['Contact 1', 'Contact 2']);
        expect(String(result?.errors[0]?.error)).toContain('a record must be an object, got');
    });
});
