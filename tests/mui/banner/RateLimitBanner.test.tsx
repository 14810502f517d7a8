import { Dialog } from '@mui/material';
import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import polyglotI18nProvider from 'ra-i18n-polyglot';
import raEnglishMessages from 'ra-language-english';
import { englishMessages } from 'ra-rate-limit/i18n';
import { RateLimitBanner, RateLimitBannerClasses } from 'ra-rate-limit/mui';
import {
    CoreAdminContext,
    mergeTranslations,
    type RaThemeOptions,
    type TranslationMessages,
    testDataProvider,
} from 'react-admin';
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { advance, announced, banner, renderBanner, shownText } from './support/renderBanner.js';

beforeEach(() => {
    vi.useFakeTimers({ now: Date.UTC(2026, 0, 1) });
});

afterEach(() => {
    cleanup();
    vi.useRealTimers();
});

const BUSY = 'The server is busy. Your changes will be sent as soon as possible.';
const busyFor = (time: string) => `The server is busy. Your changes will be sent in ${time}.`;
const openFor = (time: string) => `Too many requests. You can save again in ${time}.`;

/** The circuit opens with the first refusal, for a minute. */
const FRAGILE = { maxRetries: 0, circuitBreakerThreshold: 1 };

test('nothing is shown or said while the server accepts everything', async () => {
    const { save } = renderBanner();

    await save('accept');
    await advance(2_000);

    expect(shownText()).toBeNull();
    expect(announced()).toBe('');
});

test('a change that waits for a known time is told at once, with a countdown', async () => {
    const { save } = renderBanner();

    await save(8);
    await advance(0);

    expect(shownText()).toBe(busyFor('8 s'));
    expect([...(banner()?.classList ?? [])]).toEqual(
        expect.arrayContaining([RateLimitBannerClasses.waiting, 'MuiAlert-colorInfo']),
    );
    await advance(1_000);
    expect(shownText()).toBe(busyFor('7 s'));
    await advance(6_000);
    expect(shownText()).toBe(busyFor('1 s'));
});

test('the banner stays a moment after the wait, fades and is gone', async () => {
    const { save } = renderBanner();
    await save(3);

    await advance(3_000);
    expect(shownText()).toBe(busyFor('1 s'));
    await advance(499);
    expect(banner()?.style.opacity).toBe('1');
    await advance(1);
    expect(banner()?.style.opacity).toBe('0');
    await advance(300);

    expect(shownText()).toBeNull();
});

test('the backoffs of a save that is refused a few times do not show', async () => {
    const { save } = renderBanner({ options: { jitterFactor: 0.2 } });
    const seen = new Set<string | null>();

    await save('refuse', 'refuse', 'refuse');
    for (let step = 0; step < 100; step++) {
        await advance(10);
        seen.add(shownText());
    }

    expect([...seen]).toEqual([null]);
});

test('a wait of unknown length is told once it has lasted half a second', async () => {
    const { save } = renderBanner({ options: { initialDelayMs: 3_000 } });
    await save('refuse');

    await advance(499);
    expect(shownText()).toBeNull();
    await advance(1);
    expect(shownText()).toBe(BUSY);
    expect(screen.queryByRole('timer')).toBeNull();
    await advance(3_000 + 300);

    expect(shownText()).toBeNull();
});

test('a known wait of a second shows no earlier than an unknown one', async () => {
    const { save } = renderBanner();
    await save(1);

    await advance(499);
    expect(shownText()).toBeNull();
    await advance(1);
    expect(shownText()).toBe(busyFor('1 s'));
});

test('it does not flicker when a change is refused again, and says so once', async () => {
    const { save } = renderBanner();
    const said = new Set<string | undefined>();
    await save(2, 3, 2);
    await advance(0);

    for (let step = 0; step < 70; step++) {
        expect(banner()?.style.opacity).not.toBe('0');
        said.add(announced());
        await advance(100);
    }

    expect([...said]).toEqual([busyFor('2 seconds')]);
});

test('while the circuit is open it says when one can save again', async () => {
    const { save } = renderBanner({ options: FRAGILE });

    await save('refuse');
    await advance(0);

    expect(shownText()).toBe(openFor('60 s'));
    expect([...(banner()?.classList ?? [])]).toEqual(
        expect.arrayContaining([RateLimitBannerClasses.open, 'MuiAlert-colorWarning']),
    );
    await advance(18_000);
    expect(shownText()).toBe(openFor('42 s'));
    await advance(42_000 + 500 + 300);
    expect(shownText()).toBeNull();
});

test('a half-open circuit shows nothing while nobody waits', async () => {
    const { save, service } = renderBanner({ options: FRAGILE });
    await save('refuse');

    await advance(61_000);

    expect(service.getSnapshot().status).toBe('half-open');
    expect(shownText()).toBeNull();
});

test('who waits for the outcome of the probe is told so', async () => {
    const { save, service } = renderBanner({ options: FRAGILE });
    await save('refuse');
    await advance(61_000);

    const probe = service.executeWithRetry(() => new Promise<void>(resolve => setTimeout(resolve, 2_000)));
    await save('accept');
    await advance(500);
    expect(service.getSnapshot().status).toBe('half-open');
    expect(shownText()).toBe(BUSY);

    await advance(2_500);
    await probe;
    expect(shownText()).toBeNull();
});

test('a reset by hand ends the banner', async () => {
    const { save, service } = renderBanner({ options: FRAGILE });
    await save('refuse');
    await advance(0);

    service.resetCircuit();
    await advance(800);

    expect(shownText()).toBeNull();
});

test.each([
    ['bulk work', 'importRows', { waiting: 2, waitingBulk: 2 }],
    ['a list', 'read', { waiting: 1, waitingReads: 1 }],
] as const)('%s that waits shows nothing: nobody has changed anything', async (_, begin, waiting) => {
    const { service, [begin]: start } = renderBanner();

    await start(8);
    await advance(2_000);

    expect(service.getSnapshot()).toMatchObject(waiting);
    expect(shownText()).toBeNull();
    expect(announced()).toBe('');
});

test('a change that waits beside bulk work shows', async () => {
    const { importRows, save } = renderBanner();
    await importRows(8);
    await advance(2_000);

    await save('accept');
    await advance(0);

    expect(shownText()).toBe(busyFor('6 s'));
});

test('a screen reader is told once, in words, and not each second', async () => {
    const { save } = renderBanner();
    await save(8);
    await advance(0);
    expect(announced()).toBe(busyFor('8 seconds'));

    await advance(5_000);

    expect(shownText()).toBe(busyFor('3 s'));
    expect(announced()).toBe(busyFor('8 seconds'));
});

test('what is seen is no live region', async () => {
    const { save } = renderBanner();
    await save(8);
    await advance(0);

    expect(screen.queryByRole('alert')).toBeNull();
    expect(screen.getByRole('timer').getAttribute('aria-live')).toBe('off');
    expect(screen.getByRole('timer').textContent).toBe(busyFor('8 s'));
    expect(screen.getAllByRole('status')).toHaveLength(1);
});

test('a screen reader is told that the wait is over', async () => {
    const { save } = renderBanner();
    await save(8);
    await advance(8_000);
    expect(announced()).toBe(busyFor('8 seconds'));

    await advance(500);

    expect(announced()).toBe('Your changes are no longer waiting.');
});

test('a screen reader hears nothing of the end of a wait that was too short to be told', async () => {
    const { save } = renderBanner({ options: { initialDelayMs: 300 } });

    await save('refuse');
    await advance(2_000);

    expect(announced()).toBe('');
});

test('a screen reader hears of an open circuit, that it stays open for longer, and that one can save again', async () => {
    const { save } = renderBanner({ options: FRAGILE });
    await save('refuse');
    await advance(0);
    expect(announced()).toBe(openFor('60 seconds'));

    await advance(60_000);
    await save(90);
    expect(announced()).toBe(openFor('90 seconds'));

    await advance(90_500);
    expect(announced()).toBe('You can save again.');
});

test('changes that waited in vain end in the news of the open circuit', async () => {
    const { save } = renderBanner({ options: { ...FRAGILE, maxRetries: 1 } });
    await save(8, 'refuse');
    await advance(7_000);
    expect(announced()).toBe(busyFor('8 seconds'));

    await advance(1_000);

    expect(shownText()).toBe(openFor('60 s'));
    expect(announced()).toBe(openFor('60 seconds'));
});

test('screen readers are told beside a dialog as well', async () => {
    const { save } = renderBanner();
    render(<Dialog open>Import</Dialog>);

    await advance(0);
    const status = screen.getByRole('status'); // not found where it is hidden
    await save(8);
    await advance(0);

    expect(status.textContent).toBe(busyFor('8 seconds'));
    expect(status.parentElement).toBe(document.body);
});

test('it lies above dialogs, and does not take their clicks', async () => {
    const { save } = renderBanner();
    await save(8);
    await advance(0);

    const { position, zIndex, pointerEvents } = getComputedStyle(banner() as HTMLElement);
    expect({ position, zIndex, pointerEvents }).toEqual({ position: 'fixed', zIndex: '1400', pointerEvents: 'none' });
    expect(banner()?.parentElement).toBe(document.body);
});

const closeBanner = () => fireEvent.click(screen.getByRole('button', { name: 'Close' }));

test('who needs what it covers closes it; the next change that waits is told again', async () => {
    const { save } = renderBanner();
    await save(8);
    await advance(1_000);

    closeBanner();
    await advance(1_000);
    expect(shownText()).toBeNull();
    await advance(7_000);
    expect(announced()).toBe('Your changes are no longer waiting.');

    await save(8);
    await advance(0);
    expect(shownText()).toBe(busyFor('8 s'));
});

test('closed while changes wait, it still tells that the circuit has opened, and that only once', async () => {
    const { save } = renderBanner({ options: { ...FRAGILE, maxRetries: 1 } });
    await save(8, 'refuse');
    await advance(1_000);
    closeBanner();
    await advance(7_000);
    expect(shownText()).toBe(openFor('60 s'));

    closeBanner();
    await advance(30_000);

    expect(shownText()).toBeNull();
});

test('closed, it comes back when the circuit opens again', async () => {
    const { save } = renderBanner({ options: FRAGILE });
    await save('refuse');
    await advance(0);
    closeBanner();
    await advance(60_000);
    expect(shownText()).toBeNull();

    await save('refuse');
    await advance(0);

    expect(shownText()).toBe(openFor('60 s'));
});

test.each([
    ['closes it', () => closeBanner()],
    ['lets it go by itself', () => {}],
])('who %s with the keyboard on its button is back where they were', async (_, act) => {
    const { save } = renderBanner();
    const input = document.body.appendChild(document.createElement('input'));
    onTestFinished(() => input.remove());
    input.focus();
    await save(3);
    await advance(0);
    screen.getByRole('button', { name: 'Close' }).focus();

    act();
    await advance(5_000);

    expect(shownText()).toBeNull();
    expect(document.activeElement).toBe(input);
});

test('who is elsewhere on the page stays there when it goes', async () => {
    const { save } = renderBanner();
    const [input, other] = [document.createElement('input'), document.createElement('input')];
    document.body.append(input, other);
    onTestFinished(() => document.body.replaceChildren());
    input.focus();
    await save(3);
    await advance(0);
    screen.getByRole('button', { name: 'Close' }).focus();
    other.focus();

    await advance(5_000);

    expect(document.activeElement).toBe(other);
});

test('its button takes clicks, and not the focus of who fills in a form', async () => {
    const { save } = renderBanner();
    await save(8);
    await advance(0);
    const button = screen.getByRole('button', { name: 'Close' });

    expect(getComputedStyle(button.parentElement as HTMLElement).pointerEvents).toBe('auto');
    expect(fireEvent.mouseDown(button)).toBe(false);
});

test('the theme restyles it as it does the components of react-admin', async () => {
    const theme: RaThemeOptions = {
        components: {
            RaRateLimitBanner: {
                defaultProps: { className: 'from-the-theme' },
                styleOverrides: { root: { maxWidth: 321, '&.RaRateLimitBanner-waiting': { textAlign: 'center' } } },
                variants: [{ props: {}, style: { letterSpacing: 3 } }],
            },
        },
    };
    const { save } = renderBanner({ theme });
    await save(8);
    await advance(0);

    const { maxWidth, textAlign, letterSpacing } = getComputedStyle(banner() as HTMLElement);
    expect({ maxWidth, textAlign, letterSpacing }).toEqual({
        maxWidth: '321px',
        textAlign: 'center',
        letterSpacing: '3px',
    });
    expect(banner()?.classList).toContain('from-the-theme');
});

test.each([
    ['the app', raEnglishMessages],
    ['the app, which falls back to English by itself,', mergeTranslations(raEnglishMessages, englishMessages)],
])('what is announced is English from end to end where %s has no text in its language', async (_, messages) => {
    const { save } = renderBanner({ i18nProvider: polyglotI18nProvider(() => messages, 'de') });

    await save(8);
    await advance(0);

    expect(announced()).toBe(busyFor('8 seconds'));
});

test('className and sx are those of the banner', async () => {
    const { save } = renderBanner({ className: 'mine', sx: { maxWidth: 123 } });
    await save(8);
    await advance(0);

    expect(banner()?.classList).toContain('mine');
    expect(getComputedStyle(banner() as HTMLElement).maxWidth).toBe('123px');
});

test('it speaks the language of the app, and English where that has no text', async () => {
    const messages = {
        'ra-rate-limit': { banner: { busyFor: 'Le serveur est occupé. Envoi dans %{time}.' } },
    };
    const i18nProvider = polyglotI18nProvider(() => messages as unknown as TranslationMessages, 'fr');
    const { save, service } = renderBanner({ i18nProvider, options: { ...FRAGILE, maxRetries: 1 } });
    await save(8, 'refuse');
    await advance(0);
    expect(shownText()).toBe('Le serveur est occupé. Envoi dans 8 s.');
    expect(announced()).toBe('Le serveur est occupé. Envoi dans 8\u00a0secondes.');

    await advance(8_000);

    expect(service.getSnapshot().isOpen).toBe(true);
    expect(shownText()).toBe(openFor('60 s'));
});

test.each([
    ['react-admin has no i18nProvider', (key: string) => key],
    [
        'an i18nProvider does not fill in what stands in our texts',
        (_: string, options?: { _?: string }) => options?._ ?? '',
    ],
])('it speaks English where %s', async (_, translate) => {
    const i18nProvider = { translate, changeLocale: async () => {}, getLocale: () => 'en' };
    const { save } = renderBanner({ i18nProvider, options: { ...FRAGILE, maxRetries: 0 } });

    await save('refuse');
    await advance(0);

    expect(shownText()).toBe(openFor('60 s'));
});

test('its English texts are part of the messages that apps can start from', () => {
    expect(englishMessages['ra-rate-limit'].banner.busy).toBe(BUSY);
});

test.each([
    ['before it shows', 1, 200],
    ['while it counts', 8, 1_500],
    ['while it lingers', 2, 2_200],
])('unmounted %s, it leaves no timer and nothing on the page', async (_, seconds, elapsedMs) => {
    const { save, service, unmount } = renderBanner();
    await save(seconds);
    await advance(elapsedMs);
    const before = vi.getTimerCount();

    unmount();

    expect(before).toBeGreaterThan(0);
    service.dispose();
    expect(vi.getTimerCount()).toBe(0);
    expect(banner()).toBeNull();
    expect(announced()).toBeUndefined();
});

test('without a service it says what is missing', () => {
    vi.spyOn(console, 'error').mockImplementation(() => {});

    render(
        <CoreAdminContext dataProvider={testDataProvider()}>
            <RateLimitBanner />
        </CoreAdminContext>,
    );

    screen.getByRole('heading', { name: /no rate limit service found.*withRateLimit/ });
    vi.restoreAllMocks();
});
