import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { shell } from './shell.ts';

const ROOT = join(import.meta.dirname, '../../..');

/** Packs what `npm run build` made, as `npm publish` would. */
export async function packPackage(folder: string): Promise<string> {
    if (!existsSync(join(ROOT, 'dist'))) throw new Error('There is no dist: run "npm run build" first');
    const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', folder];
    const output = await shell('npm', args, { cwd: ROOT });
    const name = /"filename":\s*"([^"]+)"/.exec(output)?.[1];
    if (!name) throw new Error(`npm pack did not say what it made:\n${output}`);
    return join(folder, name);
}
