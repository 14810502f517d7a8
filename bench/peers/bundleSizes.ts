import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { rolldown } from 'rolldown';
import { markdownTable } from '../page.ts';

export interface BundleSize {
    name: string;
    imported: string;
    bytes: number;
}

interface Import {
    name: string;
    from: string;
    /** @default the default export */
    names?: readonly string[];
    note?: string;
    also?: string;
    /** What an app that imports it has already. */
    external?: readonly string[];
}

const OURS = { name: 'ra-rate-limit', from: 'ra-rate-limit', external: ['ra-core'] };

const IMPORTS: readonly Import[] = [
    { ...OURS, names: ['withRateLimit'] },
    { ...OURS, name: 'ra-rate-limit, runBulk too', names: ['withRateLimit', 'createHttpClient', 'runBulk'] },
    { name: 'p-retry', from: 'p-retry' },
    { name: 'axios-retry', from: 'axios-retry', note: 'without axios', external: ['axios'] },
    {
        name: 'axios-retry and axios',
        from: 'axios-retry',
        note: 'both',
        also: "export { default as axios } from 'axios';",
    },
    { name: 'ky', from: 'ky', note: 'the whole client' },
    {
        name: 'cockatiel',
        from: 'cockatiel',
        names: ['circuitBreaker', 'ConsecutiveBreaker', 'ExponentialBackoff', 'handleAll', 'retry', 'wrap'],
    },
    { name: 'opossum', from: 'opossum', note: 'and what stands in for the `events` of Node', external: ['events'] },
    { name: 'bottleneck', from: 'bottleneck/light.js', note: '`light`, without Redis' },
    {
        name: '@smithy/util-retry',
        from: '@smithy/util-retry',
        names: ['AdaptiveRetryStrategy'],
        note: 'a part of each client of the AWS SDK',
    },
];

/** The bytes that an import adds to a bundle for browsers, minified and gzipped. */
async function bytesOf(source: string, external: readonly string[] = []): Promise<number> {
    const entry = '\0entry';
    const build = await rolldown({
        input: entry,
        external: [...external],
        platform: 'browser',
        cwd: join(import.meta.dirname, '..', '..'),
        logLevel: 'silent',
        plugins: [
            {
                name: 'entry',
                resolveId: id => (id === entry ? id : undefined),
                load: id => (id === entry ? source : undefined),
            },
        ],
    });
    const { output } = await build.generate({ minify: true });
    await build.close();
    const code = output.map(file => (file.type === 'chunk' ? file.code : '')).join('');
    return gzipSync(code, { level: 9 }).byteLength;
}

export async function measureBundleSizes(): Promise<BundleSize[]> {
    const sizes: BundleSize[] = [];
    for (const { name, from, names, note, also, external } of IMPORTS) {
        const source = `export { ${(names ?? ['default']).join(', ')} } from '${from}'; ${also ?? ''}`;
        const imported = [...(names ?? []).map(each => `\`${each}\``), ...(note ? [note] : [])].join(', ');
        sizes.push({ name, imported, bytes: await bytesOf(source, external) });
    }
    return sizes;
}

export const kilobytes = (bytes: number): string => `${(bytes / 1000).toFixed(1)} kB`;

export const bundleSizesTable = (sizes: BundleSize[]): string =>
    markdownTable(
        ['', 'imported', 'minified, gzipped'],
        sizes.map(({ name, imported, bytes }) => [name, imported, kilobytes(bytes)]),
    );
