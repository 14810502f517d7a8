import { spawn } from 'node:child_process';
import { once } from 'node:events';

export interface ShellOptions {
    cwd: string;
    /** @default five minutes */
    timeoutMs?: number;
}

/**
 * Runs a program and gives back what it printed.
 *
 * @throws {Error} with what it printed, when it fails or takes too long
 */
export async function shell(
    program: string,
    args: readonly string[],
    { cwd, timeoutMs = 300_000 }: ShellOptions,
): Promise<string> {
    // `npm run` sets variables that would make an npm inside of it look at this repository.
    const env = Object.fromEntries(
        Object.entries(process.env).filter(
            ([name]) => !/^(npm_(package|lifecycle|config_local_prefix)|INIT_CWD)/.test(name),
        ),
    );
    const child = spawn(program, args, { cwd, env, timeout: timeoutMs, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', text => (output += text));
    const [code, signal] = await once(child, 'close');
    if (code !== 0) {
        throw new Error(`${program} ${args.join(' ')} (in ${cwd}) ended with ${signal ?? code}:\n${output.trim()}`);
    }
    return output;
}
