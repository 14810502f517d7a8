import { act, screen, waitFor, within } from '@testing-library/react';
import { HttpError } from 'ra-core';
import polyglotI18nProvider from 'ra-i18n-polyglot';
import { RateLimitService, rateLimitFetch, runBulk } from 'ra-rate-limit';
import { RateLimitDashboardClasses as classes } from 'ra-rate-limit/mui';
import { expect, onTestFinished, test, vi } from 'vitest';
import {
    createFragileService,
    eventRows,
    names,
    refuse,
    renderDashboard,
    succeed,
    totals,
} from './support/renderDashboard.js';

const state = () => screen.getByRole('status').textContent;

test('a service that has done nothing yet: a closed circuit, zeroes, and no chart and no table', () => {
    renderDashboard();

    expect(screen.getByTestId('bar').textContent).toBe('Rate limit');
    screen.getByRole('heading', { level: 1, name: 'Rate limit' });
    expect(state()).toBe('Circuit closed');
    screen.getByText('Calls go through.');
    expect(totals()).toEqual({
        Calls: '0',
        'Sent again': '0',
        'Refused (429)': '0',
        'Given up': '0',
        'Turned away': '0',
        'Waiting now': '0',
    });
    screen.getByText('No calls in the last hour.');
    screen.getByText('No events yet. Calls that succeed at once are none.');
    expect(screen.queryByRole('table')).toBeNull();
});

test('the totals follow the calls, those of which nothing is told included', async () => {
    const { service } = renderDashboard({
        service: new RateLimitService({ logger: false, maxRetries: 1, initialDelayMs: 0 }),
    });

    await act(async () => {
        for (let count = 0; count < 3; count++) await succeed(service);
        await refuse(service);
    });
    await waitFor(() =>
        expect(totals()).toMatchObject({ Calls: '4', 'Sent again': '1', 'Refused (429)': '2', 'Given up': '1' }),
    );

    await refuse(service, new HttpError('Conflict', 409));
    await waitFor(() => expect(totals()).toMatchObject({ Calls: '5' }));
});

test('an open circuit is told in a word, and how long it stays open', async () => {
    const { service } = renderDashboard({ service: createFragileService(90_000) });

    await act(() => refuse(service));

    expect(state()).toBe('Circuit open');
    screen.getByText(/^The server is overloaded\. Calls are turned away for another (90|89) s\.$/);
    await act(() => refuse(service));
    await waitFor(() => expect(totals()).toMatchObject({ 'Given up': '1', 'Turned away': '1' }));
});

test('when the open period is over it is half-open, and closed after the first answer', async () => {
    const { service } = renderDashboard({ service: createFragileService(50) });

    await act(() => refuse(service));
    await waitFor(() => expect(state()).toBe('Circuit half-open'));
    screen.getByText(/^The next call is a probe\./);

    await act(async () => void (await succeed(service)));
    expect(state()).toBe('Circuit closed');
});

test('failures of a circuit that is still closed are told', async () => {
    const { service } = renderDashboard({ service: new RateLimitService({ logger: false, maxRetries: 0 }) });

    await act(() => refuse(service));
    await act(() => refuse(service));

    expect(state()).toBe('Circuit closed');
    screen.getByText('Calls go through. Failures in a row: 2.');
});

test('a pause that the server asked for is told, and who waits', async () => {
    const { service } = renderDashboard();
    const refused = new Response(null, { status: 429, headers: { 'Retry-After': '9' } });
    await act(() =>
        rateLimitFetch(service, { fetch: async () => refused })('https://project.example/rest/v1/contacts'),
    );
    screen.getByText(/^The server asked for a pause\. Calls go on in [89] s\.$/);

    const bulk = runBulk(['a', 'b', 'c'], () => Promise.resolve(), { service, concurrency: 3 });
    const call = succeed(service);
    await waitFor(() => expect(totals()['Waiting now']).toBe('4'));
    screen.getByText('Of which bulk: 3');

    act(() => service.dispose());
    await Promise.allSettled([bulk, call]);
});

test('the last hour is a chart, with the sums of the hour beside it', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: new Date(2026, 0, 1, 12, 0, 30) });
    onTestFinished(() => void vi.useRealTimers());
    const minute = { calls: 0, retries: 0, rateLimited: 0, exhausted: 0, rejected: 0 };
    store({
        minutes: [
            {
                ...minute,
                at: new Date(2026, 0, 1, 11, 2).getTime(),
                calls: 1200,
                rateLimited: 3,
                exhausted: 1,
                rejected: 2,
            },
            { ...minute, at: new Date(2026, 0, 1, 11, 45).getTime(), calls: 4 },
        ],
    });
    const { user } = renderDashboard();

    const hour = within(screen.getByRole('region', { name: 'The last hour' }));
    const legend = hour.getAllByRole('listitem').map(({ textContent }) => textContent);
    expect(legend).toEqual(['Calls: 1,204', 'Sent again: 0', 'Refused (429): 3', 'Failed: 3']);

    const chart = await hour.findByRole('application', { name: /^The last hour by the minute/ });
    const bars = [...chart.querySelectorAll('.recharts-bar-rectangle path')].map(bar => bar.getAttribute('fill'));
    const colors = ['calls', 'calls', 'rateLimited', 'failures'].map(name => `var(--RaRateLimitDashboard-${name})`);
    expect(bars).toEqual(colors);
    const ticks = [...chart.querySelectorAll('.recharts-xAxis-tick-labels text')].map(({ textContent }) => textContent);
    expect(ticks).toEqual(['11:10 AM', '11:20 AM', '11:30 AM', '11:40 AM', '11:50 AM', '12:00 PM']);
    const heights = [...chart.querySelectorAll('.recharts-yAxis-tick-labels text')].map(
        ({ textContent }) => textContent,
    );
    expect(heights).toEqual(['400', '0', '400', '800', '1,200']);

    chart.focus();
    await user.keyboard('{ArrowRight}');
    const tooltip = chart.parentElement?.querySelector(`.${classes.tooltip}`);
    expect([...(tooltip?.children ?? [])].map(({ textContent }) => textContent)).toEqual([
        '11:02 AM',
        'Calls: 1,200',
        'Sent again: 0',
        'Refused (429): 3',
        'Failed: 3',
    ]);
});

test('the last events are a table, the newest first', async () => {
    const { service } = renderDashboard({
        service: new RateLimitService({
            logger: false,
            maxRetries: 1,
            initialDelayMs: 20,
            jitterFactor: 0,
            circuitBreakerThreshold: 1,
        }),
    });

    await act(() => refuse(service));
    await act(() => refuse(service));

    await screen.findByRole('table');
    const rows = eventRows();
    expect(rows.map(([, ...cells]) => cells)).toEqual([
        ['Turned away', 'contacts', 'create', '0', '0 ms'],
        ['Given up', 'contacts', 'create', '2', expect.stringMatching(/^[\d.]+ m?s$/)],
        ['Circuit opened', '', '', '', '60 s'],
        ['Refused, sent again', 'contacts', 'create', '1 of 2', '20 ms'],
    ]);
    expect(rows[0]?.[0]).toMatch(/^\d{1,2}:\d\d:\d\d [AP]M$/);
    expect(screen.getAllByRole('columnheader').map(({ textContent }) => textContent)).toEqual([
        'Time',
        'Event',
        'Resource',
        'Operation',
        'Try',
        'Wait',
    ]);
});

/** What an earlier page left. */
const store = (history: object, key = 'ra-rate-limit.history') => sessionStorage.setItem(key, JSON.stringify(history));

test('the history of before a reload is shown, waits in fitting units, days that are over with their date', () => {
    const at = Date.now() - 50 * 3_600_000;
    store({
        events: [
            { at, type: 'halfOpen' },
            { at: at + 1, type: 'pause', until: at + 600_001 },
            { at: at + 2, type: 'retry', operation: 'close_month', attempt: 2, delayMs: 1240 },
            { at: at + 3, type: 'close' },
        ],
    });
    renderDashboard();

    expect(eventRows().map(([, ...cells]) => cells)).toEqual([
        ['Circuit closed', '', '', '', ''],
        ['Refused, sent again', '', 'close_month', '2', '1.2 s'],
        ['Pause asked for', '', '', '', '10 min'],
        ['Circuit half-open', '', '', '', ''],
    ]);
    expect(eventRows()[0]?.[0]).toBe(new Date(at + 3).toLocaleString('en'));
});

test('the history of its storage key is shown', () => {
    store({ events: [{ at: Date.now() - 1000, type: 'close' }] }, 'billing');
    renderDashboard({ storageKey: 'billing' });

    expect(eventRows()).toHaveLength(1);
});

test('the table can be scrolled with the keyboard', () => {
    store({ events: [{ at: Date.now() - 1000, type: 'close' }] });
    renderDashboard();

    const scrolled = screen.getByRole('table').parentElement;
    expect(scrolled?.tabIndex).toBe(0);
    expect(scrolled?.getAttribute('role')).toBe('region');
});

test('all texts, numbers and times are those of the language', async () => {
    const messages = {
        'ra-rate-limit': {
            dashboard: { title: 'Limite', calls: 'Appels', legend: '%{name} : %{count}', time: 'Heure' },
        },
    };
    const i18nProvider = polyglotI18nProvider(() => messages as never, 'fr', [{ locale: 'fr', name: 'Français' }], {
        allowMissing: true,
    });
    store({
        minutes: [
            {
                at: Math.floor(Date.now() / 60_000) * 60_000 - 600_000,
                calls: 1234,
                retries: 0,
                rateLimited: 0,
                exhausted: 0,
                rejected: 0,
            },
        ],
        events: [{ at: Date.now() - 1, type: 'retry', delayMs: 1500 }],
    });
    renderDashboard({ i18nProvider });

    screen.getByRole('heading', { level: 1, name: 'Limite' });
    screen.getByText(/^Appels : 1\s234$/);
    screen.getByRole('columnheader', { name: 'Heure' });
    screen.getByRole('columnheader', { name: 'Event' });
    expect(eventRows()[0]?.[0]).toMatch(/^\d\d:\d\d:\d\d$/);
    expect(eventRows()[0]?.[5]).toBe('1,5 s');
    const chart = await screen.findByRole('application');
    const ticks = [...chart.querySelectorAll('.recharts-xAxis-tick-labels text')].map(({ textContent }) => textContent);
    expect(ticks.length).toBeGreaterThan(2);
    for (const tick of ticks) expect(tick).toMatch(/^\d?\d:\d0$/);
});

test('it is restyled as the components of react-admin are', () => {
    const { container } = renderDashboard({
        className: 'mine',
        sx: { opacity: 0.5 },
        theme: {
            components: {
                RaRateLimitDashboard: {
                    defaultProps: { title: 'Server load' },
                    styleOverrides: { root: { [`& .${classes.total}`]: { padding: 3 } } },
                },
            },
        },
    });

    const root = container.querySelector('.mine') as Element;
    expect(getComputedStyle(root).opacity).toBe('0.5');
    expect(getComputedStyle(root.querySelector(`.${classes.total}`) as Element).padding).toBe('3px');
    screen.getByRole('heading', { level: 1, name: 'Server load' });
    expect(screen.getByTestId('bar').textContent).toBe('Server load');
});

test('after it is closed, nothing of it goes on', async () => {
    const timers = new Set<unknown>();
    const { setInterval, clearInterval } = globalThis;
    vi.stubGlobal('setInterval', (...args: Parameters<typeof setInterval>) => {
        const timer = setInterval(...args);
        if (args[1] === 1000) timers.add(timer);
        return timer;
    });
    vi.stubGlobal('clearInterval', (timer: Parameters<typeof clearInterval>[0]) => {
        timers.delete(timer);
        clearInterval(timer);
    });
    onTestFinished(() => void vi.unstubAllGlobals());
    const { service, unmount } = renderDashboard();
    expect(timers.size).toBe(1);

    unmount();
    await service.executeWithRetry(async () => 'saved', names);

    expect(timers.size).toBe(0);
});
