import type { Locator, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { announcement, banner, notification, saveButton, tabTo } from './support/admin.ts';
import { PATIENTLY, prepareCrm } from './support/crm.ts';

const crm = prepareCrm();

/** The server refuses the next save, and accepts it some four seconds later. */
const LIMITING = { rate: 0.25, burst: 1 };

/** Counts from now on what moves on the page without a person having moved it, and by how much. */
async function watchShifts(page: Page): Promise<() => Promise<number>> {
    await page.evaluate(() => {
        const observer = new PerformanceObserver(list => {
            for (const entry of list.getEntries() as (PerformanceEntry & { value: number })[])
                window.shifts += entry.value;
        });
        window.shifts = 0;
        observer.observe({ type: 'layout-shift' });
    });
    return () => page.evaluate(() => window.shifts);
}

declare global {
    interface Window {
        shifts: number;
    }
}

/** How light a text and its background are, 0 to 1. */
const luminancesOf = (element: Locator): Promise<{ text: number; surface: number }> =>
    element.evaluate(element => {
        const luminance = (color: string) => {
            const [r = 0, g = 0, b = 0] = (color.match(/[\d.]+/g) ?? []).map(value => {
                const share = Number(value) / 255;
                return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
            });
            return 0.2126 * r + 0.7152 * g + 0.0722 * b;
        };
        const surface = element.closest('.MuiPaper-root') as HTMLElement;
        return {
            text: luminance(getComputedStyle(element).color),
            surface: luminance(getComputedStyle(surface).backgroundColor),
        };
    });

/** How well they can be told apart: 1 to 21. WCAG 2.2 asks for 4.5. */
const contrast = (one: number, other: number): number => (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);

test('while a save waits, the banner counts down, and goes when it is done; nothing on the page moves', async () => {
    const { page } = await crm.open('/contacts/3');
    await page.getByLabel('Title').fill('Director of Engineering');
    await crm.server.drain(LIMITING);
    await page.waitForLoadState('networkidle'); // the names that the form shows have come
    const shiftsOf = await watchShifts(page);
    await saveButton(page).click();

    await banner(page).waitFor();
    const secondsLeft = async () =>
        Number(
            /^The server is busy\. Your changes will be sent in (\d) s\.$/.exec(
                (await banner(page).textContent()) ?? '',
            )?.[1],
        );
    const atFirst = await secondsLeft();
    expect(atFirst).toBeLessThanOrEqual(4);
    await expect.poll(secondsLeft, PATIENTLY).toBeLessThan(atFirst);
    await announcement(page, /^The server is busy\. Your changes will be sent in \d seconds\.$/).waitFor();
    expect(await shiftsOf()).toBe(0);

    await notification(page, 'Element updated').waitFor();
    await banner(page).waitFor({ state: 'hidden' });
    await announcement(page, 'Your changes are no longer waiting.').waitFor();
});

test('it goes without a trace, too', async () => {
    const { page } = await crm.open('/server-limits');
    await crm.server.setLimits({ rate: 2, burst: 5 });
    await page.getByText('5 of 5 saves left at this moment').waitFor();
    const shiftsOf = await watchShifts(page);

    await page.getByRole('button', { name: 'Save 10 contacts at once' }).click();
    const shown = page.locator('.MuiAlert-root', { hasText: 'The server is busy.' });
    await shown.waitFor();
    await page.getByText('10 saved, 0 failed').waitFor();
    await shown.waitFor({ state: 'hidden' });

    expect(await shiftsOf()).toBe(0);
});

test('it can be read on a phone, in light and in dark colours', async () => {
    const { page } = await crm.open('/contacts/4', page => page.setViewportSize({ width: 375, height: 700 }));
    await page.getByLabel('Title').fill('Head of Purchasing');
    await crm.server.drain(LIMITING);
    await saveButton(page).click();

    const surface = page.locator('.MuiAlert-root').filter({ has: banner(page) });
    await expect.poll(() => surface.evaluate(element => getComputedStyle(element).opacity), PATIENTLY).toBe('1');
    const { x, y, width } = (await surface.boundingBox()) ?? { x: -1, y: -1, width: 0 };
    const appBarBottom = await page.locator('.MuiAppBar-root').evaluate(bar => bar.getBoundingClientRect().bottom);
    expect(x).toBeGreaterThanOrEqual(0);
    expect(x + width).toBeLessThanOrEqual(375);
    expect(y).toBeGreaterThanOrEqual(appBarBottom);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(375);
    const light = await luminancesOf(banner(page));
    await page.emulateMedia({ colorScheme: 'dark' });
    await expect.poll(async () => (await luminancesOf(banner(page))).text, PATIENTLY).toBeGreaterThan(light.text);
    const dark = await luminancesOf(banner(page));
    for (const { text, surface } of [light, dark]) expect(contrast(text, surface)).toBeGreaterThan(4.5);
    expect(dark.surface).toBeLessThan(light.surface);
    await notification(page, 'Element updated').waitFor();
});

test('who needs what it covers closes it on a phone, and goes on where they were', async () => {
    const { page } = await crm.open('/contacts/6', page => page.setViewportSize({ width: 375, height: 700 }));
    await page.getByLabel('Title').fill('Office Manager');
    await crm.server.drain(LIMITING);
    await saveButton(page).click();
    await banner(page).waitFor();
    const firstName = page.getByLabel('First name');
    await firstName.focus();

    await page.getByRole('button', { name: 'Close' }).click();

    await banner(page).waitFor({ state: 'hidden' });
    expect(await firstName.evaluate(input => input === document.activeElement)).toBe(true);
    await notification(page, 'Element updated').waitFor();
    await announcement(page, 'Your changes are no longer waiting.').waitFor();
});

test('the language is switched with the keyboard: the menu, the banner and the errors are in French', async () => {
    const { page } = await crm.open('/contacts/5');
    await tabTo(page, page.getByRole('button', { name: 'English' }));
    await page.keyboard.press('Enter');
    await page.getByRole('menuitem', { name: 'Français' }).waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');

    await page.getByRole('menuitem', { name: 'Limites du serveur' }).waitFor();
    expect(await page.locator('html').getAttribute('lang')).toBe('fr');
    await page.getByLabel('Fonction').fill('Directrice');
    const save = page.getByRole('button', { name: 'Enregistrer', exact: true });
    await crm.server.drain(LIMITING);
    await save.click();
    await expect.poll(() => banner(page).textContent(), PATIENTLY).toMatch(/^Le serveur est occupé\. .* \d\ss\.$/);
    await notification(page, 'Élément mis à jour').waitFor();

    await page.reload(); // the choice stays
    await page.getByRole('link', { name: 'Éditer' }).click();
    await page.getByLabel('Fonction').fill('Directrice générale');
    await crm.server.drain({ rate: 1 / 30, burst: 1 }); // too long to wait for
    await save.click();
    await notification(page, /^Trop de requêtes\. Veuillez réessayer dans (?:29|30)\ssecondes\.$/).waitFor();
});
