/**
 * How long a page takes to read a CSV file of 100 MB, and for how long it does nothing else meanwhile: on its own thread, as
 * the import does it, and in Papa Parse's worker. In Chromium, each run in a page of its own. Takes some three minutes, and
 * wants a quiet machine.
 *
 *     node bench/csv.ts
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { build, type Rolldown } from 'vite';
import { launchChromium } from '../tests/browser/support/chromium.ts';
import type { Kind, Reading, Way } from './csv/page.ts';
import { origin } from './page.ts';

const RUNS = 7;

const NAMES: Record<Way, string> = {
    inspectCsv: "the page's own thread, 256 kB at a time",
    worker: "Papa Parse's worker, 256 kB at a time",
    workerByDefault: "Papa Parse's worker, 10 MB at a time, its default",
};

const KINDS: [Kind, string][] = [
    ['plain', '100 MB without quotation marks'],
    ['quoted', '100 MB with quotation marks, commas and line breaks in cells'],
];

/**
 * What is in `csv/page.ts`, as a bundle for browsers. Not minified: Papa Parse 5.7 makes its worker of its own source text,
 * which then fails without a word to the page (https://github.com/mholt/PapaParse/pull/1145).
 */
async function bundlePage(): Promise<string> {
    const { output } = (await build({
        configFile: false,
        root: join(import.meta.dirname, 'csv'),
        logLevel: 'warn',
        build: { write: false, minify: false, modulePreload: false, rolldownOptions: { input: 'page.ts' } },
    })) as Rolldown.RolldownOutput;
    return output[0].code;
}

async function servePage(script: string) {
    const html = '<!doctype html><script type="module" src="/page.js"></script>';
    const server = createServer(({ url }, response) => {
        const [type, body] = url === '/page.js' ? ['text/javascript', script] : ['text/html', html];
        response.writeHead(200, { 'Content-Type': type }).end(body);
    });
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const close = () => {
        server.closeAllConnections();
        server.close();
    };
    return { url: `http://127.0.0.1:${port}/`, close };
}

async function read(browser: Browser, url: string, kind: Kind, way: Way): Promise<Reading> {
    const page = await browser.newPage();
    await page.goto(url);
    const broken = new Promise<never>((_, reject) => page.once('pageerror', reject));
    const reading = await Promise.race([
        page.evaluate(([kind, way]) => window.measure(kind, way), [kind, way] as const),
        broken,
    ]);
    await page.close();
    return reading;
}

const median = (numbers: number[]) => numbers.sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;

function describe(readings: Reading[]) {
    const gaps = readings.map(({ longestGapMs }) => longestGapMs);
    return {
        rows: readings[0]?.rows,
        'rows are right': readings.every(({ rows, rowsInFile }) => rows === rowsInFile),
        'ms, median': Math.round(median(readings.map(({ durationMs }) => durationMs))),
        'longest gap in ms, median': Math.round(median(gaps)),
        'of all runs': Math.round(Math.max(...gaps)),
    };
}

async function compare(browser: Browser, url: string, kind: Kind) {
    const readings: Record<Way, Reading[]> = { inspectCsv: [], worker: [], workerByDefault: [] };
    for (let run = 0; run < RUNS; run++) {
        for (const way of Object.keys(readings) as Way[]) readings[way].push(await read(browser, url, kind, way));
    }
    return Object.fromEntries(Object.entries(readings).map(([way, runs]) => [NAMES[way as Way], describe(runs)]));
}

const server = await servePage(await bundlePage());
const browser = await launchChromium();
try {
    console.log(`${origin('npm run bench:csv', ['papaparse'])} Chromium ${browser.version()}, ${RUNS} runs each.`);
    for (const [kind, title] of KINDS) {
        const table = await compare(browser, server.url, kind);
        console.log(title);
        console.table(table);
    }
} finally {
    await browser.close();
    server.close();
}
