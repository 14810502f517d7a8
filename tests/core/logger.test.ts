import { afterEach, expect, it, vi } from 'vitest';
import { consoleLogger } from '../../src/core/logger';

afterEach(() => {
    vi.restoreAllMocks();
});

it.each(['debug', 'info', 'warn', 'error'] as const)('passes %s on to the console of the moment', level => {
    const spy = vi.spyOn(console, level).mockImplementation(() => {});

    consoleLogger[level]('A line', { attempt: 1 });

    expect(spy.mock.calls).toEqual([['A line', { attempt: 1 }]]);
});
