import { render } from '@testing-library/react';
import { RateLimitService } from 'ra-rate-limit';
import { RateLimitContextProvider } from 'ra-rate-limit/react';
import { expect, test } from 'vitest';
import { Announcements } from '../../../../src/mui/import/steps/Announcements.js';
import { VirtualClock } from '../../../support/virtualClock.js';

const clock = new VirtualClock();
const service = new RateLimitService({ clock });

const said = (share: number, { isPaused = false, resumesInMs = 0 } = {}) => {
    const { container, unmount } = render(
        <RateLimitContextProvider service={service}>
            <Announcements
                share={share}
                isPaused={isPaused}
                resumesAt={resumesInMs ? clock.now() + resumesInMs : undefined}
            />
        </RateLimitContextProvider>,
    );
    const text = container.textContent;
    unmount();
    return text;
};

test('a screen reader hears of each tenth of the rows', () => {
    expect(said(0.09)).toBe('');
    expect(said(0.1)).toBe('10 % of the rows are done');
    expect(said(0.57)).toBe('50 % of the rows are done');
    expect(said(1)).toBe('100 % of the rows are done');
});

test('it hears of pauses, but for short ones', () => {
    expect(said(0.5, { isPaused: true })).toBe('Paused.');
    expect(said(0.5, { resumesInMs: 12_000 })).toBe('The server is busy. The import goes on as soon as it can.');
    expect(said(0.5, { resumesInMs: 3_000 })).toBe('50 % of the rows are done');
});
