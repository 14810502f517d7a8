import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { plainError } from './plainError.ts';

/**
 * Keeps a second dev server off the database: PGlite does not notice when two processes write to one folder, and the
 * database would break. Returns the function that gives it back.
 */
export function lockDatabase(database: string): () => void {
    if (database.includes('://') && !database.startsWith('file:')) return () => {}; // in memory
    const path = `${database.replace(/^file:(\/\/)?/, '')}.lock`;
    const owner = readOwner(path);
    if (owner !== undefined && owner !== process.pid && isRunning(owner)) {
        throw plainError(
            `The demo runs already, as process ${owner}, and two servers cannot share its database. Stop that one, ` +
                'or give this one a database of its own: DEMO_DATABASE=memory:// npm start\n' +
                `(If process ${owner} is something else, delete demo/${path}.)`,
        );
    }
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, String(process.pid));

    const unlock = () => {
        if (readOwner(path) === process.pid) rmSync(path, { force: true });
    };
    process.once('exit', unlock);
    return unlock;
}

function readOwner(path: string): number | undefined {
    try {
        return Number.parseInt(readFileSync(path, 'utf8'), 10) || undefined;
    } catch {
        return undefined; // nobody has it
    }
}

function isRunning(pid: number): boolean {
    try {
        process.kill(pid, 0); // signal 0 only asks whether there is such a process
        return true;
    } catch (error) {
        return (error as NodeJS.ErrnoException).code === 'EPERM'; // there is, of another user
    }
}
