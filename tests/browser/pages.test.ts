import type { Locator, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { circuitNotice, goTo, notification, saveButton } from './support/admin.ts';
import { PATIENTLY, useCrm } from './support/crm.ts';
import { statusesOf } from './support/recording.ts';

const crm = useCrm();

/** Presses Tab until this has the focus. */
async function tabTo(page: Page, target: Locator): Promise<void> {
    await target.waitFor();
    for (let presses = 0; presses < 60; presses++) {
        if (await target.evaluate(element => element === document.activeElement)) return;
        await page.keyboard.press('Tab');
    }
    throw new Error(`60 presses of Tab do not lead to ${target}`);
}

test('a contact is edited and saved with the keyboard alone, and what the limit does is announced', async () => {
    const { page, writes } = await crm.open('/contacts/20/show');
    await crm.server.setLimits({ rate: 1 / 30, burst: 1 });

    const editTitle = async (title: string) => {
        await tabTo(page, page.getByRole('link', { name: 'Edit' }));
        await page.keyboard.press('Enter');
        await tabTo(page, page.getByLabel('Title'));
        await page.keyboard.press('ControlOrMeta+A');
        await page.keyboard.type(title);
        await tabTo(page, saveButton(page));
        await page.keyboard.press('Enter');
    };

    await editTitle('IT Director');
    await notification(page, 'Element updated').waitFor();
    expect(await crm.server.read('contacts?id=eq.20&select=title')).toEqual([{ title: 'IT Director' }]);

    // The second save within thirty seconds: too long a wait for a person.
    await editTitle('Chief Information Officer');
    await circuitNotice(page).waitFor(); // found by its role "alert"
    await notification(page, 'Too many requests. Please wait 1-2 minutes before trying again.').waitFor();
    expect(await page.getByRole('timer').getAttribute('aria-live')).toBe('off');
    expect(statusesOf(writes)).toEqual([200, 429]);
});

const RESOURCES = [
    ['Contacts', 'contacts', 'Aoife Brennan'],
    ['Companies', 'companies', 'Almeida Construction'],
    ['Opportunities', 'opportunities', 'Twelve shop managers'],
    ['Notes', 'contact_notes', 'The API limits worry her'],
    ['Segments', 'segments', 'Key accounts'],
    ['Tags', 'tags', 'Champion'],
    ['Products', 'products', 'Data import'],
] as const;

// That nothing complains in the console is looked at after each test.
test.for(RESOURCES)('%s are listed, opened, and created, and no page complains', async ([menuItem, path, record]) => {
    const { page } = await crm.open('/');
    await goTo(page, menuItem);
    await page.getByRole('row').filter({ hasText: record }).click();
    await page.waitForURL(new RegExp(`/#/${path}/\\d+`));
    await page.goto(page.url().replace(/\/show$/, ''));
    await saveButton(page).waitFor();
    await goTo(page, menuItem);
    await page.getByRole('link', { name: 'Create' }).click();
    await page.waitForURL(`**/#/${path}/create`);
    await expect.poll(() => saveButton(page).isDisabled(), PATIENTLY).toBe(true); // nothing to save yet
});
