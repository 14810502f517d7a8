import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { createServer, type ViteDevServer } from 'vite';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { launchChromium } from './chromium.ts';
import { PATIENCE_MS } from './crm.ts';
import { type Demo, startDemo } from './demo.ts';
import { type OtherOrigin, startOtherOrigin } from './otherOrigin.ts';
import { record } from './recording.ts';
import { connect, RELAXED, type Server } from './server.ts';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** How the data provider is made: `rateLimitedSupabase`, or `withRateLimit` around the provider that was there. */
export type Wiring = 'rateLimitedSupabase' | 'withRateLimit';

export interface OpenTag {
    page: Page;
    /** What the package has told in the console. It grows. */
    readonly told: readonly string[];
}

export interface CrossOrigin {
    readonly server: Server;
    /** The API as the admin has it. */
    readonly api: OtherOrigin;
    /** Opens a tag in the admin. `expected` are lines of the console that belong to what is tested. */
    openTag(id: number, wiring?: Wiring, expected?: readonly RegExp[]): Promise<OpenTag>;
}

/** A small admin on one origin, in development, the API of the demo on another, and a browser for the tests of a file. */
export function prepareCrossOrigin(): CrossOrigin {
    let demo: Demo;
    let api: OtherOrigin;
    let admin: ViteDevServer;
    let browser: Browser;
    let complaints: readonly string[] = [];

    beforeAll(async () => {
        [demo, admin, browser] = await Promise.all([startDemo(), startAdmin(), launchChromium()]);
        api = await startOtherOrigin(demo.url);
        // The first visit makes Vite bundle the dependencies.
        await (await open(2)).page.context().close();
    });

    afterEach(async () => {
        await Promise.all(browser.contexts().map(context => context.close()));
        await connect(demo.url).setLimits(RELAXED);
        expect(complaints).toEqual([]);
    });

    afterAll(async () => {
        await browser?.close();
        await admin?.close();
        await api?.close();
        await demo?.stop();
    });

    const open: CrossOrigin['openTag'] = async (id, wiring = 'rateLimitedSupabase', expected = []) => {
        const context = await browser.newContext({ locale: 'en-US' });
        context.setDefaultTimeout(PATIENCE_MS);
        const page = await context.newPage();
        const told: string[] = [];
        page.on('console', message => {
            if (message.text().startsWith('[RateLimit] ')) told.push(message.text());
        });
        ({ complaints } = record(page, expected));
        const settings = new URLSearchParams({ api: api.url, wiring });
        await page.goto(`${admin.resolvedUrls?.local[0]}?${settings}#/tags/${id}`);
        await page.getByLabel('Name').waitFor();
        return { page, told };
    };

    return {
        get server() {
            return connect(demo.url);
        },
        get api() {
            return api;
        },
        openTag: open,
    };
}

const startAdmin = async (): Promise<ViteDevServer> => {
    const server = await createServer({
        configFile: false,
        root: at('crossOriginApp'),
        cacheDir: at('../../../node_modules/.vite-cross-origin'), // that of the demo has other dependencies
        logLevel: 'warn',
        resolve: {
            alias: [
                { find: /^ra-rate-limit$/, replacement: at('../../../src/index.ts') },
                { find: /^ra-rate-limit\/supabase$/, replacement: at('../../../src/supabase/index.ts') },
            ],
        },
        // Who edits a file meanwhile must not have the page under test reloaded.
        server: { host: '127.0.0.1', port: 0, hmr: false, watch: null },
    });
    return server.listen();
};
