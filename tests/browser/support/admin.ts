import type { Locator, Page } from 'playwright-core';

/** The parts of the admin that the tests use, found as a person would. */

export const saveButton = (page: Page): Locator => page.getByRole('button', { name: 'Save', exact: true });

/** What interrupts a person. */
export const alerts = (page: Page): Locator => page.getByRole('alert');

/** A notification that says exactly this. */
export const notification = (page: Page, text: string | RegExp): Locator =>
    alerts(page).filter({ has: page.getByText(text, { exact: true }) });

/** The banner that counts down, above every page. */
export const banner = (page: Page): Locator => page.getByRole('timer');

/** The banner of an open circuit. */
export const circuitNotice = (page: Page): Locator => banner(page).filter({ hasText: 'You can save again in' });

/** What screen readers are told without being asked. */
export const announcement = (page: Page, text: string | RegExp): Locator =>
    page.getByRole('status').filter({ hasText: text });

/** The state of the circuit on the page "Server limits". */
export const circuit = (page: Page, label: 'Closed' | 'Open' | 'Half-open' | 'Off'): Locator =>
    page.getByText(`Circuit: ${label}`, { exact: true });

/** A number under its name, on the pages "Server limits" and "Rate limit". */
export const fact = (page: Page, name: string): Locator => page.locator(`dt:text-is("${name}") + dd`);

export const countOf = async (page: Page, name: string): Promise<number> =>
    Number(await fact(page, name).textContent());

/** Goes to a page through the menu: a new load would forget the state of the circuit. */
export const goTo = (page: Page, name: string): Promise<void> => page.getByRole('menuitem', { name }).click();

/** Presses Tab until this has the focus. */
export async function tabTo(page: Page, target: Locator): Promise<void> {
    await target.waitFor();
    for (let presses = 0; presses < 60; presses++) {
        if (await target.evaluate(element => element === document.activeElement)) return;
        await page.keyboard.press('Tab');
    }
    throw new Error(`60 presses of Tab do not lead to ${target}`);
}
