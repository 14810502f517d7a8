import { readFileSync, writeFileSync } from 'node:fs';
import { arch, availableParallelism, cpus, platform } from 'node:os';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');

/** Rows of texts as a Markdown table. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
    const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
    return [head, head.map(() => '---'), ...rows].map(line).join('\n');
}

const versionIn = (folder: string): string => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).version;

/** What a page says of where its numbers come from, with the versions of packages that were measured beside ours. */
export function origin(command: string, peers: readonly string[] = []): string {
    const date = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long' }).format(new Date());
    const peerVersions = peers.map(name => `${name} ${versionIn(join(ROOT, 'node_modules', name))}`);
    const versions = [`ra-rate-limit ${versionIn(ROOT)}`, ...peerVersions].join(', ');
    const machine = `${platform()} ${arch()}, ${availableParallelism()} cores (${cpus()[0]?.model.trim()})`;
    return `Made by \`${command}\` on ${date}: ${versions}, Node ${process.versions.node}, ${machine}.`;
}

/** Prints the sections of a page, and with `--write` puts each between its marks: `<!-- name -->` and `<!-- /name -->`. */
export function publish(page: string, sections: Readonly<Record<string, string>>): void {
    for (const [name, text] of Object.entries(sections)) console.log(`\n<!-- ${name} -->\n${text}`);
    if (!process.argv.includes('--write')) return;
    const path = join(ROOT, page);
    let content = readFileSync(path, 'utf8');
    for (const [name, text] of Object.entries(sections)) {
        const [before, rest] = content.split(`<!-- ${name} -->`);
        const [, after] = rest?.split(`<!-- /${name} -->`) ?? [];
        if (before === undefined || after === undefined) throw new Error(`${page} has no place for ${name}`);
        content = `${before}<!-- ${name} -->\n\n${text}\n\n<!-- /${name} -->${after}`;
    }
    writeFileSync(path, content);
}
