/** Type-checks the examples of the README and of the docs as if each were a module of an app. */
import { execFileSync } from 'node:child_process';
import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';

const root = join(import.meta.dirname, '../..');
const target = join(root, 'node_modules/.cache/examples');

rmSync(target, { recursive: true, force: true });
mkdirSync(target, { recursive: true });

let count = 0;
for (const page of globSync(['README.md', 'docs/**/*.md'], { cwd: root })) {
    const text = readFileSync(join(root, page), 'utf8');
    for (const [, code] of text.matchAll(/^```tsx?\n(.*?)^```$/gms)) {
        count++;
        // The name says where an error is; the export makes a module of an example that imports nothing.
        const name = `${basename(page, '.md')}-${count}.tsx`;
        writeFileSync(join(target, name), `${code}\nexport {};\n`);
    }
}
if (count === 0) throw new Error('No examples found: has the way they are fenced changed?');

writeFileSync(
    join(target, 'tsconfig.json'),
    JSON.stringify({
        extends: join(root, 'tsconfig.json'),
        compilerOptions: { noUnusedLocals: false },
        include: ['.', join(root, 'tests/docs/*.d.ts')],
    }),
);
execFileSync('tsc', ['--noEmit', '--project', target], { stdio: 'inherit', cwd: root });
console.log(`${count} examples of the README and the docs type-check`);
