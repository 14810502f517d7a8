import { createServer } from 'node:http';
import { createClient, FunctionsHttpError } from '@supabase/supabase-js';
import { HttpError } from 'ra-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { isAmbiguous, isSignedOut } from '../../src/bulk/ambiguity';
import { listen } from '../integration/support/listen';
import { rejectionOf } from '../support/scriptedCalls';

/** Where nobody listens any more. */
let closedUrl = '';

beforeAll(async () => {
    const server = await listen(createServer());
    closedUrl = server.url;
    await server.close();
});

describe('nobody knows what became of a write', () => {
    test('that Node could not send', async () => {
        expect(isAmbiguous(await rejectionOf(fetch(closedUrl)))).toBe(true);
    });

    test('that was aborted on its way, or took too long', async () => {
        expect(isAmbiguous(await rejectionOf(fetch(closedUrl, { signal: AbortSignal.abort() })))).toBe(true);
        expect(isAmbiguous(new DOMException('The operation timed out', 'TimeoutError'))).toBe(true);
    });

    test('whose answer broke off', async () => {
        const server = await listen(
            createServer((_, response) => {
                response.writeHead(200, { 'content-length': '100' });
                response.write('{"half":');
                setImmediate(() => response.destroy());
            }),
        );

        const error = await rejectionOf(fetch(server.url).then(response => response.text()));

        expect(isAmbiguous(error)).toBe(true);
        await server.close();
    });

    test('that supabase-js could not send', async () => {
        const supabase = createClient(closedUrl, 'key');
        const { error, status } = await supabase.from('contacts').insert({});

        expect(status).toBe(0);
        expect(isAmbiguous(error)).toBe(true);
        expect(
            isAmbiguous(await rejectionOf(Promise.resolve(supabase.from('contacts').insert({}).throwOnError()))),
        ).toBe(true);
    });

    test('that supabase-js gave up while it was under way', async () => {
        const server = await listen(createServer(() => {}));
        const insert = () => createClient(server.url, 'key').from('contacts').insert({});
        const abortion = new AbortController();
        setTimeout(() => abortion.abort(), 20);

        const results = await Promise.all([
            insert().abortSignal(abortion.signal),
            insert().abortSignal(AbortSignal.timeout(20)),
        ]);
        const thrown = await rejectionOf(Promise.resolve(insert().abortSignal(AbortSignal.timeout(20)).throwOnError()));

        // Plain objects without a name: that no answer came is only in the status.
        for (const { error, status } of results) expect(isAmbiguous({ ...error, status })).toBe(true);
        expect(isAmbiguous(thrown)).toBe(true);
        await server.close();
    });

    test('that an Edge Function, the storage or the sign-in did not get', async () => {
        const supabase = createClient(closedUrl, 'key', { auth: { persistSession: false } });

        const results = [
            await supabase.functions.invoke('import'),
            await supabase.storage.from('avatars').upload('ada.png', new Blob(['x'])),
            await supabase.auth.signInWithPassword({ email: 'ada@example.com', password: 'secret' }),
        ];

        for (const { error } of results) expect(isAmbiguous(error)).toBe(true);
    });

    test.each([408, 502, 504, 520, 521, 522, 523, 524])('that a gateway answered with %i', status => {
        expect(isAmbiguous(new HttpError('gateway', status))).toBe(true);
        expect(isAmbiguous({ response: { status } })).toBe(true);
        expect(isAmbiguous(new FunctionsHttpError(new Response(null, { status })))).toBe(true);
        expect(isAmbiguous(new Error('not saved', { cause: { response: { status } } }))).toBe(true);
        expect(isAmbiguous(new Error('not saved', { cause: { status: String(status) } }))).toBe(true);
    });

    test.each([
        'Failed to fetch',
        'Failed to fetch (api.example.com)',
        'NetworkError when attempting to fetch resource.',
        'Load failed',
        'The network connection was lost.',
        'The Internet connection appears to be offline.',
        'The request timed out.',
        'network error',
        'TypeError: fetch failed',
        'terminated',
    ])('when a browser says "%s"', message => {
        expect(isAmbiguous(new TypeError(message))).toBe(true);
    });

    test.each([
        'ECONNRESET',
        'ECONNREFUSED',
        'ECONNABORTED',
        'EPIPE',
        'ETIMEDOUT',
        'ENOTFOUND',
        'EAI_AGAIN',
        'EHOSTUNREACH',
        'ENETUNREACH',
        'UND_ERR_SOCKET',
        'UND_ERR_HEADERS_TIMEOUT',
        'ERR_NETWORK',
        'ERR_CANCELED',
    ])('when the cause has the code %s', code => {
        expect(isAmbiguous(new Error('failed', { cause: { code } }))).toBe(true);
    });
});

describe('it is known what became of a write', () => {
    test.each([400, 401, 403, 404, 409, 413, 422, 429, 500, 501, 503, 505, 525])(
        'that the server answered with %i',
        status => {
            expect(isAmbiguous(new HttpError('Failed to fetch', status))).toBe(false);
            expect(isAmbiguous({ response: { status }, code: 'ERR_NETWORK' })).toBe(false);
            expect(isAmbiguous(new TypeError('Failed to fetch', { cause: { status } }))).toBe(false);
        },
    );

    test('whose status is none of HTTP', () => {
        expect(isAmbiguous({ status: 'FAILED', message: 'Failed to fetch' })).toBe(false);
        expect(isAmbiguous({ status: 15020, message: 'no' })).toBe(false);
    });

    test.each([
        new TypeError("Cannot read properties of undefined (reading 'id')"),
        new Error('Load failed tests first'),
        new Error('The row says: Failed to fetch the mail'),
        new Error('The row says: Failed to fetch'),
        new TypeError('terminated employees have no manager'),
        new Error('AbortError'),
        Object.assign(new Error('duplicate'), { code: '23505' }),
        Object.assign(new Error('no such file'), { code: 'ENOENT' }),
        Object.assign(new Error('odd'), { code: 'NOT_ECONNRESET' }),
        Object.assign(new Error('odd'), { name: 'NoTimeoutError' }),
        Object.assign(new Error('odd'), { name: 'TimeoutErrorOfMine' }),
        new RangeError('Invalid time value'),
        'no',
        null,
        undefined,
    ])('that never left because of %s', error => {
        expect(isAmbiguous(error)).toBe(false);
    });
});

describe('somebody is signed out', () => {
    test.each([
        ['to react-admin', new HttpError('JWT expired', 401, { code: 'PGRST303' })],
        ['by a session that could not be renewed', Object.assign(new Error(), { code: 'SESSION_NOT_RENEWED' })],
        ['to supabase-js', Object.assign(new Error('JWT expired'), { code: 'PGRST301', status: 401 })],
        ['to axios', Object.assign(new Error('Unauthorized'), { response: { status: 401 } })],
        ['behind another error', new Error('not saved', { cause: { status: '401' } })],
    ])('%s', (_, error) => {
        expect(isSignedOut(error)).toBe(true);
    });

    test.each([
        ['may not write', new HttpError('row-level security', 401, { code: '42501' })],
        ['may not write, as supabase-js has it', { status: 401, code: '42501' }],
        ['may not write, behind another error', new Error('not saved', { cause: { status: 401, code: '42501' } })],
        ['is forbidden', new HttpError('Forbidden', 403)],
        ['has no answer', new TypeError('Failed to fetch')],
        ['is nothing', undefined],
    ])('but not who %s', (_, error) => {
        expect(isSignedOut(error)).toBe(false);
    });
});
