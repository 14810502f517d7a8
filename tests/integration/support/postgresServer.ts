import { execFile, execFileSync } from 'node:child_process';
import { chownSync, globSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { createPostgresConnection } from '@supabase/lite/postgres';
import { findProgram, startProgram } from './program.ts';

const run = promisify(execFile);

export interface PostgresServer {
    /** A connection of Supabase Lite to the database: a pool of so many. */
    connect(connections: number): ReturnType<typeof createPostgresConnection>;
    /** The rows that a statement of the superuser gives. */
    query<Row extends object>(statement: string): Promise<Row[]>;
    close(): Promise<void>;
}

/** Debian keeps the server in a folder of its version, apart from the clients. */
export const findPostgres = (): string | undefined => findProgram('postgres', globSync('/usr/lib/postgresql/*/bin'));

/** A PostgreSQL server with a new cluster in a temporary folder, in which its socket is as well: no port is taken. */
export async function startPostgresServer(postgres: string): Promise<PostgresServer> {
    const folder = mkdtempSync(join(tmpdir(), 'postgres-'));
    const owner = ownerOfDatabases();
    if (owner) chownSync(folder, owner.uid, owner.gid);
    const programs = dirname(postgres);
    const data = join(folder, 'data');
    const options = { cwd: folder, ...owner };
    const initdb = ['--pgdata', data, '--username', 'postgres', '--auth', 'trust', '--encoding', 'UTF8', '--no-sync'];
    await run(join(programs, 'initdb'), initdb, options);

    const isReady = () =>
        run(join(programs, 'pg_isready'), ['--host', folder]).then(
            () => true,
            () => false,
        );
    const settings = ['listen_addresses=', `unix_socket_directories=${folder}`, 'fsync=off'];
    const args = ['-D', data, ...settings.flatMap(setting => ['-c', setting])];
    // Its "fast shutdown": on SIGTERM it would wait for its clients.
    const program = await startProgram(postgres, args, isReady, { ...options, stopSignal: 'SIGINT' });

    const connect = (connections: number) =>
        createPostgresConnection({
            postgresOptions: {
                host: folder,
                username: 'postgres',
                database: 'postgres',
                max: connections,
                onnotice: () => {},
                types: { json: asIs(114), jsonb: asIs(3802) },
            },
        });

    return {
        connect,
        query: async <Row extends object>(statement: string) => {
            const connection = connect(1);
            const { rows } = await connection.exec<{ rows: Row[] }>(statement);
            await connection.close();
            return rows;
        },
        close: async () => {
            await program.stop();
            rmSync(folder, { recursive: true });
        },
    };
}

/**
 * Supabase Lite hands over the arguments of functions as JSON and lets its driver make JSON of them once more: a list
 * would arrive as a text.
 */
const asIs = (type: number) => ({
    to: type,
    from: [type],
    serialize: (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value)),
    parse: (text: string) => JSON.parse(text),
});

/** PostgreSQL refuses to run as root. */
function ownerOfDatabases(): { uid: number; gid: number } | undefined {
    if (process.getuid?.() !== 0) return undefined;
    const idOf = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
    return { uid: idOf('-u'), gid: idOf('-g') };
}
