import { fileURLToPath } from 'node:url';
import supalite from '@supabase/lite/vite';
import { loadEnv, type PluginOption } from 'vite';
import { exposeRetryAfter } from './exposeRetryAfter.ts';
import { lockDatabase } from './lockDatabase.ts';
import { plainError } from './plainError.ts';
import { shortenRefusals } from './shortenRefusals.ts';

const DEMO = fileURLToPath(new URL('..', import.meta.url));

/**
 * The Supabase that the demo talks to: the one that VITE_SUPABASE_URL and VITE_SUPABASE_ANON_KEY name, or else Supabase
 * Lite, a Postgres with Supabase's API inside of the dev server.
 */
export function supabaseServer(mode: string): PluginOption {
    const { VITE_SUPABASE_URL: url, VITE_SUPABASE_ANON_KEY: key } = loadEnv(mode, DEMO);
    if (url && key) return undefined;
    if (url || key) {
        const [present, missing] = url
            ? ['VITE_SUPABASE_URL', 'VITE_SUPABASE_ANON_KEY']
            : ['VITE_SUPABASE_ANON_KEY', 'VITE_SUPABASE_URL'];
        throw plainError(
            `${present} is set and ${missing} is not. Set both in demo/.env.local to use a Supabase project of your ` +
                'own, or neither to use the one that comes with the demo.',
        );
    }

    // Set to nothing is not set, but the plugin below would pass the empty text on to the page.
    for (const name of ['VITE_SUPABASE_URL', 'VITE_SUPABASE_ANON_KEY']) {
        if (process.env[name] === '') delete process.env[name];
    }
    process.env.DO_NOT_TRACK ??= '1'; // Supabase Lite sends usage data unless told not to
    process.chdir(DEMO); // where it looks for supabase/, and what these paths are relative to
    process.env.DEMO_DATABASE ??= 'supabase/.temp/data'; // read by lite.json
    const database = process.env.DEMO_DATABASE;

    return [
        {
            name: 'demo-database',
            configureServer(server) {
                const unlock = lockDatabase(database);
                server.httpServer?.once('close', unlock);
                shortenRefusals();
                server.middlewares.use('/rest/v1', exposeRetryAfter);
            },
        },
        // No request without a key has the rights of the service role, to which the rate limit does not apply.
        supalite({ config: 'server/lite.json', initOnBoot: false, admin: false }),
    ];
}
