import { act } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { createFragileService, refuse, renderDashboard, resetButton } from './support/renderDashboard.js';

vi.mock('ra-core', async importOriginal => {
    const { useCanAccess: _, ...older } = await importOriginal<Record<string, unknown>>();
    return older;
});

test('with a react-admin that has no access control, anybody may reset the circuit', async () => {
    const { service } = renderDashboard({ service: createFragileService() });

    await act(() => refuse(service));

    expect(resetButton()?.disabled).toBe(false);
});
