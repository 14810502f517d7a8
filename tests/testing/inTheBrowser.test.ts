// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react';
import { withRateLimit } from 'ra-rate-limit';
import { getSimulation, simulateRateLimit } from 'ra-rate-limit/testing';
import { createElement } from 'react';
import { AdminContext, Notification, useNotify, useUpdate } from 'react-admin';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createProvider } from '../support/createProvider';

afterEach(() => {
    cleanup();
    vi.restoreAllMocks();
    globalThis.rateLimitSimulation = undefined;
});

describe('the console', () => {
    it('has the handle of the simulation that was made last', async () => {
        simulateRateLimit(createProvider());
        const dataProvider = simulateRateLimit(createProvider());

        expect(globalThis.rateLimitSimulation).toBe(getSimulation(dataProvider));
        expect(globalThis.rateLimitSimulation?.set({ next: 1, retryAfterMs: 5000 })).toMatch(/^Refused with a wait/);

        await expect(dataProvider.create('contacts', { data: {} })).rejects.toThrow('Too Many Requests');
    });
});

const ArchiveButton = () => {
    const notify = useNotify();
    const [update, { isPending }] = useUpdate();
    const archive = () =>
        update(
            'contacts',
            { id: 1, data: { archived: true }, previousData: { id: 1 } },
            {
                onSuccess: () => notify('Archived', { type: 'success' }),
                onError: error => notify((error as Error).message, { type: 'error' }),
            },
        );
    return createElement('button', { type: 'button', disabled: isPending, onClick: () => archive() }, 'Archive');
};

describe('a screen of react-admin', () => {
    function renderButton() {
        const provider = createProvider();
        const dataProvider = withRateLimit(simulateRateLimit(provider), { initialDelayMs: 1, logger: false });
        render(
            createElement(AdminContext, { dataProvider }, createElement(ArchiveButton), createElement(Notification)),
        );
        const button = screen.getByRole<HTMLButtonElement>('button', { name: 'Archive' });
        return { provider, button, simulation: globalThis.rateLimitSimulation };
    }

    it('saves in spite of two refusals', async () => {
        const { provider, button, simulation } = renderButton();
        simulation?.set({ next: 2 });

        fireEvent.click(button);

        expect(await screen.findByText('Archived')).toBeTruthy();
        expect(provider.update).toHaveBeenCalledTimes(1);
        expect(simulation).toMatchObject({ refused: 2, passed: 1 });
    });

    it('says so when the server goes on refusing, and saves once it has recovered', async () => {
        vi.spyOn(console, 'error').mockImplementation(() => {}); // react-admin logs what a mutation rejects with
        const { provider, button, simulation } = renderButton();
        simulation?.set({ share: 1 });

        fireEvent.click(button);
        expect(await screen.findByText(/temporarily overloaded/)).toBeTruthy();
        expect(provider.update).not.toHaveBeenCalled();

        simulation?.stop();
        await waitFor(() => expect(button.disabled).toBe(false));
        fireEvent.click(button);
        expect(await screen.findByText('Archived')).toBeTruthy();
    });
});
