import { act, cleanup, render } from '@testing-library/react';
import { RateLimitService } from 'ra-rate-limit';
import { RateLimitContextProvider } from 'ra-rate-limit/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { PauseNotice } from '../../../../src/mui/import/steps/PauseNotice.js';

beforeEach(() => {
    vi.useFakeTimers({ now: 0 });
});

afterEach(() => {
    cleanup();
    vi.useRealTimers();
});

function renderPause(resumesAt: number) {
    const service = new RateLimitService({ logger: false });
    const { container } = render(
        <RateLimitContextProvider service={service}>
            <PauseNotice isPaused={false} isStopping={false} resumesAt={resumesAt} />
        </RateLimitContextProvider>,
    );
    return { text: () => container.textContent, pass: (ms: number) => act(() => vi.advanceTimersByTimeAsync(ms)) };
}

test('a pause of some seconds is told to its very end', async () => {
    const { text, pass } = renderPause(3_000);
    expect(text()).toBe('The server is busy, resuming in 3 s.');

    await pass(2_900);
    expect(text()).toBe('The server is busy, resuming in 1 s.');
    await pass(100);

    expect(text()).toBe('');
});

test('a shorter one is not told', async () => {
    const { text, pass } = renderPause(900);
    expect(text()).toBe('');

    await pass(500);

    expect(text()).toBe('');
});
