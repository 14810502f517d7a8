import { renderHook } from '@testing-library/react';
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
