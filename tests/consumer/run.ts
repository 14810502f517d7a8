/**
 * The package as its users get it: packed, installed into new projects outside of this repository, and used there.
 *
 *     npm run test:consumer                    what every change must pass
 *     npm run test:consumer -- --all           oldest and newest versions of everything, and a browser
 *     npm run test:consumer -- --all oldest    the projects whose names begin so
 *
 * `--keep` leaves the projects where they are. `--package <file>` takes a packed package instead of packing `dist`.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Attempt } from './checks/check.ts';
import { ALL, QUICK } from './matrix.ts';
import { ConsumerProject } from './support/consumerProject.ts';
import { packPackage } from './support/packPackage.ts';
import { installTools } from './support/tools.ts';

const { values: flags, positionals: names } = parseArgs({
    options: { all: { type: 'boolean' }, keep: { type: 'boolean' }, package: { type: 'string' } },
    allowPositionals: true,
});
const { tools: versions, projects } = flags.all ? ALL : QUICK;
const chosen = projects.filter(({ name }) => names.length === 0 || names.some(start => name.startsWith(start)));
if (chosen.length === 0) throw new Error(`No such project. There are ${projects.map(({ name }) => name).join(', ')}`);

const folder = await mkdtemp(join(tmpdir(), 'ra-rate-limit-consumer-'));
let passed = 0;
const failures: string[] = [];

const indented = (text: string) => text.trim().replaceAll(/^(?=.)/gm, '        ');

const attemptIn =
    (project: string): Attempt =>
    async (name, action) => {
        const start = performance.now();
        const result = await action().then(
            output => ({ output }),
            (error: Error) => ({ error }),
        );
        const seconds = ((performance.now() - start) / 1000).toFixed(1);
        if ('error' in result) {
            failures.push(`${project}: ${name}`);
            console.log(`  FAIL  ${name} (${seconds} s)\n${indented(String(result.error))}`);
            return false;
        }
        passed++;
        console.log(`  ok    ${name} (${seconds} s)\n${indented(result.output)}`.trimEnd());
        return true;
    };

try {
    const file = flags.package ? resolve(flags.package) : await packPackage(folder);
    const tools = await installTools(folder, versions);
    console.log([...tools.nodes, ...tools.compilers].map(({ name }) => name).join(', '));
    for (const { name, checks, dependencies, overrides } of chosen) {
        console.log(`\n${name}`);
        const attempt = attemptIn(name);
        const project = new ConsumerProject(folder, name, {
            dependencies: { 'ra-rate-limit': `file:${file}`, ...dependencies },
            ...(overrides && { overrides }),
        });
        const isInstalled = await attempt('npm install', () => project.install());
        if (isInstalled) for (const check of checks) await check(project, tools, attempt);
    }
} finally {
    if (flags.keep) console.log(`\nThe projects are in ${folder}`);
    else await rm(folder, { recursive: true, force: true });
}

if (failures.length > 0) console.log(['\nFailed:', ...failures].join('\n  '));
console.log(`\n${passed} passed, ${failures.length} failed`);
if (failures.length > 0) process.exitCode = 1;
