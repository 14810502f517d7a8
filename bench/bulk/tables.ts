import { markdownTable } from '../page.ts';

/** What the matrix found for one cell. */
export interface Result {
    share: number;
    refusedShare: number;
    jain: number;
}

const LIMITS: [words: string, name: string, hint?: string][] = [
    ['token bucket 20/s, burst 20', 'token 20/20'],
    ['token bucket 100/s, burst 200', 'token 100/200'],
    ['token bucket 200/s, burst 50', 'token 200/50'],
    ['token bucket 20/s, burst 5', 'token 20/5'],
    ['token bucket 500/s, burst 100', 'token 500/100'],
    ['token bucket 20/s, burst 40', 'token 20/40'],
    ['token bucket 1/s, burst 2', 'token 1/2'],
    ['token bucket 20/s, burst 2', 'leaky 20'],
    ['leaky queue 20/s, 10 in it', 'leaky queue 20/10'],
    ['fixed window 100 per 10 s', 'fixed 100 per 10 s'],
    ['sliding window 100 per 10 s', 'sliding 100 per 10 s'],
    ['fixed window 20 per second', 'fixed 20 per 1 s'],
    ['100/s, halfway 25/s', 'token 100/200 → 25/200'],
    ['40/s, halfway 20/s', 'token 40/40 → 20/20'],
    ['20/s, halfway 40/s', 'token 20/20 → 40/40'],
    ['fixed window 100 per 10 s, told in `RateLimit` headers', 'fixed 100 per 10 s', 'headers-8'],
    ['fixed window 20 per second, told in `RateLimit` headers', 'fixed 20 per 1 s', 'headers-8'],
];

const SHARED: [words: string, name: string][] = [
    ['20/s, burst 20', 'token 20/20'],
    ['100/s, burst 200', 'token 100/200'],
    ['200/s, burst 50', 'token 200/50'],
    ['500/s, burst 500', 'token 500/500'],
];
const CLIENTS = [2, 5, 10, 50];

/** 0 or a tenth of a per cent. */
const percent = (share: number): string => (share === 0 ? '0' : `${(share * 100).toFixed(1)} %`);

/** One client on each limit. */
export function aloneTable(resultOf: (cell: string) => Result): string {
    const rows = LIMITS.map(([words, name, hint = 'seconds']) => {
        const results = ['short', 'long'].map(length => resultOf(`${name}, ${hint}, ${length}, 1 client`));
        return [words, ...results.flatMap(({ share, refusedShare }) => [share.toFixed(2), percent(refusedShare)])];
    });
    return markdownTable(['limiter', 'in 15 s', 'refused', 'in a minute', 'refused'], rows);
}

/** Several clients on one limit, for a minute. */
export function sharedTable(resultOf: (cell: string) => Result): string {
    const rows = SHARED.map(([words, name]) => [
        words,
        ...CLIENTS.map(clients => {
            const { share, refusedShare, jain } = resultOf(`${name}, seconds, long, ${clients} clients`);
            return `${share.toFixed(2)}, ${percent(refusedShare)}, ${jain.toFixed(2)}`;
        }),
    ]);
    return markdownTable(['limit', ...CLIENTS.map(clients => `${clients} clients`)], rows);
}
