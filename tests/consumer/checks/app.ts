import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { launchChromium } from '../../browser/support/chromium.ts';
import { type RefusingServer, startRefusingServer } from '../apps/providers/refusingServer.ts';
import type { Check } from './check.ts';

/** Nobody listens there: the built files and the API are put in the place of what the page asks for. */
const ORIGIN = 'http://localhost:8429';

/** A new app of Vite and react-admin, built and opened in a browser. */
export const checkApp: Check = async (project, { nodes }, attempt) => {
    await project.add('vite');
    const node = nodes.at(-1)?.path ?? process.execPath;
    const vite = project.path('node_modules/vite/bin/vite.js');
    await attempt('vite build', async () => {
        const output = await project.run(node, vite, 'build', 'vite');
        return output.split('\n').find(line => line.includes('built in')) ?? '';
    });
    await attempt('a save that is refused twice, the banner and the dashboard in Chromium', async () => {
        const server = await startRefusingServer({ times: 2, retryAfter: 1 });
        server.records.set(1, { id: 1, name: 'Ada' });
        const browser = await launchChromium();
        try {
            await tryApp(await browser.newPage({ locale: 'en-GB' }), server, project.path('vite/dist'));
        } finally {
            await browser.close();
            server.close();
        }
        return `${server.writes.length} requests for one save`;
    });
};

async function tryApp(page: Page, server: RefusingServer, built: string): Promise<void> {
    const errors: string[] = [];
    page.on('pageerror', error => errors.push(String(error)));
    page.on('console', message => {
        const isRefusal = message.text().includes('status of 429');
        if (message.type() === 'error' && !isRefusal) errors.push(message.text());
    });
    await page.route(`${ORIGIN}/**`, async (route, request) => {
        const { pathname } = new URL(request.url());
        const file = built + (pathname === '/' ? '/index.html' : pathname);
        const url = request.url().replace(`${ORIGIN}/api`, server.url);
        if (pathname.startsWith('/api/')) await route.fulfill({ response: await route.fetch({ url }) });
        else if (existsSync(file)) await route.fulfill({ path: file });
        else await route.fulfill({ status: 404 });
    });
    page.setDefaultTimeout(20_000);

    try {
        await page.goto(`${ORIGIN}/#/contacts`);
        await page.getByRole('cell', { name: 'Ada' }).waitFor();
        await page.getByRole('button', { name: 'Import' }).click();
        await page.getByRole('dialog').getByText('Choose').first().waitFor();
        await page.keyboard.press('Escape');
        await page.getByRole('dialog').waitFor({ state: 'detached' });

        await page.getByRole('cell', { name: 'Ada' }).click();
        await page.getByRole('textbox', { name: 'Name' }).fill('Ada Lovelace');
        await page.getByRole('button', { name: 'Save' }).click();
        await page.locator('.RaRateLimitBanner-waiting').waitFor();
        await page.getByRole('cell', { name: 'Ada Lovelace' }).waitFor();
        assert.deepEqual(
            server.writes.map(({ status }) => status),
            [429, 429, 200],
        );
        await page.locator('.RaRateLimitBanner-waiting').waitFor({ state: 'detached' });

        await page.goto(`${ORIGIN}/#/rate-limit`);
        await page.locator('.RaRateLimitDashboard-chart .recharts-bar-rectangle').first().waitFor();
    } catch (error) {
        throw new Error(
            `${error}\nErrors on the page:\n${errors.join('\n')}\n${await page.locator('body').textContent()}`,
        );
    }
    assert.deepEqual(errors, []);
}
