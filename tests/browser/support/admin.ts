import type { Locator, Page } from 'playwright-core';

/** The parts of the admin that the tests use, found as a person would. */

export const saveButton = (page: Page): Locator => page.getByRole('button', { name: 'Save', exact: true });

/** What interrupts a person: notifications, and the notice of an open circuit. */
export const alerts = (page: Page): Locator => page.getByRole('alert');

/** A notification that says exactly this. */
export const notification = (page: Page, text: string): Locator =>
    alerts(page).filter({ has: page.getByText(text, { exact: true }) });

/** Above every page while the circuit is open. */
export const circuitNotice = (page: Page): Locator => alerts(page).filter({ hasText: 'You can save again in' });

/** The state of the circuit on the page "Server limits". */
export const circuit = (page: Page, label: 'Closed' | 'Open' | 'Half-open'): Locator =>
    page.getByText(label, { exact: true });

/** Goes to a page through the menu: a new load would forget the state of the circuit. */
export const goTo = (page: Page, name: string): Promise<void> => page.getByRole('menuitem', { name }).click();
