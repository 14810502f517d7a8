import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { launchChromium } from './chromium.ts';
import { type Demo, startDemo } from './demo.ts';
import { type Recording, record } from './recording.ts';
import { connect, RELAXED, type Server } from './server.ts';

/** How long a page may take for anything: other programs may be busy, too. */
export const PATIENCE_MS = 45_000;

/** How long the first page may take. */
const WARM_UP_MS = 45_000;

/** For `expect.poll`. */
export const PATIENTLY = { timeout: PATIENCE_MS };

export interface OpenPage extends Recording {
    page: Page;
}

export interface Crm {
    readonly server: Server;
    /**
     * Opens a page of the admin in a browser profile of its own. `prepare` is called before it is loaded, `expected` are
     * lines of the console that belong to what is tested.
     */
    open(path: string, prepare?: (page: Page) => Promise<void>, expected?: readonly RegExp[]): Promise<OpenPage>;
}

/**
 * The demo and a browser for the tests of a file. Each test begins with relaxed limits for everybody, and fails when a page has
 * complained in its console of anything but rate limits.
 */
export function prepareCrm(): Crm {
    let demo: Demo | undefined;
    let browser: Browser | undefined;
    let server: Server | undefined;
    const contexts: BrowserContext[] = [];
    const recordings: Recording[] = [];

    const load = async (page: Page, path: string): Promise<void> => {
        await page.goto(`${demo?.url}/#${path}`);
        await page.locator('#main-content').waitFor();
    };

    /** The first visit makes Vite bundle the dependencies: what it served before that may not fit together. */
    const warmUp = async (page: Page): Promise<void> => {
        const { complaints } = record(page);
        page.setDefaultTimeout(WARM_UP_MS / 3);
        for (let visits = 1; ; visits++) {
            try {
                return await load(page, '/server-limits');
            } catch (error) {
                await page.goto('about:blank'); // else the next visit would only change the address
                if (visits < 3) continue;
                throw new Error(`The demo does not start in the browser. Its console says: ${complaints}`, {
                    cause: error,
                });
            }
        }
    };

    const newContext = async (): Promise<BrowserContext> => {
        if (!browser) throw new Error('The browser has not been started');
        const context = await browser.newContext({ locale: 'en-US', viewport: { width: 1280, height: 900 } });
        contexts.push(context);
        context.setDefaultTimeout(PATIENCE_MS);
        return context;
    };

    beforeAll(async () => {
        demo = await startDemo();
        server = connect(demo.url);
        browser = await launchChromium();
        await warmUp(await (await newContext()).newPage());
    });

    beforeEach(async () => {
        await server?.setLimits(RELAXED);
        await server?.setRollout(100);
    });

    afterEach(async () => {
        const complaints = recordings.splice(0).flatMap(recording => recording.complaints);
        await Promise.all(contexts.splice(0).map(context => context.close()));
        expect(complaints).toEqual([]);
    });

    afterAll(async () => {
        await browser?.close();
        await demo?.stop();
    });

    return {
        get server() {
            if (!server) throw new Error('The demo has not been started');
            return server;
        },
        open: async (path, prepare, expected) => {
            const context = await newContext();
            // Who edits a file meanwhile must not have the page under test reloaded.
            await context.routeWebSocket(/./, () => {});
            const page = await context.newPage();
            const recording = record(page, expected);
            recordings.push(recording);
            await prepare?.(page);
            await load(page, path);
            return { page, ...recording };
        },
    };
}
