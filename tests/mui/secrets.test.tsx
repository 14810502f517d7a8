import { createServer, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { inspect } from 'node:util';
import * as Sentry from '@sentry/react';
import { act, screen } from '@testing-library/react';
import {
    type RateLimitError,
    type RateLimitEventName,
    type RateLimitService,
    runBulk,
    withRateLimit,
} from 'ra-rate-limit';
import { reportToOpenTelemetry } from 'ra-rate-limit/opentelemetry';
import { reportToSentry } from 'ra-rate-limit/sentry';
import { rateLimitedSupabase } from 'ra-rate-limit/supabase';
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { listen } from '../integration/support/listen';
import { startTelemetry } from '../opentelemetry/telemetry';
import { openInbox } from '../sentry/sentryInbox';
import { rejectionOf } from '../support/scriptedCalls';
import { renderDashboard } from './dashboard/support/renderDashboard';

afterEach(() => vi.restoreAllMocks());

/** Letters and digits alone: no encoding changes them. */
const CANARIES = {
    apiKey: 'canaryApiKey7f3a',
    authorization: 'canaryToken91bc',
    record: 'canaryRecordD02e',
    importedRow: 'canaryRow55aa',
    argument: 'canaryArgument3c1d',
    refusalBody: 'canaryRefusalBodyE8f0',
    refusalHeader: 'canaryRefusalHeader44c2',
    errorBody: 'canaryErrorBody0b9d',
    errorHeader: 'canaryErrorHeaderA6e7',
    savedBody: 'canarySavedBody1d8c',
    savedHeader: 'canarySavedHeaderF5b3',
};

type Canary = keyof typeof CANARIES;

const found = (sink: string): Canary[] =>
    (Object.keys(CANARIES) as Canary[]).filter(name => sink.includes(CANARIES[name]));

/** A server whose every answer has canaries: `statuses` are those of the next requests, then all are accepted. */
async function startServer() {
    const statuses: number[] = [];
    let received = '';
    const server = await listen(
        createServer(async (request: IncomingMessage, response) => {
            received += `${inspect(request.headers)} ${await text(request)}\n`;
            const status = statuses.shift() ?? 201;
            const kind = status === 429 ? 'refusal' : status < 300 ? 'saved' : 'error';
            const word = CANARIES[`${kind}Body`];
            const code = status === 429 ? '429' : word; // what throwOnError() leaves of the status
            response
                .writeHead(status, {
                    'content-type': 'application/json',
                    'x-detail': CANARIES[`${kind}Header`],
                    'set-cookie': `session=${CANARIES[`${kind}Header`]}`,
                    ...(status === 429 && { 'retry-after-ms': '5' }),
                })
                .end(JSON.stringify({ id: 1, message: word, code, details: word, hint: word }));
        }),
    );
    onTestFinished(() => server.close());
    return { url: server.url, received: () => received, answer: (...next: number[]) => void statuses.push(...next) };
}

const EVENTS: RateLimitEventName[] = [
    ...(['retry', 'success', 'exhausted', 'reject', 'open', 'halfOpen', 'close', 'pause'] as const),
];

/** All that leaves a service, switched on. `read` collects what each of them has got, as text. */
async function openSinks(service: RateLimitService) {
    const logged: unknown[] = [];
    for (const level of ['debug', 'info', 'log', 'warn', 'error'] as const) {
        vi.spyOn(console, level).mockImplementation((...values) => void logged.push(...values));
    }
    const inbox = openInbox();
    const telemetry = startTelemetry();
    const exported: Blob[] = [];
    URL.createObjectURL = blob => `blob:${exported.push(blob as Blob)}`;
    vi.spyOn(HTMLAnchorElement.prototype, 'click').mockReturnValue();
    const events: string[] = [];
    const snapshots: string[] = [];
    const stops = [
        reportToSentry(service, Sentry),
        reportToOpenTelemetry(service, { meter: telemetry.meter, tracer: telemetry.tracer }),
        ...EVENTS.map(name => service.on(name, event => void events.push(name, JSON.stringify(event)))),
        service.subscribe(() => void snapshots.push(JSON.stringify(service.getSnapshot()))),
    ];
    const { user, unmount } = renderDashboard({ service });
    onTestFinished(async () => {
        for (const stop of stops) stop();
        await telemetry.stop();
        await Sentry.close();
    });

    const read = async (): Promise<Record<string, string>> => {
        await user.click(await screen.findByRole('button', { name: 'Export' }));
        const page = document.body.textContent ?? '';
        // What it leaves behind, it does when it goes.
        unmount();
        const metrics = [...(await telemetry.collect()).values()];
        const spans = telemetry
            .spans()
            .map(({ name, attributes, events, status }) => ({ name, attributes, events, status }));
        Sentry.captureMessage('The next event, with all breadcrumbs');
        return {
            'the console': inspect(logged, { depth: Number.POSITIVE_INFINITY, maxStringLength: null }),
            'the events': events.join('\n'),
            'the snapshots': snapshots.join('\n'),
            'the statistics': JSON.stringify([service.getStats(), service.getCircuitState()]),
            'the history in the storage': JSON.stringify({ ...sessionStorage }),
            'the export of the dashboard': (await exported[0]?.text()) ?? '',
            'the page': page,
            Sentry: await inbox.text(),
            'OpenTelemetry metrics': JSON.stringify(metrics),
            'OpenTelemetry spans': JSON.stringify(spans),
        };
    };
    return { read };
}

/** What an app does with an error that it was given. */
const toTexts = (error: RateLimitError) => ({
    'the error as JSON': JSON.stringify(error),
    'the body of the error': JSON.stringify(error.body),
    'the error as text': `${error} ${error.message}`,
    'what a loop over the error finds': JSON.stringify(Object.entries(error)),
});

/** Saves, retries, failures, an open circuit, a probe and an import, of one resource. */
async function useEverything(resource: string) {
    const server = await startServer();
    const { dataProvider, supabaseClient, rateLimit } = rateLimitedSupabase({
        instanceUrl: server.url,
        apiKey: CANARIES.apiKey,
        client: {
            auth: { persistSession: false, autoRefreshToken: false },
            global: { headers: { Authorization: `Bearer ${CANARIES.authorization}` } },
        },
        rateLimit: { initialDelayMs: 1, maxRetries: 1, circuitBreakerThreshold: 3, circuitResetMs: 100 },
    });
    onTestFinished(() => rateLimit.dispose());
    const custom = withRateLimit(
        {
            invite: (email: string) => supabaseClient.rpc('invite', { email, note: CANARIES.record }),
            query: (sql: string) => supabaseClient.rpc('query', { sql }).throwOnError(),
        },
        { service: rateLimit },
    );
    const sinks = await openSinks(rateLimit);
    const create = () => dataProvider.create(resource, { data: { name: CANARIES.record } });
    const errors: RateLimitError[] = [];
    const fail = async (saving: PromiseLike<unknown>) => {
        const error = await rejectionOf(Promise.resolve(saving));
        errors.push(error as RateLimitError);
        return error;
    };

    await act(async () => {
        server.answer(429);
        await create();
        server.answer(500, 400, 404, 401);
        for (let failures = 0; failures < 4; failures++) await rejectionOf(create());
        server.answer(429);
        await custom.invite(CANARIES.argument);
        server.answer(429, 201, 429, 400);
        const rows = Array.from({ length: 8 }, () => ({ name: CANARIES.importedRow }));
        await runBulk(rows, data => dataProvider.create(resource, { data }), {
            service: rateLimit,
            onProgress: () => {},
        });
        server.answer(429, 429, 429, 429, 429, 429);
        await fail(create());
        await fail(custom.query(CANARIES.argument));
        await fail(create());
        await fail(create());
        await vi.waitFor(() => expect(rateLimit.getCircuitState().status).toBe('half-open'));
        await create();
    });
    const codes = errors.map(({ code }) => code.replace('RATE_LIMIT_', ''));
    expect(codes).toEqual(['MAX_RETRIES_EXCEEDED', 'MAX_RETRIES_EXCEEDED', 'CIRCUIT_OPEN', 'CIRCUIT_OPEN']);
    expect(rateLimit.getStats()).toMatchObject({ failed: 5, rejected: 1, opened: 1 });
    const texts = errors.map(toTexts);
    const ofErrors = Object.keys(texts[0] ?? {}).map(name => [
        name,
        texts.map(each => each[name as keyof typeof each]).join('\n'),
    ]);
    return {
        sinks: { ...(await sinks.read()), ...Object.fromEntries(ofErrors) } as Record<string, string>,
        received: server.received(),
        cause: inspect(errors[0]?.cause, { depth: 5 }),
    };
}

describe('tokens, records and what the server says', () => {
    test('are in no log line, event, snapshot, storage, export, report or error', async () => {
        const { sinks, received, cause } = await useEverything('contacts');

        const leaks = Object.entries(sinks).flatMap(([sink, content]) =>
            found(content).map(name => `${name} in ${sink}`),
        );
        expect(leaks).toEqual([]);
        // They were there to be leaked.
        expect(found(received)).toEqual(['apiKey', 'authorization', 'record', 'importedRow', 'argument']);
        expect(found(cause)).toContain('refusalBody');
    });

    test('would be found in each of these places: the name of the resource, which all of them tell, is', async () => {
        const { sinks } = await useEverything(CANARIES.record);

        const silent = Object.entries(sinks).filter(([, content]) => !found(content).includes('record'));
        // These have numbers only.
        expect(silent.map(([sink]) => sink)).toEqual(['the snapshots', 'the statistics', 'the error as text']);
        for (const [, content] of silent) expect(content).toMatch(/openUntil|rateLimited|RateLimitError/);
    });
});
