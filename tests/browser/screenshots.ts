/**
 * Takes the pictures of the README and of the docs from the running demo: `node tests/browser/screenshots.ts`, or only
 * those that are named: `node tests/browser/screenshots.ts banner french`.
 */
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { contactsCsv } from '../demo/contactsCsv.ts';
import { banner, circuitNotice, goTo, notification, saveButton } from './support/admin.ts';
import { launchChromium } from './support/chromium.ts';
import { startDemo } from './support/demo.ts';
import { connect, OVERLOADED, RELAXED, type Server } from './support/server.ts';

const IMAGES = fileURLToPath(new URL('../../docs/images', import.meta.url));

/** A picture: where in the admin, and what happens before it is taken. */
interface Picture {
    path: string;
    prepare(page: Page, server: Server): Promise<void>;
    /** Taken in dark colours as well, as `<name>-dark`. */
    alsoDark?: boolean;
    options?: BrowserContextOptions;
}

const PHONE = { viewport: { width: 375, height: 700 }, deviceScaleFactor: 2 };

/** The server refuses the next save, and accepts it some nine seconds later. */
const LIMITING = { rate: 0.11, burst: 1 };

/** Edits a contact and saves, and the save waits. */
async function saveInVain(page: Page, server: Server, [field, value, save] = ['Title', 'Chief Buyer', 'Save']) {
    await page.getByLabel(field).fill(value);
    await server.drain(LIMITING);
    await page.getByRole('button', { name: save, exact: true }).click();
    await banner(page).waitFor();
}

const saveTen = (page: Page) => page.getByRole('button', { name: 'Save 10 contacts at once' }).click();

/** An hour of an admin in use, in half a minute: the clock of the page is put forward, what the server answers is real. */
async function livingHour(page: Page, server: Server): Promise<void> {
    const outcome = page.getByText(/\d+ saved, \d+ failed/);
    for (let minute = 0; minute < 52; minute++) {
        const isBusy = minute > 18 && minute < 30;
        if (minute === 19) await server.setLimits({ rate: 3, burst: 8 });
        if (minute === 30) await server.setLimits(RELAXED);
        if (isBusy || minute % 5 !== 3) {
            await saveTen(page);
            while (!(await outcome.isVisible())) await page.clock.fastForward(1000);
        }
        await page.clock.fastForward(60_000);
    }
}

const PICTURES: Readonly<Record<string, Picture>> = {
    'save-while-limited': {
        path: '/server-limits',
        options: { viewport: { width: 1280, height: 1000 } },
        prepare: async page => {
            await page.getByRole('button', { name: 'Tight: 1/s, burst 2' }).click();
            const applied = notification(page, 'Applied. The server accepts 1 a second, and up to 2 at once.');
            await applied.waitFor();
            await applied.waitFor({ state: 'hidden' });
            await saveTen(page);
            await page.getByText('10 saved, 0 failed').waitFor();
        },
    },
    'server-limits': {
        path: '/server-limits',
        options: { viewport: { width: 1280, height: 1000 } },
        alsoDark: true,
        prepare: async (page, server) => {
            await server.setLimits({ rate: 0.5, burst: 3 });
            await page.getByText('3 of 3 saves left at this moment').waitFor();
            await saveTen(page);
            await page.getByText('0 of 3 saves left at this moment').waitFor();
            await banner(page).filter({ hasText: 'Your changes will be sent in' }).waitFor();
        },
    },
    banner: { path: '/contacts/10', alsoDark: true, prepare: saveInVain },
    'banner-phone': { path: '/contacts/10', options: PHONE, prepare: saveInVain },
    french: {
        path: '/contacts/10',
        options: { locale: 'fr-FR' },
        prepare: (page, server) => saveInVain(page, server, ['Fonction', 'Directrice des achats', 'Enregistrer']),
    },
    dashboard: {
        path: '/server-limits',
        options: { viewport: { width: 1280, height: 1080 } },
        alsoDark: true,
        prepare: async (page, server) => {
            await livingHour(page, server);
            await server.setLimits({ rate: 1 / 60, burst: 2 });
            await saveTen(page);
            await page.getByText(/\d+ saved, [1-9]\d* failed/).waitFor();
            await goTo(page, 'Rate limit');
            await page.locator('.recharts-bar-rectangle path').first().waitFor();
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
            await notification(page, /^Too many requests\. Please try again in \d+ seconds\.$/).waitFor();
        },
    },
};

async function take(browser: Browser, url: string, name: string, picture: Picture): Promise<void> {
    const context = await browser.newContext({
        locale: 'en-US',
        viewport: { width: 1280, height: 800 },
        ...picture.options,
    });
    await context.routeWebSocket(/./, () => {}); // who edits a file meanwhile does not reload the page
    const page = await context.newPage();
    await page.clock.install(); // runs as usual until it is put forward
    await page.goto(`${url}/#${picture.path}`);
    const server = connect(url);
    await server.setLimits(RELAXED);
    await picture.prepare(page, server);
    await page.mouse.move(0, 0); // off the button
    const shoot = async (file: string) => {
        await page.screenshot({ path: `${IMAGES}/${file}.png`, animations: 'disabled' });
        console.info(`docs/images/${file}.png`);
    };
    await shoot(name);
    if (picture.alsoDark) {
        await page.emulateMedia({ colorScheme: 'dark' });
        await page.waitForTimeout(100); // React renders, and all the colours begin to change
        await page.waitForFunction(() => !document.getAnimations().some(change => change instanceof CSSTransition));
        await shoot(`${name}-dark`);
    }
    await context.close();
}

const names = process.argv.slice(2);
const demo = await startDemo();
try {
    const browser = await launchChromium();
    for (const [name, picture] of Object.entries(PICTURES)) {
        if (names.length === 0 || names.includes(name)) await take(browser, demo.url, name, picture);
    }
    await browser.close();
} finally {
    await demo.stop();
}
