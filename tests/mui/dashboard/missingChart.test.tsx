import { act, screen } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { createFragileService, eventRows, refuse, renderDashboard } from './support/renderDashboard.js';

vi.mock('../../../src/mui/dashboard/HistoryChart.js', () => {
    throw new TypeError('Failed to fetch dynamically imported module');
});

test('where the chart cannot be fetched, the rest of the page is there all the same', async () => {
    const { service } = renderDashboard({ service: createFragileService() });

    await act(() => refuse(service));

    await screen.findByText('The chart could not be loaded. Reload the page to try again.');
    screen.getByText('Refused (429): 1');
    expect(eventRows()).toHaveLength(2);
});
