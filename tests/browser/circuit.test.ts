import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { alerts, circuit, circuitNotice, fact, goTo, notification, saveButton } from './support/admin.ts';
import { PATIENTLY, prepareCrm } from './support/crm.ts';
import { statusesOf } from './support/recording.ts';
import { OVERLOADED, RELAXED } from './support/server.ts';

const crm = prepareCrm();

const OVERLOADED_MESSAGE = 'The system is temporarily overloaded. Please try again in a few moments.';
const OPEN_MESSAGE = /^Too many requests\. Please try again in \d+ seconds\.$/;

const refusals = (count: number): number[] => Array.from({ length: count }, () => 429);

/** Loads the page with a clock that runs as usual, and can be put forward. */
const withClock = (page: Page): Promise<void> => page.clock.install();

/** Clicks Save until as many saves have failed. The clock of the page is put forward over the waits. */
async function failSaves(page: Page, times: number): Promise<void> {
    for (let time = 1; time <= times; time++) {
        await saveButton(page).click();
        await expect.poll(() => saveButton(page).isEnabled(), PATIENTLY).toBe(false);
        const isDone = async () => {
            await page.clock.fastForward(1000);
            return saveButton(page).isEnabled();
        };
        await expect.poll(isDone, { ...PATIENTLY, interval: 100 }).toBe(true);
    }
}

test('a save that the server goes on refusing fails with a message after four attempts, and changes nothing', async () => {
    const before = await crm.server.read('contacts?id=eq.11');
    await crm.server.setLimits(OVERLOADED);
    const { page, writes } = await crm.open('/contacts/11');
    await page.getByLabel('Title').fill('Head of IT');

    await saveButton(page).click();

    await notification(page, OVERLOADED_MESSAGE).waitFor();
    expect(await alerts(page).count()).toBe(1);
    expect(statusesOf(writes)).toEqual(refusals(4));
    expect(await crm.server.read('contacts?id=eq.11')).toEqual(before);
    // What was typed is still there, to be saved later.
    expect(await page.getByLabel('Title').inputValue()).toBe('Head of IT');
    expect(await saveButton(page).isEnabled()).toBe(true);
});

test('after five failed saves nothing is sent any more, and the page says when one can save again', async () => {
    await crm.server.setLimits(OVERLOADED);
    const { page, writes } = await crm.open('/contacts/12', withClock);
    await page.getByLabel('Title').fill('Chief Financial Officer');
    await failSaves(page, 4);
    expect(await circuitNotice(page).count()).toBe(0);

    await failSaves(page, 1);

    await notification(page, OPEN_MESSAGE).waitFor();
    expect(writes).toHaveLength(20);
    await circuitNotice(page).waitFor();
    expect(await circuitNotice(page).textContent()).toMatch(/^Too many requests\. You can save again in \d+ s\.$/);
    const secondsLeft = async () => Number(/\d+/.exec((await circuitNotice(page).textContent()) ?? '')?.[0]);
    const atFirst = await secondsLeft();
    expect(atFirst).toBeLessThanOrEqual(60);
    await expect.poll(secondsLeft, PATIENTLY).toBeLessThan(atFirst);

    // The server would accept it: only the circuit keeps it back.
    await crm.server.setLimits(RELAXED);
    await notification(page, OPEN_MESSAGE).waitFor({ state: 'hidden' });
    await saveButton(page).click();

    await notification(page, OPEN_MESSAGE).waitFor();
    expect(writes).toHaveLength(20);
    expect(await crm.server.read('contacts?id=eq.12&select=title')).toEqual([{ title: 'Financial Analyst' }]);
});

test('a minute later one save finds out that the server is back, and the circuit closes', async () => {
    await crm.server.setLimits(OVERLOADED);
    const { page, writes } = await crm.open('/contacts/13', withClock);
    await page.getByLabel('Title').fill('Managing Partner');
    await failSaves(page, 5);
    await circuitNotice(page).waitFor();
    const sent = writes.length;
    await crm.server.setLimits(RELAXED);

    await page.clock.fastForward(60_000);

    await circuitNotice(page).waitFor({ state: 'hidden' });
    await goTo(page, 'Server limits');
    await circuit(page, 'Half-open').waitFor();
    await goTo(page, 'Contacts');
    await page.getByPlaceholder('Name, e-mail or title').fill('Navarro');
    await page.getByText('Lucía Navarro').click();
    await page.getByRole('link', { name: 'Edit' }).click();
    await page.getByLabel('Title').fill('Managing Partner');
    await saveButton(page).click();
    await notification(page, 'Element updated').waitFor();
    expect(statusesOf(writes.slice(sent))).toEqual([200]);
    expect(await crm.server.read('contacts?id=eq.13&select=title')).toEqual([{ title: 'Managing Partner' }]);
    await goTo(page, 'Server limits');
    await circuit(page, 'Closed').waitFor();
    expect(await fact(page, 'Saves failed in a row').textContent()).toBe('0');
});
