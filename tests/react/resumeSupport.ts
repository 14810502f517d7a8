import { cleanup } from '@testing-library/react';
import { afterEach, beforeEach } from 'vitest';
import { type Contact, contacts, goSilentAfter, openPage, requestsOf, type Table } from './importSupport';

/** Of its own for each test: those that never end keep writing. */
export let resumeKey: string;

let count = 0;

/** Each test begins with another `resumeKey`, and closes its pages at the end. */
export function onFreshKey() {
    beforeEach(() => {
        resumeKey = `import-${count++}`;
    });

    afterEach(cleanup);
}

export const names = (count: number) => contacts(count).map(({ name }) => name);

/**
 * Imports rows, and closes the page after two requests, with two more under way. These got through, but nobody heard of it.
 *
 * @returns how many requests were sent
 */
export async function importUntilClosed(table: Table, rows: Contact[], options: object): Promise<number> {
    const { answer } = table;
    goSilentAfter(table, 2);
    const page = openPage(table, { resumeKey, concurrency: 2, ...options });
    page.begin(rows);
    await requestsOf(table, 4);
    page.close();
    table.answer = answer;
    return table.requests.length;
}
