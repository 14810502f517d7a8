import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

/** Where the packages of Chrome and Chromium put the program. */
const SYSTEM_PATHS = [
    '/usr/bin/google-chrome',
    '/usr/bin/google-chrome-stable',
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/snap/bin/chromium',
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

const ARGS = [
    '--no-sandbox', // as root, in containers
    '--disable-gpu',
    '--font-render-hinting=none', // letters at even distances in the screenshots
    // Nothing but the demo is asked for anything.
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
];

interface Program {
    executablePath: string;
    /** Its own fonts, where it brings some: the system may have none. */
    fontsPath?: string;
}

/**
 * Launches Chromium: the one that CHROME_PATH names, else that of the system, else Playwright's own, else the one that
 * comes with the npm package `@sparticuz/chromium`.
 */
export async function launchChromium(): Promise<Browser> {
    const { executablePath, fontsPath } = await findChromium();
    const env = { ...process.env, ...(fontsPath && { FONTCONFIG_PATH: fontsPath }) };
    return chromium.launch({ executablePath, args: ARGS, env });
}

async function findChromium(): Promise<Program> {
    const { CHROME_PATH } = process.env;
    if (CHROME_PATH) {
        if (!existsSync(CHROME_PATH)) throw new Error(`CHROME_PATH is ${CHROME_PATH}, and there is no such file`);
        return { executablePath: CHROME_PATH };
    }
    const executablePath = [...SYSTEM_PATHS, chromium.executablePath()].find(path => existsSync(path));
    return executablePath ? { executablePath } : extractChromium();
}

/** Unpacks the program of the npm package, once for each of its versions. */
async function extractChromium(): Promise<Program> {
    if (process.platform !== 'linux') {
        throw new Error(
            'The browser tests found no Chrome and no Chromium. Install one, set CHROME_PATH, or run ' +
                '"npx playwright-core install chromium".',
        );
    }
    const { default: sparticuz } = await import('@sparticuz/chromium');
    const entry = createRequire(import.meta.url).resolve('@sparticuz/chromium');
    const { version } = createRequire(entry)('../package.json');
    const folder = join(tmpdir(), `chromium-${version}-${process.arch}`);
    const program = { executablePath: join(folder, 'chromium'), fontsPath: join(folder, 'fonts') };
    if (existsSync(folder)) return program;

    // The package unpacks into the folder for temporary files, and takes what is there already for its own, even half a
    // program. So it gets a folder for itself, which takes its name when it is complete.
    const unfinished = await mkdtemp(`${folder}-`);
    const { TMPDIR } = process.env;
    try {
        process.env.TMPDIR = unfinished;
        await sparticuz.executablePath();
        // Its list of fonts names the folder for temporary files, where the package would have unpacked them.
        const list = join(unfinished, 'fonts', 'fonts.conf');
        const text = await readFile(list, 'utf8');
        await writeFile(list, text.replaceAll('/tmp/fonts<', `${join(folder, 'fonts', 'fonts')}<`));
        await rename(unfinished, folder);
    } catch (error) {
        await rm(unfinished, { recursive: true, force: true });
        if (!existsSync(folder)) throw error; // else another process was faster
    } finally {
        if (TMPDIR === undefined) delete process.env.TMPDIR;
        else process.env.TMPDIR = TMPDIR;
    }
    return program;
}
