import { act, screen, waitFor, within } from '@testing-library/react';
import { RateLimitService, rateLimitFetch } from 'ra-rate-limit';
import type { AuthProvider } from 'react-admin';
import { expect, test, vi } from 'vitest';
import { createFragileService, refuse, renderDashboard, resetButton } from './support/renderDashboard.js';

const createAuthProvider = (canAccess?: AuthProvider['canAccess']): AuthProvider => ({
    login: async () => {},
    logout: async () => {},
    checkAuth: async () => {},
    checkError: async () => {},
    ...(canAccess && { canAccess }),
});

async function openService() {
    const service = createFragileService();
    await refuse(service);
    return service;
}

const renderOpen = async (authProvider?: AuthProvider) =>
    renderDashboard({ service: await openService(), ...(authProvider && { authProvider }) });

const inQuestion = async () => within(await screen.findByRole('dialog', { name: 'Reset the circuit?' }));

test('resets the circuit after asking, and tells so', async () => {
    const { service, user } = await renderOpen();

    await user.click(resetButton() as HTMLElement);
    const question = await inQuestion();
    question.getByText(/^It closes, its count of failures goes back to 0/);
    expect(service.getCircuitState().status).toBe('open');
    await user.click(question.getByRole('button', { name: 'Reset the circuit' }));

    expect(service.getCircuitState()).toMatchObject({ status: 'closed', consecutiveFailures: 0 });
    await screen.findByText('The circuit was reset.');
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    screen.getByText('Circuit closed', { selector: '.MuiChip-label' });
    // Who uses the keyboard is where they were, and can go on from there.
    expect(document.activeElement).toBe(resetButton());
    await user.tab();
    expect(resetButton()?.disabled).toBe(true);
});

test('tells so in words where the provider gives back the keys that it does not know', async () => {
    const i18nProvider = { translate: (key: string) => key, changeLocale: async () => {}, getLocale: () => 'en' };
    const { user } = renderDashboard({ service: await openService(), i18nProvider });

    await user.click(resetButton() as HTMLElement);
    await user.click((await inQuestion()).getByRole('button', { name: 'Reset the circuit' }));

    await screen.findByText('The circuit was reset.');
});

test('does nothing when the question is answered with no', async () => {
    const { service, user } = await renderOpen();

    await user.click(resetButton() as HTMLElement);
    await user.click((await inQuestion()).getByRole('button', { name: /cancel/i }));

    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(service.getCircuitState().status).toBe('open');
    expect(screen.queryByText('The circuit was reset.')).toBeNull();
    expect(resetButton()?.disabled).toBe(false);
});

test('cannot be pressed while there is nothing to reset', () => {
    renderDashboard();

    expect(resetButton()?.disabled).toBe(true);
});

test('can be pressed during a pause that the server asked for', async () => {
    const { service } = renderDashboard();
    const refused = new Response(null, { status: 429, headers: { 'Retry-After': '5' } });

    await act(() => rateLimitFetch(service, { fetch: async () => refused })('https://project.example/rest/v1/a'));
    expect(resetButton()?.disabled).toBe(false);

    act(() => service.resetCircuit());
    expect(resetButton()?.disabled).toBe(true);
});

test('can be pressed while calls have failed, before the circuit opens', async () => {
    const { service } = renderDashboard({ service: new RateLimitService({ logger: false, maxRetries: 0 }) });

    await act(() => refuse(service));

    expect(service.getCircuitState()).toMatchObject({ status: 'closed', consecutiveFailures: 1 });
    expect(resetButton()?.disabled).toBe(false);
});

test('can be pressed while the circuit is half-open, and no call has failed', async () => {
    const { service } = renderDashboard({ service: new RateLimitService({ logger: false, maxDelayMs: 100 }) });
    const refused = new Response(null, { status: 429, headers: { 'Retry-After': '1' } });

    await act(() => rateLimitFetch(service, { fetch: async () => refused })('https://project.example/rest/v1/a'));
    await screen.findByText('Circuit half-open', { selector: '.MuiChip-label' });

    expect(service.getSnapshot()).toMatchObject({ status: 'half-open', consecutiveFailures: 0 });
    expect(resetButton()?.disabled).toBe(false);
});

test('is there for those who may', async () => {
    const canAccess = vi.fn(async () => true);
    await renderOpen(createAuthProvider(canAccess));

    await screen.findByRole('button', { name: 'Reset the circuit' });
    expect(canAccess).toHaveBeenCalledWith(expect.objectContaining({ resource: 'rate_limit', action: 'reset' }));
});

test.each([
    ['is not there for those who may not', async () => false],
    ['is not there while that is not known', () => new Promise<boolean>(() => {})],
    ['is not there when that cannot be known', () => Promise.reject(new Error('offline'))],
])('%s', async (_, answer) => {
    const canAccess = vi.fn(answer);
    await renderOpen(createAuthProvider(canAccess));
    await waitFor(() => expect(canAccess).toHaveBeenCalled());
    await act(async () => {});

    expect(resetButton()).toBeNull();
    screen.getByRole('button', { name: 'Export' });
});

test('is there where the app has no access control', async () => {
    await renderOpen(createAuthProvider());

    expect(resetButton()?.disabled).toBe(false);
});
