import { readFile } from 'node:fs/promises';
import Papa from 'papaparse';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { contactsCsv } from '../demo/contactsCsv.ts';
import { PATIENTLY, prepareCrm } from './support/crm.ts';

const crm = prepareCrm();

/** The server answers a batch with a bad row 400, or 500 where Supabase Lite has no status for the reason. */
const BAD_ROWS = [/^Failed to load resource: the server responded with a status of (?:400|409|500) /];

const file = contactsCsv();
const CSV = { name: 'contacts.csv', mimeType: 'text/csv', buffer: Buffer.from(file.text) };

const dialog = (page: Page) => page.getByRole('dialog');
const button = (page: Page, name: string | RegExp) => dialog(page).getByRole('button', { name });

/** Contacts that have come from a file. */
const imported = () => crm.server.read<{ email: string }>('contacts?import_key=not.is.null&select=email');

async function openImport(page: Page): Promise<void> {
    await page.getByRole('button', { name: 'Import', exact: true }).click();
    await dialog(page).getByText('Drop a CSV file here, or choose one').waitFor();
}

/** From the choice of the file to the start. */
async function startImport(page: Page): Promise<void> {
    await openImport(page);
    await dialog(page).locator('input[type=file]').setInputFiles(CSV);
    await button(page, 'Check the rows').click();
    await dialog(page).getByText('970 of 1,000 rows can be imported, 30 cannot and will be left out.').waitFor();
    await button(page, 'Start the import').click();
}

test('a file of 1,000 contacts comes in whole on a busy server: the circuit opens, the tab is closed, 40 rows are bad', async () => {
    await crm.server.setLimits({ rate: 20, burst: 20 });
    const { page } = await crm.open('/contacts', undefined, BAD_ROWS);
    page.on('dialog', question => void question.accept()); // leaving the page asks first
    await startImport(page);
    await expect.poll(async () => (await imported()).length, PATIENTLY).toBeGreaterThan(100);

    // So slow that the server names a moment too far off to wait for: the circuit opens until then.
    await crm.server.drain({ rate: 0.08, burst: 1 });
    await dialog(page)
        .getByText(/^The server is busy, resuming in \d+ s\.$/)
        .waitFor();
    const atPause = (await imported()).length;
    await crm.server.setLimits({ rate: 20, burst: 20 });
    await expect.poll(async () => (await imported()).length, PATIENTLY).toBeGreaterThan(atPause);

    await page.reload();
    await openImport(page);
    await dialog(page)
        .getByText(/^The import of contacts\.csv did not come to its end: \d+ of 1,000 rows are done\.$/)
        .waitFor();
    await button(page, 'Resume the import').click();
    await dialog(page).getByText('The import has ended.').waitFor();

    const emails = (await imported()).map(({ email }) => email);
    expect(emails.sort()).toEqual([...file.goodEmails].sort());
    const download = page.waitForEvent('download');
    await button(page, 'Download the failed rows').click();
    const failed = await readFile(await (await download).path(), 'utf8');
    const { data } = Papa.parse<{ row: string }>(failed, { header: true, skipEmptyLines: true });
    expect(data.map(({ row }) => Number(row))).toEqual(file.badRows.map(({ rowNumber }) => rowNumber));
});
