import { act, screen } from '@testing-library/react';
import { HttpError } from 'ra-core';
import { RateLimitService, runBulk } from 'ra-rate-limit';
import { expect, test, vi } from 'vitest';
import { renderDashboard, succeed } from './support/renderDashboard.js';

test('exports what is shown as JSON: numbers and names, no errors, nothing of a record', async () => {
    const blobs: Blob[] = [];
    URL.createObjectURL = blob => `blob:${blobs.push(blob as Blob)}`;
    const click = vi.spyOn(HTMLAnchorElement.prototype, 'click').mockReturnValue();
    const service = new RateLimitService({
        logger: false,
        maxRetries: 1,
        initialDelayMs: 0,
        circuitBreakerThreshold: 1,
    });
    const { user } = renderDashboard({ service });
    const error = new HttpError('canary: message', 429, { details: 'canary: body' });
    let refusals = 0;
    const refuseOnce = () => (refusals++ === 0 ? Promise.reject(error) : Promise.resolve({ data: 'canary: answer' }));
    await act(async () => {
        await runBulk([{ name: 'canary: row' }], refuseOnce, { service });
        await succeed(service);
        const call = () => Promise.reject(error);
        await service.executeWithRetry(call, { resourceName: 'contacts', operation: 'create' }).catch(() => {});
    });
    await screen.findByText('Given up', { selector: 'td' });

    await user.click(screen.getByRole('button', { name: 'Export' }));

    const text = (await blobs[0]?.text()) as string;
    const exported = JSON.parse(text);
    const name = `rate-limit-${exported.exportedAt.slice(0, 19).replaceAll(':', '-')}.json`;
    expect((click.mock.contexts[0] as HTMLAnchorElement).download).toBe(name);
    expect(name).toMatch(/^rate-limit-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.json$/);
    expect(Math.abs(Date.parse(exported.exportedAt) - Date.now())).toBeLessThan(10_000);
    expect(Object.keys(exported)).toEqual(['exportedAt', 'circuit', 'stats', 'minutes', 'events']);
    expect(exported.circuit).toMatchObject({ status: 'open', isOpen: true, consecutiveFailures: 1 });
    expect(exported.stats).toEqual(service.getStats());
    expect(exported.events.map(({ type }: { type: string }) => type)).toEqual(['retry', 'retry', 'open', 'exhausted']);
    const { calls, rateLimited, exhausted } = exported.stats;
    expect(exported.minutes.length).toBeGreaterThan(0);
    const sum = (of: string) =>
        exported.minutes.reduce((total: number, minute: Record<string, number>) => total + (minute[of] ?? 0), 0);
    expect([sum('calls'), sum('rateLimited'), sum('exhausted')]).toEqual([calls, rateLimited, exhausted]);
    expect(text).not.toMatch(/canary|null|Infinity|error/i);
});
