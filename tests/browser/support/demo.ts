import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { loadEnv } from 'vite';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const VITE = fileURLToPath(new URL('../../../node_modules/vite/bin/vite.js', import.meta.url));
const SETTINGS_FOLDER = fileURLToPath(new URL('../../../demo', import.meta.url));

const START_TIMEOUT_MS = 60_000;

export interface Demo {
    /** Its origin, without a slash at the end. */
    url: string;
    stop(): Promise<void>;
}

/** Starts the demo as `npm start` does, on a free port, with a database in memory. */
export async function startDemo(): Promise<Demo> {
    refuseOtherProjects();
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    // A process group of its own, so that whatever it starts ends with it.
    const server = spawn(process.execPath, [VITE, '--host', '127.0.0.1', '--port', String(port), '--strictPort'], {
        cwd: ROOT,
        env: demoEnvironment(),
        stdio: ['ignore', 'pipe', 'pipe'],
        detached: true,
    });
    let output = '';
    for (const stream of [server.stdout, server.stderr]) stream.on('data', chunk => (output += chunk));

    const kill = () => killGroup(server);
    process.once('exit', kill);
    const stop = async () => {
        process.off('exit', kill);
        if (server.exitCode !== null || server.signalCode !== null) return;
        const exited = once(server, 'exit');
        kill();
        await exited;
    };

    const deadline = Date.now() + START_TIMEOUT_MS;
    while (!(await isReady(url))) {
        const hasEnded = server.exitCode !== null || server.signalCode !== null;
        if (hasEnded || Date.now() > deadline) {
            await stop();
            const what = hasEnded ? 'ended at once' : `was not ready after ${START_TIMEOUT_MS / 1000} s`;
            throw new Error(`The server of the demo ${what}. What it printed:\n${output}`);
        }
        await sleep(100);
    }
    return { url, stop };
}

/** The tests change records and limits: not in a project that somebody has pointed the demo at. */
function refuseOtherProjects(): void {
    const { VITE_SUPABASE_URL: project } = loadEnv('development', SETTINGS_FOLDER);
    if (!project) return;
    throw new Error(
        `The demo is set up for the Supabase project at ${project}, and the browser tests change records. Take ` +
            'VITE_SUPABASE_URL out of demo/.env.local and out of the environment while they run.',
    );
}

/** Not that of the tests: in that one, Vite is told that it serves no demo. */
function demoEnvironment(): NodeJS.ProcessEnv {
    const { VITEST: _, NODE_ENV: __, ...env } = process.env;
    return { ...env, DEMO_DATABASE: 'memory://', DO_NOT_TRACK: '1', NO_COLOR: '1' };
}

/** The first answer of the API comes when the tables are made and filled. */
async function isReady(url: string): Promise<boolean> {
    try {
        const response = await fetch(`${url}/rest/v1/tags?limit=1`, {
            headers: { apikey: 'any' },
            signal: AbortSignal.timeout(10_000),
        });
        return response.ok;
    } catch {
        return false;
    }
}

async function freePort(): Promise<number> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    server.close();
    await once(server, 'close');
    if (typeof address !== 'object' || address === null) throw new Error('There is no free port on 127.0.0.1');
    return address.port;
}

function killGroup({ pid }: ChildProcess): void {
    if (pid === undefined) return;
    try {
        process.kill(-pid, 'SIGKILL'); // it has nothing to save: its database is in memory
    } catch {
        // it has ended already
    }
}
