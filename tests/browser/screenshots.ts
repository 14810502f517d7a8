/**
 * Takes the pictures of the README and of the docs from the running demo: `node tests/browser/screenshots.ts`.
 */
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { contactsCsv } from '../demo/contactsCsv.ts';
import { circuitNotice, notification, saveButton } from './support/admin.ts';
import { launchChromium } from './support/chromium.ts';
import { startDemo } from './support/demo.ts';
import { connect, OVERLOADED, type Server } from './support/server.ts';

const IMAGES = fileURLToPath(new URL('../../docs/images', import.meta.url));

/** A picture: where in the admin, and what happens before it is taken. */
interface Picture {
    path: string;
    prepare(page: Page, server: Server): Promise<void>;
}

const PICTURES: Readonly<Record<string, Picture>> = {
    'save-while-limited': {
        path: '/server-limits',
        prepare: async page => {
            await page.getByRole('button', { name: 'Tight: 1/s, burst 2' }).click();
            const applied = notification(page, 'Applied. The server accepts 1 a second, and up to 2 at once.');
            await applied.waitFor();
            await applied.waitFor({ state: 'hidden' });
            await page.getByRole('button', { name: 'Save 10 contacts at once' }).click();
            await page.getByText('10 saved, 0 failed').waitFor();
        },
    },
    import: {
        path: '/contacts',
        prepare: async (page, server) => {
            await server.setLimits({ rate: 20, burst: 20 });
            await page.getByRole('button', { name: 'Import', exact: true }).click();
            const dialog = page.getByRole('dialog');
            const buffer = Buffer.from(contactsCsv().text);
            await dialog
                .locator('input[type=file]')
                .setInputFiles({ name: 'contacts.csv', mimeType: 'text/csv', buffer });
            await dialog.getByRole('button', { name: 'Check the rows' }).click();
            await dialog.getByRole('button', { name: 'Start the import' }).click();
            await dialog.getByText(/^[4-9]\d\d of 1,000 rows$/).waitFor();
        },
    },
    'circuit-open': {
        path: '/contacts/10',
        prepare: async (page, server) => {
            await server.setLimits(OVERLOADED);
            await page.getByLabel('Title').fill('Chief Procurement Officer');
            while (!(await circuitNotice(page).isVisible())) {
                await saveButton(page).click();
                await saveButton(page).click({ trial: true }); // only waits until it can be clicked again
            }
            await notification(page, 'Too many requests. Please wait 1-2 minutes before trying again.').waitFor();
        },
    },
};

const demo = await startDemo();
try {
    const browser = await launchChromium();
    for (const [name, { path, prepare }] of Object.entries(PICTURES)) {
        const page = await browser.newPage({ locale: 'en-US', viewport: { width: 1280, height: 800 } });
        await page.goto(`${demo.url}/#${path}`);
        await prepare(page, connect(demo.url));
        await page.mouse.move(0, 0); // off the button
        await page.screenshot({ path: `${IMAGES}/${name}.png`, animations: 'disabled' });
        await page.close();
        console.info(`docs/images/${name}.png`);
    }
    await browser.close();
} finally {
    await demo.stop();
}
