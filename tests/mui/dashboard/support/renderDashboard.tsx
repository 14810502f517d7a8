import { configure, render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { HttpError } from 'ra-core';
import { RateLimitService, withRateLimit } from 'ra-rate-limit';
import { RateLimitDashboard, type RateLimitDashboardProps } from 'ra-rate-limit/mui';
import { AdminContext, type AdminContextProps, defaultI18nProvider, Notification, testDataProvider } from 'react-admin';
import { onTestFinished } from 'vitest';

// The chart is fetched when it is first shown.
configure({ asyncUtilTimeout: 10_000 });

interface DashboardOptions
    extends RateLimitDashboardProps,
        Pick<AdminContextProps, 'authProvider' | 'i18nProvider' | 'theme'> {
    service?: RateLimitService;
}

/** Shows the page as an admin does: below a bar for its title, with notifications. */
export function renderDashboard({
    service = new RateLimitService({ logger: false }),
    authProvider,
    i18nProvider = defaultI18nProvider,
    theme,
    ...props
}: DashboardOptions = {}) {
    const dataProvider = withRateLimit(testDataProvider(), { service });
    const view = render(
        <AdminContext
            dataProvider={dataProvider}
            {...(authProvider && { authProvider })}
            i18nProvider={i18nProvider}
            {...(theme && { theme })}
        >
            <div id="react-admin-title" data-testid="bar" />
            <RateLimitDashboard {...props} />
            <Notification />
        </AdminContext>,
    );
    onTestFinished(() => {
        view.unmount();
        sessionStorage.clear();
    });
    return { service, user: userEvent.setup(), unmount: view.unmount, container: view.container };
}

/** One refusal is enough to open its circuit. */
export const createFragileService = (circuitResetMs = 60_000) =>
    new RateLimitService({ logger: false, maxRetries: 0, circuitBreakerThreshold: 1, circuitResetMs });

export const names = { resourceName: 'contacts', operation: 'create' };

export const succeed = (service: RateLimitService) => service.executeWithRetry(async () => 'saved', names);

/** A call that is refused at each try. */
export const refuse = (service: RateLimitService, error = new HttpError('Too Many Requests', 429)) =>
    service.executeWithRetry(() => Promise.reject(error), names).catch(() => {});

/** The totals, by their labels. */
export function totals(): Record<string, string | null | undefined> {
    const terms = screen.getAllByRole('term');
    return Object.fromEntries(terms.map(term => [term.textContent, term.nextElementSibling?.textContent]));
}

/** The rows of the table of events, as texts. */
export const eventRows = () =>
    within(screen.getByRole('table', { name: 'The last 100 events' }))
        .getAllByRole('row')
        .slice(1)
        .map(row => [...row.children].map(cell => cell.textContent));

export const resetButton = () =>
    screen.queryByRole('button', { name: 'Reset the circuit' }) as HTMLButtonElement | null;
