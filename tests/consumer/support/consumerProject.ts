import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { shell } from './shell.ts';

const APPS = join(import.meta.dirname, '../apps');

/** From the cache where it can be, and without what is not needed here. */
const INSTALL = ['install', '--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error'];

export interface Dependencies {
    dependencies: Record<string, string>;
    /** For packages that no dependency of the project holds at a version. */
    overrides?: Record<string, string>;
}

/** A project in a folder of its own, with nothing of this repository but the packed package. */
export class ConsumerProject {
    readonly folder: string;
    #needs: Dependencies;

    constructor(parent: string, name: string, needs: Dependencies) {
        this.folder = join(parent, name.replaceAll(/[^\w.]+/g, '-'));
        this.#needs = needs;
    }

    /** @returns the versions that were installed. Fails where npm does: also when peer dependencies cannot be met. */
    async install(): Promise<string> {
        await mkdir(this.folder);
        await this.write('package.json', { name: 'consumer', private: true, type: 'module', ...this.#needs });
        await shell('npm', INSTALL, { cwd: this.folder, timeoutMs: 600_000 });
        await this.#refuseTwoCopies();
        const names = Object.keys(this.#needs.dependencies);
        return (await Promise.all(names.map(async name => `${name} ${await this.versionOf(name)}`))).join(', ');
    }

    /** A second copy of these would be beside the one that is to be tried. */
    async #refuseTwoCopies(): Promise<void> {
        const { packages } = JSON.parse(await readFile(this.path('package-lock.json'), 'utf8'));
        const installed = Object.keys(packages);
        for (const name of ['react', 'ra-core', 'ra-ui-materialui', '@mui/material']) {
            const copies = installed.filter(path => path.endsWith(`node_modules/${name}`));
            if (copies.length > 1) throw new Error(`There are several copies of ${name}: ${copies.join(', ')}`);
        }
    }

    path(...names: string[]): string {
        return join(this.folder, ...names);
    }

    /** Puts an app of `tests/consumer/apps` into the project. */
    async add(app: string, folder = app): Promise<void> {
        await cp(join(APPS, app), this.path(folder), { recursive: true });
    }

    async write(path: string, json: object): Promise<void> {
        await writeFile(this.path(path), JSON.stringify(json, undefined, 4));
    }

    async versionOf(dependency: string): Promise<string> {
        return JSON.parse(await readFile(this.path('node_modules', dependency, 'package.json'), 'utf8')).version;
    }

    run(program: string, ...args: string[]): Promise<string> {
        return shell(program, args, { cwd: this.folder });
    }
}
