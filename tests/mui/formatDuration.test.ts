import { expect, test } from 'vitest';
import { formatDuration } from '../../src/mui/formatDuration.js';

test.each([
    [1, '1 s'],
    [11_001, '12 s'],
    [99_000, '99 s'],
    [100_000, '2 min'],
    [59 * 60_000, '59 min'],
    [60 * 60_000, '1 h 0 min'],
    [80 * 60_000, '1 h 20 min'],
])('%i ms are %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
});
