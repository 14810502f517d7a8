import type { Page } from 'playwright-core';

/** A request that changes something, as the browser sent it. */
export interface Write {
    method: string;
    /** What is behind `/rest/v1/`, such as `contacts?id=eq.1` or `rpc/get_or_create_segment`. */
    target: string;
    /** `undefined` while there is no answer. */
    status: number | undefined;
}

/** What a page does while a test uses it. It grows. */
export interface Recording {
    /** In the order in which they were sent. Those of the page "Server limits" for itself are left out. */
    readonly writes: readonly Write[];
    /** Errors and warnings in the console that no rate limit explains, and uncaught errors. */
    readonly complaints: readonly string[];
}

const API = '/rest/v1/';
const LIMITS = /^(?:rpc\/[gs]et_server_limits$|feature_flags\?)/;

/** What is meant to be there when the server refuses: the browser's line, the service's, and react-admin's. */
const EXPECTED = [
    /^Failed to load resource: the server responded with a status of 429 /,
    /^\[RateLimit\] /,
    /^RateLimitError: /,
];

/** @param expected further lines of the console that belong to what is tested */
export function record(page: Page, expected: readonly RegExp[] = []): Recording {
    const writes: Write[] = [];
    const complaints: string[] = [];
    const complain = (text: string) => complaints.push(`${page.url()}: ${text}`);

    page.on('request', request => {
        const [, target] = request.url().split(API);
        if (target === undefined || request.method() === 'GET' || LIMITS.test(target)) return;
        const write: Write = { method: request.method(), target: target.split('&')[0] ?? '', status: undefined };
        writes.push(write);
        void request.response().then(response => {
            write.status = response?.status();
        }, ignore);
    });
    page.on('console', message => {
        const isComplaint = ['error', 'warning'].includes(message.type());
        if (isComplaint && ![...EXPECTED, ...expected].some(line => line.test(message.text())))
            complain(message.text());
    });
    page.on('pageerror', error => complain(`Uncaught ${error.message}`));

    return { writes, complaints };
}

/** The page was closed before the answer came. */
const ignore = () => {};

export const statusesOf = (writes: readonly Write[]): (number | undefined)[] => writes.map(({ status }) => status);

/** How many requests were answered with this status. */
export const count = (writes: readonly Write[], status: number): number =>
    statusesOf(writes).filter(one => one === status).length;
