/**
 * How long a page takes to read a CSV file of 100 MB, and for how long it does nothing else meanwhile: on its own thread, as
 * the import does it, and in Papa Parse's worker. In Chromium, each run in a page of its own.
 *
 *     node bench/csv.ts
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { build, type Rolldown } from 'vite';
import { launchChromium } from '../tests/browser/support/chromium.ts';
import type { Reading, Way } from './csv/page.ts';
import { origin } from './page.ts';

const RUNS = 7;

const NAMES: Record<Way, string> = {
    inspectCsv: 'on the page’s thread, 256 kB at a time',
    worker: 'Papa Parse’s worker, 256 kB at a time',
    workerByDefault: 'Papa Parse’s worker, its default of 10 MB',
};

/** What is in `csv/page.ts`, as a bundle for browsers. */
async function bundlePage(): Promise<string> {
    const { output } = (await build({
        configFile: false,
        root: join(import.meta.dirname, 'csv'),
        logLevel: 'warn',
        build: { write: false, modulePreload: false, rolldownOptions: { input: 'page.ts' } },
    })) as Rolldown.RolldownOutput;
    return output[0].code;
}

async function servePage(script: string) {
    const server = createServer(({ url }, response) => {
        if (url === '/page.js') response.writeHead(200, { 'Content-Type': 'text/javascript' }).end(script);
        else response.writeHead(200, { 'Content-Type': 'text/html' }).end('<script type="module" src="/page.js"></script>');
    });
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const close = () => {
        server.closeAllConnections();
        server.close();
    };
    return { url: `http://127.0.0.1:${port}/`, close };
}

async function read(browser: Browser, url: string, way: Way): Promise<Reading> {
    const page = await browser.newPage();
    await page.goto(url);
    const reading = await page.evaluate(way => window.measure(way), way);
    await page.close();
    return reading;
}

const median = (numbers: number[]) => numbers.sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;

function describe(readings: Reading[]) {
    const gaps = readings.map(({ longestGapMs }) => longestGapMs);
    return {
        rows: readings[0]?.rows,
        right: readings.every(({ rows, rowsInFile }) => rows === rowsInFile),
        'ms (median)': Math.round(median(readings.map(({ durationMs }) => durationMs))),
        'longest gap, ms (median)': Math.round(median(gaps)),
        'longest gap, ms (worst run)': Math.round(Math.max(...gaps)),
    };
}

const server = await servePage(await bundlePage());
const browser = await launchChromium();
const readings: Record<Way, Reading[]> = { inspectCsv: [], worker: [], workerByDefault: [] };
try {
    for (let run = 0; run < RUNS; run++) {
        for (const way of Object.keys(readings) as Way[]) readings[way].push(await read(browser, server.url, way));
    }
} finally {
    await browser.close();
    server.close();
}

console.log(`${origin('npm run bench:csv', ['papaparse'])} Chromium ${browser.version()}, ${RUNS} runs each`);
console.table(Object.fromEntries(Object.entries(readings).map(([way, runs]) => [NAMES[way as Way], describe(runs)])));
