import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { launchChromium } from '../../browser/support/chromium.ts';
import type { Check } from './check.ts';

process.env.NEXT_TELEMETRY_DISABLED = '1';

/** A new app of Next.js: a page of server components, and react-admin on a page that is rendered in the browser alone. */
export const checkNext: Check = async (project, { nodes }, attempt) => {
    await project.add('next');
    const node = nodes.at(-1)?.path ?? process.execPath;
    const next = project.path('node_modules/next/dist/bin/next');
    const isBuilt = await attempt('next build', async () => {
        const output = await project.run(node, next, 'build', 'next');
        return output.split('\n').find(line => line.includes('Compiled')) ?? '';
    });
    if (!isBuilt) return;
    await attempt('next start: rendered on the server, and a save that is refused once in Chromium', async () => {
        const server = await startNext(node, next, project.folder);
        try {
            await tryPage(server.url);
            await tryInBrowser(server.url);
        } finally {
            await server.close();
        }
        return '';
    });
};

async function startNext(node: string, next: string, folder: string) {
    const args = [next, 'start', 'next', '--hostname', '127.0.0.1', '--port', '0'];
    const child = spawn(node, args, { cwd: folder, timeout: 120_000, stdio: ['ignore', 'pipe', 'inherit'] });
    const closed = once(child, 'close');
    const close = async () => {
        child.kill();
        await closed;
    };
    let output = '';
    for await (const text of child.stdout.setEncoding('utf8').iterator({ destroyOnReturn: false })) {
        output += text;
        const url = /http:\S+/.exec(output)?.[0];
        if (url && output.includes('Ready')) {
            child.stdout.resume();
            return { url, close };
        }
    }
    throw new Error(`next start did not start:\n${output}`);
}

async function tryPage(url: string): Promise<void> {
    const response = await fetch(url);
    const html = await response.text();
    assert.equal(response.status, 200, html);
    assert.match(html, /<p>Ada was saved on the server<\/p>/);
    assert.match(html, /<p>closed, 0 waiting<\/p>/);
    assert.match(html, /class="RaRateLimitDashboard-totals"/);
}

async function tryInBrowser(url: string): Promise<void> {
    const errors: string[] = [];
    const browser = await launchChromium();
    try {
        const page = await browser.newPage({ locale: 'en-GB' });
        page.on('pageerror', error => errors.push(String(error)));
        page.on('console', message => message.type() === 'error' && errors.push(message.text()));
        page.setDefaultTimeout(20_000);

        await page.goto(url);
        await page.getByRole('button', { name: 'Save' }).click();
        await page.locator('.RaRateLimitBanner-waiting').waitFor();
        await page.getByText('closed, 1 waiting').waitFor();
        await page.getByText('Bob was saved in the browser').waitFor();
        await page.locator('.RaRateLimitBanner-waiting').waitFor({ state: 'detached' });

        await page.goto(`${url}/admin`);
        await page.getByRole('menuitem', { name: 'Contacts' }).waitFor();
        await page.locator('.RaRateLimitDashboard-totals').waitFor();
    } catch (error) {
        throw new Error(`${error}\nErrors on the page:\n${errors.join('\n')}`);
    } finally {
        await browser.close();
    }
    assert.deepEqual(errors, []);
}
