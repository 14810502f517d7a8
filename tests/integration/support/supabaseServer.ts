import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { getRequestListener } from '@hono/node-server';
import { App, type Connection } from '@supabase/lite';
import { applyPendingMigrations, ensureSchema } from '@supabase/lite/cli';
import { createPgliteConnection } from '@supabase/lite/pglite';
import { vi } from 'vitest';
import { listen, type RunningServer } from './listen.ts';

const DEMO = fileURLToPath(new URL('../../../demo', import.meta.url));

/** A request and its answer, as the server saw them. */
export interface ServedRequest {
    path: string;
    status: number;
    receivedAt: number;
    retryAfter: string | null;
    /** The body of a refusal. */
    refusal?: { code: string; details: string };
}

export interface ServerLimits {
    /** Tokens a second. */
    rate: number;
    burst: number;
    /** Every write is refused. */
    overloaded?: boolean;
}

export interface SupabaseServer extends RunningServer {
    apiKey: string;
    /** The writes and RPCs since the last `setLimits`. */
    writes: ServedRequest[];
    /** Sets the rate limit in the database, and fills the bucket. */
    setLimits(limits: ServerLimits): Promise<void>;
}

/**
 * Supabase Lite with the migrations and the seed of the demo.
 *
 * @param connect to an empty database, which is a Postgres in memory if none is given
 */
export async function startSupabaseServer(
    connect: () => Connection | Promise<Connection> = () => createPgliteConnection({ url: 'memory://' }),
): Promise<SupabaseServer> {
    vi.stubEnv('DO_NOT_TRACK', '1');
    vi.spyOn(process, 'cwd').mockReturnValue(DEMO); // where it looks for supabase/migrations and supabase/seed.sql
    vi.spyOn(console, 'log').mockImplementation(() => {});
    const app = new App({ connection: await connect(), auth: { enabled: true } });
    await app.init();
    await applyPendingMigrations(app);
    await ensureSchema(app); // the seed
    vi.restoreAllMocks();
    ignoreDatabaseErrors();

    const apiKey = 'anon-key'; // no keys are set up: any will do
    const writes: ServedRequest[] = [];

    const serve = async (request: Request): Promise<Response> => {
        const receivedAt = Date.now();
        const response = await app.fetch(request);
        if (request.method === 'GET') return response;
        const { status, headers } = response;
        writes.push({
            path: new URL(request.url).pathname,
            status,
            receivedAt,
            retryAfter: headers.get('Retry-After'),
            ...(status === 429 && { refusal: await response.clone().json() }),
        });
        return response;
    };
    const server = await listen(createServer(getRequestListener(serve)));

    return {
        url: server.url,
        apiKey,
        writes,
        setLimits: async limits => {
            const response = await app.fetch(
                new Request(`${server.url}/rest/v1/rpc/set_server_limits`, {
                    method: 'POST',
                    headers: { apikey: apiKey, 'content-type': 'application/json' },
                    body: JSON.stringify(limits),
                }),
            );
            if (!response.ok) throw new Error(`The limits were not set: ${await response.text()}`);
            writes.length = 0;
        },
        close: async () => {
            await server.close();
            await app.connection.close();
            vi.restoreAllMocks();
            vi.unstubAllEnvs();
        },
    };
}

/** Supabase Lite prints each error of the database in full, and refusals are errors. */
function ignoreDatabaseErrors(): void {
    const print = console.error;
    vi.spyOn(console, 'error').mockImplementation((...values) => {
        if (!values.some(value => value instanceof Error && 'severity' in value)) print(...values);
    });
}
