import { createClient } from '@supabase/supabase-js';
import {
    type BulkProgress,
    getRateLimitService,
    isRateLimitError,
    type RateLimitOptions,
    type RateLimitService,
    runBulk,
    withRateLimit,
} from 'ra-rate-limit';
import { rateLimitedSupabase } from 'ra-rate-limit/supabase';
import { supabaseDataProvider } from 'ra-supabase-core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { type Refusal, refusals } from '../fixtures/refusals.ts';
import { documentedConfig, startHaproxy, startNginx } from './support/gateways.ts';
import type { RunningServer } from './support/listen.ts';
import { findPostgres, type PostgresServer, startPostgresServer } from './support/postgresServer.ts';
import { explainSkipped, findProgram } from './support/program.ts';
import { type SupabaseServer, startSupabaseServer } from './support/supabaseServer.ts';

const nginx = findProgram('nginx');
const haproxy = findProgram('haproxy');
explainSkipped('the tests of nginx', nginx, 'nginx');
explainSkipped('the tests of HAProxy', haproxy, 'haproxy');

/** Of two thousand requests, the database in memory makes twice the time. */
const postgres = findPostgres();

let database: PostgresServer | undefined;
let api: SupabaseServer;

beforeAll(async () => {
    if (!nginx && !haproxy) return;
    if (postgres) database = await startPostgresServer(postgres);
    api = await startSupabaseServer(database && (() => (database as PostgresServer).connect(20)));
    await api.setLimits({ rate: 10_000, burst: 100_000 }); // the gateway's are the ones in question
});

afterAll(async () => {
    try {
        await api?.close();
    } finally {
        await database?.close();
    }
});

const AUTH = { persistSession: false, autoRefreshToken: false };

/** The contacts of this last name in the database, past the gateway. Those stored twice are not all different. */
async function stored(lastName: string) {
    const direct = createClient(api.url, api.apiKey, { auth: AUTH });
    const named = () => direct.from('contacts').select('first_name').eq('last_name', lastName).order('id');
    const pages = await Promise.all(
        [0, 1000, 2000].map(start =>
            named()
                .range(start, start + 999)
                .throwOnError(),
        ),
    );
    const names = pages.flatMap(({ data }) => data.map(({ first_name }) => first_name));
    return { rows: names.length, different: new Set(names).size };
}

const all = (count: number) => ({ rows: count, different: count });

/** So many of them, whose first names are numbers. */
const contacts = (last_name: string, count: number, first = 0) =>
    Array.from({ length: count }, (_, index) => ({ first_name: String(first + index), last_name }));

/** Runs something in the middle of an import of 2,000 rows. */
function onceHalfway<Result>(run: () => Promise<Result>) {
    let result: Promise<Result> | undefined;
    return {
        onProgress: ({ processed }: BulkProgress) => {
            if (processed >= 1000) result ??= run();
        },
        result: async () => result,
    };
}

const nginxLimit = (directives: string) => `
    limit_req_zone $binary_remote_addr zone=api:1m rate=200r/s;
    server {
        listen 127.0.0.1:8080;
        location / {
            limit_req zone=api burst=10 nodelay;
            ${directives}
            proxy_pass http://127.0.0.1:3000;
        }
    }`;

const HAPROXY_LIMIT = `
    frontend api
        bind 127.0.0.1:8080
        stick-table type ip size 1k expire 10s store http_req_rate(200ms)
        http-request track-sc0 src
        http-request deny deny_status 429 if { sc_http_req_rate(0) gt 40 }
        default_backend api
    backend api
        server api 127.0.0.1:3000`;

const isClosed = (error: unknown): boolean =>
    error instanceof TypeError && Object(error.cause).code === 'UND_ERR_SOCKET';

interface GatewayCase {
    name: string;
    program: string | undefined;
    start(program: string): Promise<RunningServer>;
    /** The name of the fixture that its refusal is. */
    refusal: string;
    options?: RateLimitOptions;
    /** Of 2,000 requests it makes some 15 s. */
    isFast?: boolean;
    isDocumented?: boolean;
}

const GATEWAYS: GatewayCase[] = [
    {
        name: 'nginx, limit_req with status 429',
        program: nginx,
        start: program => startNginx(program, nginxLimit('limit_req_status 429;'), api),
        refusal: 'nginx limit_req_status 429',
        isFast: true,
    },
    {
        name: 'nginx, limit_req with its default, 503',
        program: nginx,
        start: program => startNginx(program, nginxLimit(''), api),
        refusal: 'nginx limit_req, default status',
        options: {
            // As docs/options.md has it.
            isRateLimitError: error =>
                isRateLimitError(error) || (error instanceof Error && 'status' in error && error.status === 503),
        },
    },
    {
        name: 'HAProxy, a stick table',
        program: haproxy,
        start: program => startHaproxy(program, HAPROXY_LIMIT, api),
        refusal: 'HAProxy deny_status 429',
        isFast: true,
    },
    {
        name: 'nginx, as the docs set it up',
        program: nginx,
        start: program => startNginx(program, documentedConfig('nginx'), api),
        refusal: 'nginx, as docs/gateways.md sets it up',
        isDocumented: true,
    },
    {
        name: 'HAProxy, as the docs set it up',
        program: haproxy,
        start: program => startHaproxy(program, documentedConfig('haproxy'), api),
        refusal: 'HAProxy, as docs/gateways.md sets it up',
        isDocumented: true,
    },
];

describe.each(GATEWAYS)('$name', ({ name, program, start, refusal, options, isFast, isDocumented }) => {
    describe.skipIf(!program)('when it is installed', () => {
        let gateway: RunningServer;

        beforeAll(async () => {
            gateway = await start(program as string);
        });

        afterAll(() => gateway?.close());

        const rateLimit: RateLimitOptions = { logger: false, ...options };

        function connect() {
            const { apiKey } = api;
            const wired = rateLimitedSupabase({ instanceUrl: gateway.url, apiKey, client: { auth: AUTH }, rateLimit });
            onTestFinished(() => wired.rateLimit.dispose());
            return wired;
        }

        const flood = (method: string, requests = 60) =>
            Promise.all(Array.from({ length: requests }, () => fetch(`${gateway.url}/nothing`, { method })));

        /** Somebody else, whose many saves of the same moment are on the same limit. */
        async function saveAtOnce(rows: object[]) {
            const { apiKey } = api;
            const supabaseClient = createClient(gateway.url, apiKey, { auth: AUTH });
            const supabase = supabaseDataProvider({ instanceUrl: gateway.url, apiKey, supabaseClient });
            const dataProvider = withRateLimit(supabase, rateLimit);
            const service = getRateLimitService(dataProvider) as RateLimitService;
            const create = (data: object): Promise<unknown> =>
                dataProvider.create('contacts', { data }).catch((error: unknown) => {
                    // HAProxy closes the connection with a refusal: what was about to leave on it is not seen by anybody.
                    if (isClosed(error)) return create(data);
                    throw error;
                });
            await Promise.all(rows.map(create));
            service.dispose();
            return service.getStats().rateLimited;
        }

        // The first test, as what was counted before would be refused afterwards.
        test.runIf(isDocumented)('preflights are not counted', async () => {
            const preflights = await flood('OPTIONS');
            const [request] = await flood('GET', 1);

            expect([...preflights, request].map(answer => answer?.status)).not.toContain(429);
        });

        test('saves of the same moment all get in, once', async () => {
            const { dataProvider, rateLimit } = connect();
            const lastName = `${name}: saves`;

            await Promise.all(contacts(lastName, 60).map(data => dataProvider.create('contacts', { data })));

            await expect(stored(lastName)).resolves.toEqual(all(60));
            expect(rateLimit.getStats().rateLimited).toBeGreaterThan(0);
        });

        test('2,000 rows in batches, and what somebody else saves meanwhile, all get in, once', async () => {
            const { dataProvider, rateLimit: service } = connect();
            const lastName = `${name}: batches`;
            const others = onceHalfway(() => saveAtOnce(contacts(lastName, 50, 2000)));

            const result = await runBulk(
                contacts(lastName, 2000),
                data => dataProvider.createMany('contacts', { data }),
                { service, batchSize: 40, onProgress: others.onProgress },
            );

            expect(result).toMatchObject({ status: 'done', succeeded: 2000, failed: 0, unknown: 0 });
            await expect(others.result()).resolves.toBeGreaterThan(0);
            await expect(stored(lastName)).resolves.toEqual(all(2050));
        });

        test.runIf(isFast)('and so do 2,000 rows one a request', { timeout: 120_000 }, async () => {
            const { dataProvider, rateLimit: service } = connect();
            const lastName = `${name}: rows`;
            const others = onceHalfway(() => saveAtOnce(contacts(lastName, 50, 2000)));

            const result = await runBulk(contacts(lastName, 2000), data => dataProvider.create('contacts', { data }), {
                service,
                onProgress: others.onProgress,
            });

            expect(result).toMatchObject({ status: 'done', succeeded: 2000, failed: 0, unknown: 0 });
            await expect(others.result()).resolves.toBeGreaterThan(0);
            await expect(stored(lastName)).resolves.toEqual(all(2050));
        });

        test('its refusal is the one among the fixtures', async () => {
            const { status, headers, body } = refusals.find(fixture => fixture.name === refusal) as Refusal;
            const withoutVersion = (text: string) => text.replaceAll(/nginx\/[\d.]+/g, 'nginx');

            const answers = await flood('GET');
            const refused = answers.find(answer => answer.status === status) as Response;

            expect(withoutVersion(await refused.text())).toBe(withoutVersion(body));
            for (const [header, value] of Object.entries(headers)) {
                expect(withoutVersion(refused.headers.get(header) ?? '')).toBe(withoutVersion(value));
            }
        });
    });
});
