import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

/** Where servers are that have no place in a person's PATH. */
const SYSTEM_FOLDERS = ['/usr/local/sbin', '/usr/sbin', '/opt/homebrew/bin'];

/** The path of a program, if it is installed. */
export const findProgram = (name: string, folders: string[] = []): string | undefined =>
    [...folders, ...(process.env.PATH ?? '').split(delimiter), ...SYSTEM_FOLDERS]
        .map(folder => join(folder, name))
        .find(isExecutable);

/** Says why tests are skipped, where the program that they need is not installed. */
export function explainSkipped(tests: string, program: string | undefined, debianPackage: string): void {
    if (!program)
        console.warn(`Skipped: ${tests}. To run them, install ${debianPackage} (apt-get install ${debianPackage}).`);
}

function isExecutable(path: string): boolean {
    try {
        accessSync(path, constants.X_OK);
        return true;
    } catch {
        return false;
    }
}

export interface RunningProgram {
    /** What it printed, for the message of a test that fails. */
    output(): string;
    stop(): Promise<void>;
}

/**
 * Runs a server in the foreground, as a child of this process.
 *
 * @param isReady asked until it is true
 * @param stopSignal on which it ends at once and in order
 */
export async function startProgram(
    path: string,
    args: string[],
    isReady: () => Promise<boolean>,
    { stopSignal = 'SIGTERM', ...options }: SpawnOptions & { stopSignal?: NodeJS.Signals } = {},
): Promise<RunningProgram> {
    const child = spawn(path, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    const ended = new Promise<void>(resolve => child.once('exit', () => resolve()).once('error', () => resolve()));
    const output = collectOutput(child);
    const kill = () => void child.kill('SIGKILL');
    process.once('exit', kill); // nobody stops it when the tests are interrupted

    const stop = async () => {
        child.kill(stopSignal);
        await ended;
        process.off('exit', kill);
    };

    const deadline = Date.now() + 20_000;
    while (!(await isReady())) {
        const isRunning = child.pid !== undefined && child.exitCode === null && child.signalCode === null;
        if (isRunning && Date.now() < deadline) await setTimeout(20);
        else {
            await stop();
            throw new Error(`${path} ${isRunning ? 'does not get ready' : 'has ended'}: ${output()}`);
        }
    }
    return { output, stop };
}

function collectOutput({ stdout, stderr }: ChildProcess): () => string {
    const chunks: Buffer[] = [];
    for (const stream of [stdout, stderr]) stream?.on('data', chunk => chunks.push(chunk));
    return () => Buffer.concat(chunks).toString();
}
