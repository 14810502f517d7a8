/**
 * Writes all that the package exports into one file, each type once, so that a review sees what a change does to it:
 *
 *     npm run build && node scripts/apiReport.ts
 *
 * With `--check` it only looks whether the file tells of the package as it was built.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'tsdown';

const ROOT = join(import.meta.dirname, '..');
const REPORT = 'etc/ra-rate-limit.api.md';

const { tsdown } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
const entries = Object.keys(tsdown.entry);

// Bundled apart, each entry point would repeat the types that it shares with others.
const cache = join(ROOT, 'node_modules/.cache/api');
const input = join(cache, 'api.d.mts');
mkdirSync(cache, { recursive: true });
writeFileSync(input, entries.map(name => `export * as ${name} from '../../../dist/${name}.mjs';\n`).join(''));

const { bundles } = await build({
    cwd: ROOT,
    config: false,
    entry: { api: input },
    dts: { dtsInput: true, emitDtsOnly: true, sourcemap: false },
    platform: 'neutral',
    logLevel: 'error',
    write: false,
    clean: false, // or it empties dist
});
const [declarations] = bundles.flatMap(({ chunks }) => chunks);
if (declarations?.type !== 'chunk') throw new Error('No declarations in dist: has the package been built?');

const report = `# API report

Made by \`npm run api\` after \`npm run build\`: do not edit it. Each entry point is a namespace of what it exports, and
\`index\` is \`ra-rate-limit\` itself. What is in none of them cannot be imported.

\`\`\`\`ts
${declarations.code.replaceAll('_d_exports', '').trim()}
\`\`\`\`
`;

if (!process.argv.includes('--check')) {
    writeFileSync(join(ROOT, REPORT), report);
} else if (report !== readFileSync(join(ROOT, REPORT), 'utf8')) {
    console.error(`${REPORT} is not up to date: run \`npm run api\`, and look at what the difference means for users.`);
    process.exit(1);
}
