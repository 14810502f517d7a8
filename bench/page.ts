import { readFileSync, writeFileSync } from 'node:fs';
import { arch, availableParallelism, platform } from 'node:os';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');

/** Rows of texts as a Markdown table. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
    const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
    return [head, head.map(() => '---'), ...rows].map(line).join('\n');
}

/** What a page says of where its numbers come from. */
export function origin(command: string): string {
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    const date = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long' }).format(new Date());
    const machine = `${platform()} ${arch()}, ${availableParallelism()} cores`;
    return `Made by \`${command}\` on ${date}: ra-rate-limit ${version}, Node ${process.versions.node}, ${machine}.`;
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
