import { render } from '@testing-library/react';
import { type BulkProgress, RateLimitService } from 'ra-rate-limit';
import { RateLimitContextProvider } from 'ra-rate-limit/react';
import { expect, test } from 'vitest';
import { Announcements } from '../../../../src/mui/import/steps/Announcements.js';
import { VirtualClock } from '../../../support/virtualClock.js';

const clock = new VirtualClock();
const service = new RateLimitService({ clock });

type Progress = Partial<BulkProgress> & { resumesInMs?: number };

const announced = (share: number, { resumesInMs, ...progress }: Progress = {}, isPaused = false) => (
    <RateLimitContextProvider service={service}>
        <Announcements
            progress={{
                processed: share * 100,
                unknown: 0,
                ...progress,
                ...(resumesInMs && { resumesAt: clock.now() + resumesInMs }),
            }}
            total={100}
            isPaused={isPaused}
        />
    </RateLimitContextProvider>
);

const said = (...args: Parameters<typeof announced>) => {
    const { container, unmount } = render(announced(...args));
    const text = container.textContent;
    unmount();
    return text;
};

const BUSY = 'The server is busy. The import goes on as soon as it can.';

test('a screen reader hears of each tenth of the rows', () => {
    expect(said(0.09)).toBe('');
    expect(said(0.1)).toBe('10 % of the rows are done');
    expect(said(0.57)).toBe('50 % of the rows are done');
    expect(said(1)).toBe('100 % of the rows are done');
});

test('it hears of pauses and why they are, but for short ones', () => {
    expect(said(0.5, {}, true)).toBe('Paused.');
    expect(said(0.5, { resumesInMs: 12_000 })).toBe(BUSY);
    expect(said(0.5, { resumesInMs: 12_000, waitsFor: 'connection' })).toBe(
        'No connection to the server. The import goes on as soon as there is one.',
    );
    expect(said(0.5, { resumesInMs: 12_000, waitsFor: 'session' })).toBe(
        'The session has expired. The import goes on as soon as it has been renewed.',
    );
    expect(said(0.5, { resumesInMs: 3_000 })).toBe('50 % of the rows are done');
});

test('it hears of a pause once, until a row is answered, be it with an error', () => {
    const { container, rerender } = render(announced(0.5, { resumesInMs: 12_000 }));
    const hear = (...args: Parameters<typeof announced>) => {
        rerender(announced(...args));
        return container.textContent;
    };

    expect(hear(0.5)).toBe(BUSY);
    expect(hear(0.6, { unknown: 10, resumesInMs: 3_000 })).toBe(BUSY);
    expect(hear(0.6, { unknown: 10, resumesInMs: 12_000 })).toBe(BUSY);
    expect(hear(0.6)).toBe('60 % of the rows are done');
});
