import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { listen, type RunningServer } from './listen.ts';
import { startProgram } from './program.ts';

const DOCS = new URL('../../../docs/gateways.md', import.meta.url);

/** The configuration that the docs recommend, by the language of its block. */
export function documentedConfig(language: 'nginx' | 'haproxy'): string {
    const [, config] = new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, 'ms').exec(readFileSync(DOCS, 'utf8')) ?? [];
    if (!config) throw new Error(`docs/gateways.md has no configuration of ${language}`);
    return config;
}

/** @param config what is inside of `http`: it listens on port 8080, and the API is on port 3000 */
export const startNginx = (nginx: string, config: string, api: RunningServer): Promise<RunningServer> =>
    startGateway(
        nginx,
        file => ['-p', join(file, '..'), '-e', 'stderr', '-c', file],
        `daemon off;
        master_process off;
        pid nginx.pid;
        events {}
        http {
            access_log off;
            limit_req_log_level info; # each refusal is no error here
            client_body_temp_path body;
            proxy_temp_path proxy;
            fastcgi_temp_path fastcgi;
            uwsgi_temp_path uwsgi;
            scgi_temp_path scgi;
            ${config}
        }`,
        api,
    );

/** @param config its proxies: the port 8080 is theirs, and the API is on port 3000 */
export const startHaproxy = (haproxy: string, config: string, api: RunningServer): Promise<RunningServer> =>
    startGateway(
        haproxy,
        file => ['-db', '-f', file],
        `defaults
            mode http
            timeout connect 5s
            timeout client 30s
            timeout server 30s
        ${config}\n`, // which has to end its last line
        api,
    );

async function startGateway(
    program: string,
    args: (file: string) => string[],
    config: string,
    api: RunningServer,
): Promise<RunningServer> {
    const folder = mkdtempSync(join(tmpdir(), 'gateway-'));
    const port = await freePort();
    const file = join(folder, 'gateway.conf');
    const ports = new Map([
        [':8080', `:${port}`],
        [':3000', `:${new URL(api.url).port}`],
    ]);
    writeFileSync(
        file,
        config.replaceAll(/:(?:8080|3000)\b/g, name => ports.get(name) ?? name),
    );
    const removeFolder = () => rmSync(folder, { recursive: true });
    try {
        const { stop } = await startProgram(program, args(file), () => accepts(port));
        return { url: `http://127.0.0.1:${port}`, close: () => stop().then(removeFolder) };
    } catch (error) {
        removeFolder();
        throw error;
    }
}

async function freePort(): Promise<number> {
    const server = await listen(createServer());
    await server.close();
    return Number(new URL(server.url).port);
}

/** Asked without a request, which the limit would count. */
const accepts = (port: number): Promise<boolean> =>
    new Promise(resolve => {
        const socket = connect(port, '127.0.0.1');
        socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
        socket.once('connect', () => socket.destroy());
    });
