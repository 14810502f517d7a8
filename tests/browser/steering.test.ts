import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import {
    announcement,
    banner,
    circuit,
    countOf,
    fact,
    goTo,
    notification,
    saveButton,
    tabTo,
} from './support/admin.ts';
import { PATIENTLY, prepareCrm } from './support/crm.ts';
import { count } from './support/recording.ts';

const crm = prepareCrm();

const saveTen = (page: Page) => page.getByRole('button', { name: 'Save 10 contacts at once' }).click();
const preset = (page: Page, name: RegExp) => page.getByRole('button', { name }).click();

/** What the data provider says by itself. */
const REFUSED = [/^HttpError: Rate limit exceeded/];

const IS_IN = 'This browser is in.';
const IS_OUT = /^This browser is not in: its saves go straight to the server, and what is refused fails\.$/;

test('the server is throttled live, and the panel beside it shows what the admin does about it', async () => {
    const { page, writes } = await crm.open('/server-limits');
    await preset(page, /^Overloaded/);
    await page.getByText('The server refuses every save.').first().waitFor();
    await saveTen(page);

    await expect.poll(() => countOf(page, 'Saves waiting'), PATIENTLY).toBe(10);
    await expect.poll(() => fact(page, 'Next try').textContent(), PATIENTLY).toMatch(/^in \d s$/);
    const events = page.getByRole('list', { name: 'Last events' }).getByRole('listitem');
    await expect.poll(() => events.first().textContent(), PATIENTLY).toMatch(/^\d\d:\d\d:\d\d.*(?:refused|pause)/);

    // Live: what waits is saved when the limit is lifted.
    await preset(page, /^Relaxed/);
    await page.getByText('10 saved, 0 failed').waitFor();
    await expect.poll(() => countOf(page, 'Saves waiting'), PATIENTLY).toBe(0);
    expect(await countOf(page, 'Refused (429)')).toBe(count(writes, 429));
    expect(await countOf(page, 'Sent again')).toBeGreaterThan(0);

    await page.getByRole('link', { name: 'Counters and chart' }).click();
    await page.getByRole('heading', { name: 'Rate limit', level: 1 }).waitFor();
});

test('the page "Rate limit" counts, lists and draws what was refused, also after a reload, and resets the circuit', async () => {
    const { page, writes } = await crm.open('/contacts/6');
    await page.getByLabel('Title').fill('Chief Buyer');
    await crm.server.drain({ rate: 1 / 30, burst: 1 });
    await saveButton(page).click(); // refused for too long: the circuit opens
    await banner(page).waitFor();
    await saveButton(page).click(); // turned away by it
    await goTo(page, 'Rate limit');

    await page.getByText('Circuit open').first().waitFor();
    await expect.poll(() => countOf(page, 'Calls'), PATIENTLY).toBe(2);
    expect(await countOf(page, 'Refused (429)')).toBe(1);
    expect(await countOf(page, 'Turned away')).toBe(1);
    expect(count(writes, 429)).toBe(1);
    const rows = page.getByRole('table').getByRole('row');
    const rejections = rows
        .filter({ hasText: 'Turned away' })
        .filter({ hasText: 'contacts' })
        .filter({ hasText: 'update' });
    await expect.poll(() => rejections.count(), PATIENTLY).toBe(1);
    const bars = page.locator('.recharts-bar-rectangle path');
    await expect.poll(() => bars.count(), PATIENTLY).toBeGreaterThan(0);

    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Export' }).click();
    const exported = JSON.parse(await readFile(await (await download).path(), 'utf8'));
    expect(exported).toMatchObject({
        circuit: { status: 'open' },
        stats: { calls: 2, rateLimited: 1, rejected: 1 },
    });
    expect(exported.events.filter(({ type }: { type: string }) => type === 'reject')).toHaveLength(1);

    await tabTo(page, page.getByRole('button', { name: 'Reset the circuit' }));
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Reset the circuit?' });
    await tabTo(page, dialog.getByRole('button', { name: 'Reset the circuit' }));
    await page.keyboard.press('Enter');
    await page.getByText('Circuit closed').first().waitFor();
    await banner(page).waitFor({ state: 'hidden' });

    await page.reload();
    await expect.poll(() => rejections.count(), PATIENTLY).toBe(1);
    await expect.poll(() => bars.count(), PATIENTLY).toBeGreaterThan(0);
    expect(await countOf(page, 'Calls')).toBe(0);
});

test('the flag turns withRateLimit off and on again, for this browser and for others, without a reload', async () => {
    const { page, writes } = await crm.open('/server-limits', undefined, REFUSED);
    const other = await crm.open('/contacts/8', undefined, REFUSED);
    await announcement(page, IS_IN).waitFor();
    const share = page.getByRole('slider', { name: 'Share of people with withRateLimit' });
    await tabTo(page, share);

    await page.keyboard.press('Home');
    await page.getByText('Share of people with withRateLimit: 0 %').waitFor();
    await announcement(page, IS_OUT).waitFor();
    await circuit(page, 'Off').waitFor();
    await crm.server.setLimits({ rate: 0.1, burst: 2 });
    await saveTen(page);
    await page.getByText(/^2 saved, 8 failed, .*“Rate limit exceeded”$/).waitFor();
    expect(writes).toHaveLength(10);
    expect(await banner(page).count()).toBe(0);

    // The other one hears of it when its person comes back to the page.
    await other.page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
    await other.page.waitForLoadState('networkidle');
    await other.page.getByLabel('Title').fill('Chief Buyer');
    await saveButton(other.page).click();
    await notification(other.page, 'Rate limit exceeded').waitFor();
    expect(other.writes).toHaveLength(1);

    await share.focus();
    await page.keyboard.press('End');
    await announcement(page, IS_IN).waitFor();
    await crm.server.setLimits({ rate: 4, burst: 2 });
    await saveTen(page);
    await page.getByText('10 saved, 0 failed').waitFor();
});
