import { describe, expect, test } from 'vitest';
import { alerts, announcement, banner, fact, goTo, notification, saveButton, tabTo } from './support/admin.ts';
import { PATIENTLY, prepareCrm } from './support/crm.ts';
import { count, statusesOf } from './support/recording.ts';

const crm = prepareCrm();

/** The server refuses the next save, and accepts it some four seconds later. */
const LIMITING = { rate: 0.25, burst: 1 };

describe('while the server is limiting', () => {
    test('saving a contact takes a moment and succeeds, and only what was edited changes, once', async () => {
        const [before] = await crm.server.read<object>('contacts?id=eq.3');
        const { page, writes } = await crm.open('/contacts/3');
        await page.getByLabel('Title').fill('Director of Engineering');

        await crm.server.drain(LIMITING);
        await saveButton(page).click();

        await expect.poll(() => count(writes, 429), PATIENTLY).toBe(1);
        expect(await saveButton(page).isDisabled()).toBe(true);
        expect(await saveButton(page).getByRole('progressbar').isVisible()).toBe(true);
        expect(await alerts(page).count()).toBe(0);
        expect(await crm.server.read('contacts?id=eq.3')).toEqual([before]);

        await notification(page, 'Element updated').waitFor();
        expect(await alerts(page).allInnerTexts()).toEqual(['Element updated']);
        expect(statusesOf(writes)).toEqual([429, 200]);
        const title = 'Director of Engineering';
        const after = { ...before, title, search_text: `Greta Vogel greta.vogel@lumenoptics.example ${title}` };
        expect(await crm.server.read('contacts?id=eq.3')).toEqual([after]);
    });

    test('who has left the form while the save waited stays where they are', async () => {
        const { page, writes } = await crm.open('/contacts/4');
        await page.getByLabel('Title').fill('Head of Research');
        await crm.server.drain(LIMITING);
        await saveButton(page).click();
        await expect.poll(() => count(writes, 429), PATIENTLY).toBe(1);

        await goTo(page, 'Companies');
        await page.getByRole('link', { name: 'Create' }).click();
        await page.waitForURL('**/#/companies/create');

        await notification(page, 'Element updated').waitFor();
        expect(statusesOf(writes)).toEqual([429, 200]);
        expect(new URL(page.url()).hash).toBe('#/companies/create');
    });

    test('an opportunity is saved with all of its lines: changed, removed and added', async () => {
        const { page, writes } = await crm.open('/opportunities/2');
        const lines = page.locator('.RaSimpleFormIterator-line');
        await expect.poll(() => lines.count(), PATIENTLY).toBe(3);
        await lines.nth(0).getByLabel('Quantity').fill('8');
        await lines.nth(1).hover();
        await lines.nth(1).getByRole('button', { name: 'Remove' }).click();
        await expect.poll(() => lines.count(), PATIENTLY).toBe(2);
        await page.getByRole('button', { name: 'Add a product' }).click();
        await lines.nth(2).getByLabel('Product').fill('workshop');
        await page.getByRole('option', { name: 'Onboarding workshop' }).click();
        await expect.poll(() => lines.nth(2).getByLabel('Unit price').inputValue(), PATIENTLY).toBe('1850');

        await crm.server.drain(LIMITING);
        await saveButton(page).click();

        await notification(page, 'Element updated').waitFor();
        expect(statusesOf(writes)).toEqual([429, 200]);
        expect(writes[1]?.target).toBe('rpc/sync_opportunity_with_products');
        const saved = await crm.server.read<object>(
            'opportunity_products?opportunity_id=eq.2&order=id&select=id,product_id,quantity,unit_price::float',
        );
        expect(saved).toEqual([
            { id: 3, product_id: 7, quantity: 8, unit_price: 980 },
            { id: 5, product_id: 8, quantity: 12, unit_price: 320 },
            { id: expect.any(Number), product_id: 5, quantity: 1, unit_price: 1850 },
        ]);
    });

    test('creating a segment makes one segment', async () => {
        const { page, writes } = await crm.open('/segments/create');
        await page.getByLabel('Name').fill('Met at the harbour');

        await crm.server.drain(LIMITING);
        await saveButton(page).click();

        await notification(page, 'Element created').waitFor();
        expect(statusesOf(writes)).toEqual([429, 200]);
        expect(writes[1]?.target).toBe('rpc/get_or_create_segment');
        const segments = await crm.server.read<{ id: number }>('segments?name=ilike.*harbour*');
        expect(segments).toEqual([expect.objectContaining({ name: 'Met at the harbour' })]);
        await page.waitForURL(`**/#/segments/${segments[0]?.id}`);
    });

    test('ten saves at once are all saved, each once', async () => {
        const { page, writes } = await crm.open('/server-limits');
        await page.getByRole('button', { name: 'Tight: 1/s, burst 2' }).click();
        await notification(page, 'Applied. The server accepts 1 a second, and up to 2 at once.').waitFor();

        await page.getByRole('button', { name: 'Save 10 contacts at once' }).click();

        const outcome = page.getByText(/\d+ saved, \d+ failed, in [\d.]+ s\./);
        await outcome.waitFor();
        const [, seconds] = /^10 saved, 0 failed, in ([\d.]+) s\. $/.exec((await outcome.textContent()) ?? '') ?? [];
        expect(Number(seconds)).toBeGreaterThan(7.5); // eight more than the burst, one a second
        const saved = writes.filter(({ status }) => status === 200).map(({ target }) => target);
        expect(saved.sort()).toEqual([1, 10, 2, 3, 4, 5, 6, 7, 8, 9].map(id => `contacts?id=eq.${id}`));
        expect(count(writes, 429)).toBeGreaterThan(0);
        expect(await fact(page, 'Saves waiting').textContent()).toBe('0');
    });
});

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
    await announcement(page, /^Too many requests\. You can save again in \d+ seconds\.$/).waitFor();
    await notification(page, /^Too many requests\. Please try again in \d+ seconds\.$/).waitFor();
    expect(await banner(page).getAttribute('aria-live')).toBe('off');
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

test('records of all kinds are listed, opened and created, and the console stays clean', async () => {
    const { page, writes } = await crm.open('/');
    await page.getByText('Latest notes').waitFor();
    for (const [menuItem, path, record] of RESOURCES) {
        await goTo(page, menuItem);
        await page.getByRole('row').getByText(record).click();
        await page.waitForURL(new RegExp(`/#/${path}/\\d+`));
        if (page.url().endsWith('/show')) await page.getByRole('link', { name: 'Edit' }).click();
        await saveButton(page).waitFor();
        await goTo(page, menuItem);
        await page.getByRole('link', { name: 'Create' }).click();
        await page.waitForURL(`**/#/${path}/create`);
        await saveButton(page).waitFor();
    }
    expect(writes).toEqual([]); // and `prepareCrm` looks at the console
});
