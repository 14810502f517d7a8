/** Why a file, or one of its rows, cannot be imported. */
export type CsvErrorCode = keyof typeof csvMessages;

/** The English texts. */
export const csvMessages = {
    fileEmpty: 'The file is empty.',
    fileWithoutRows: 'The file has a header and no rows.',
    fileIsWorkbook:
        'This is an Excel workbook or an archive, not a CSV file. Open it, save it as CSV, and choose that file.',
    fileIsBinary: 'This is not a text file. Save the data as CSV, and choose that file.',
    fileEncoding: 'The file is not written in %{encoding}. Choose another encoding.',
    fileUnreadable: 'The file cannot be read. It may have been changed, moved or deleted since it was chosen.',
    fileTooManyColumns: 'The file has %{columns} columns, %{most} at most can be imported.',
    fileRowTooLong: 'Row %{row} is longer than a million characters. Is a closing quote missing?',
    fileQuoteOpen: 'A quote that opens in row %{row} is never closed.',
    fileQuoteMisplaced: 'Row %{row} has a quote in the wrong place. Quotes within a quoted cell must be doubled.',
    rowTooManyCells:
        'The row has more cells (%{cells}) than the header (%{columns}). Is a cell with a delimiter not quoted?',
    rowValueMissing: '%{field} is missing.',
};

/** Also of an error that was kept over a reload, of whose class only the name is left. */
export const isCsvError = (error: unknown): error is Pick<CsvError, 'code' | 'values'> =>
    error instanceof Error && error.name === 'CsvError' && 'code' in error;

/** What is wrong with a file or with one of its rows, for people: `code` and `values` make a translation possible. */
export class CsvError extends Error {
    override readonly name = 'CsvError';

    constructor(
        readonly code: CsvErrorCode,
        readonly values: Record<string, string | number> = {},
        options?: ErrorOptions,
    ) {
        super(
            csvMessages[code].replace(/%\{(\w+)\}/g, (_, name: string) => String(values[name])),
            options,
        );
    }
}
