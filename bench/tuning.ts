/**
 * What each option does, in numbers: the tables of docs/tuning.md. The real code in virtual time, the same numbers at
 * each run.
 *
 *     npm run build && node bench/tuning.ts            prints the tables
 *     npm run build && node bench/tuning.ts --write    and puts them into the page
 */
import type { RateLimitOptions } from 'ra-rate-limit';
import { FixedWindow } from './bulk/limiters.ts';
import { markdownTable, origin, publish } from './page.ts';
import { type Case, crowdTable, failuresAndTimes, type Settings, seconds } from './tuning/crowdTable.ts';
import { throughOutage } from './tuning/outage.ts';
import { bucket, fireTogether, type Volley } from './tuning/together.ts';

/** One option with several values, in words the value as one writes it in code. */
function vary<Name extends keyof RateLimitOptions>(
    name: Name,
    values: readonly RateLimitOptions[Name][],
    fallback: RateLimitOptions[Name],
    others: RateLimitOptions = {},
): Settings {
    const written = (value: unknown) => String(value).replace(/\B(?=(?:\d{3})+$)/g, '_');
    const words = (value: unknown) => `\`${written(value)}\`${value === fallback ? ' (default)' : ''}`;
    return Object.fromEntries(values.map(value => [words(value), { ...others, [name]: value }]));
}

const five = bucket(5, 5);
const window = () => new FixedWindow(50, 10_000);
const minute = () => new FixedWindow(300, 60_000);

const BUSY: Case[] = [
    { name: '80 % of the limit is asked for', limiter: five, hint: 'none', load: 4 },
    { name: '100 %', limiter: five, hint: 'none', load: 5 },
    { name: '120 %', limiter: five, hint: 'none', load: 6 },
    { name: '120 %, with `Retry-After`', limiter: five, hint: 'seconds', load: 6 },
];
const WINDOWS: Case[] = [
    { name: '50 per 10 s', limiter: window, hint: 'none', load: 5.5 },
    { name: '50 per 10 s, with `Retry-After`', limiter: window, hint: 'seconds', load: 5.5 },
    { name: '300 a minute', limiter: minute, hint: 'none', load: 5.5 },
    { name: '300 a minute, with `Retry-After`', limiter: minute, hint: 'seconds', load: 5.5 },
];

const crowd = (name: string, settings: Settings, cases: readonly Case[]) =>
    crowdTable(name, settings, cases, failuresAndTimes);

/** Each setting against each volley: what is lost, when the last one is in, and how many requests were refused. */
async function volleyTable(
    name: string,
    settings: Settings,
    volleys: Readonly<Record<string, Omit<Volley, 'options'>>>,
): Promise<string> {
    const rows: string[][] = [];
    for (const [words, options] of Object.entries(settings)) {
        const row = [words];
        for (const volley of Object.values(volleys)) {
            const { lost, refused, doneMs } = await fireTogether({ ...volley, options });
            row.push(`${lost.toFixed(0)}, ${seconds(doneMs)}, ${refused.toFixed(0)}`);
        }
        rows.push(row);
    }
    return markdownTable([name, ...Object.keys(volleys)], rows);
}

async function outageTable(name: string, settings: Settings): Promise<string> {
    const head = [
        name,
        'requests a minute that the overloaded server gets',
        'a failing save fails after',
        'saves, of 20 people, that fail although it works again',
        'the last of them, after the recovery',
    ];
    const rows: string[][] = [];
    for (const [words, options] of Object.entries(settings)) rows.push([words, ...(await throughOutage(options))]);
    return markdownTable(head, rows);
}

const MAX_ELAPSED = [10_000, 30_000, 60_000, Number.POSITIVE_INFINITY];
const all500 = { tabs: 1, createsEach: 500, hint: 'seconds' } as const;
const tabs20 = { tabs: 20, createsEach: 1 } as const;
const THRESHOLDS = [1, 3, 5, 10, 1_000_000];

publish('docs/tuning.md', {
    origin: origin('npm run bench:tuning'),
    maxRetries: await crowd('`maxRetries`', vary('maxRetries', [0, 1, 3, 5, 8], 3), BUSY),
    maxRetriesInWindows: await crowd('`maxRetries`', vary('maxRetries', [0, 1, 3, 5, 8], 3), WINDOWS),
    initialDelayMs: await crowd(
        '`initialDelayMs`',
        vary('initialDelayMs', [20, 100, 500, 2_000], 100),
        BUSY.slice(0, 3),
    ),
    maxDelayMs: await crowd(
        '`maxDelayMs`',
        vary('maxDelayMs', [1_000, 10_000, 60_000], 10_000, { maxElapsedMs: 60_000 }),
        WINDOWS.filter(({ hint }) => hint === 'seconds'),
    ),
    respectRetryAfter: await crowd('`respectRetryAfter`', vary('respectRetryAfter', [true, false], true), [
        ...BUSY.filter(({ hint }) => hint === 'seconds'),
        ...WINDOWS.filter(({ hint }) => hint === 'seconds'),
    ]),
    maxElapsedMs: await volleyTable('`maxElapsedMs`', vary('maxElapsedMs', MAX_ELAPSED, 30_000), {
        '5/s, burst 5': { ...all500, limiter: bucket(5, 5) },
        '20/s, burst 20': { ...all500, limiter: bucket(20, 20) },
        '100/s, burst 100': { ...all500, limiter: bucket(100, 100) },
    }),
    jitterFactor: await volleyTable('`jitterFactor`', vary('jitterFactor', [0, 0.2, 0.5, 1], 0.2), {
        '10/s, burst 10': { ...tabs20, limiter: bucket(10, 10), hint: 'none' },
        '5/s, burst 5, with `Retry-After`': { ...tabs20, limiter: bucket(5, 5), hint: 'seconds' },
    }),
    circuitBreakerThreshold: await outageTable(
        '`circuitBreakerThreshold`',
        vary('circuitBreakerThreshold', THRESHOLDS, 5),
    ),
    circuitBreakerThresholdWhenBusy: await crowd(
        '`circuitBreakerThreshold`',
        vary('circuitBreakerThreshold', THRESHOLDS, 5),
        BUSY.slice(0, 3),
    ),
    circuitResetMs: await outageTable(
        '`circuitResetMs`',
        vary('circuitResetMs', [10_000, 30_000, 60_000, 300_000], 60_000),
    ),
});
