import { renderHook } from '@testing-library/react';
import { HttpError } from 'react-admin';
import { expect, test, vi } from 'vitest';
import { CsvError } from '../../../src/mui/import/csv/csvError.js';
import { useImportTexts } from '../../../src/mui/import/useImportTexts.js';

test('how numbers are written is found out once, not for each of the many rows that may be wrong', () => {
    const NumberFormat = vi.spyOn(Intl, 'NumberFormat');
    const format = vi.spyOn(Number.prototype, 'toLocaleString');
    const { errorText } = renderHook(() => useImportTexts()).result.current;

    const texts = Array.from({ length: 100 }, (_, row) =>
        errorText(new CsvError('fileRowTooLong', { row: 1_000 + row })),
    );

    expect(texts[99]).toContain('Row 1,099 is longer');
    expect(NumberFormat).toHaveBeenCalledTimes(1);
    expect(format).not.toHaveBeenCalled();
});

const leadingBack: Record<string, unknown> = {};
for (const name of 'abcdefgh') leadingBack[name] = leadingBack;

test.each([
    ['whose getters throw', Object.defineProperty({}, 'email', { enumerable: true, get: () => expect.fail() })],
    ['whose names cannot be read', new Proxy({}, { ownKeys: () => expect.fail() })],
    ['that lead back to themselves', leadingBack],
    ['that are one error', new Error('as a whole')],
])('errors by field %s do no harm: the message is told', (_, errors) => {
    const { errorText } = renderHook(() => useImportTexts()).result.current;

    expect(errorText(new HttpError('The form is not valid', 422, { errors }))).toBe('The form is not valid');
});
