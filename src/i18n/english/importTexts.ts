/** What is wrong with a file, or with one of its rows. */
export const csvTexts = {
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

/** Why an import did not begin, or came to an early end. */
export const failureTexts = {
    otherRows: 'An earlier import of other rows has not ended. Import the same rows to go on with it, or discard it.',
    fewerRows: 'There are fewer rows than at first. Import the same rows to go on with it, or discard it.',
    endedElsewhere:
        'This import has come to its end or was discarded meanwhile, in another tab. Nothing was imported now.',
    pageClosed: 'The page was closed before the server answered',
    runsElsewhere: 'This import is under way in another tab. Wait for its end, or close that tab.',
};

/** Before the page of an import is left. By itself, for those who use the hook alone. */
export const leaveText = 'The import has not ended. Leave the page anyway?';

/** The import: `BulkImportButton`, `BulkImportDialog`, `useBulkImport`. */
export const importTexts = {
    ...csvTexts,
    ...failureTexts,
    leave: leaveText,

    button: 'Import',
    title: 'Import %{name}',
    close: 'Close',
    back: 'Back',
    stepOf: 'Step %{step} of %{steps}',
    stepChoose: 'Choose a file',
    stepMap: 'Match the columns',
    stepCheck: 'Check the rows',
    stepImport: 'Import',
    unexpected: 'An unexpected error',

    drop: 'Drop a CSV file here, or choose one',
    dropHint: 'Its first row names the columns. Commas, semicolons and tabs between the cells all work.',
    oneFile: 'Only one file can be imported at a time.',
    reading: 'Reading %{file}',
    unfinished: 'The import of %{file} did not come to its end: %{processed} of %{total} rows are done.',
    unfinishedWithoutFile:
        'An import did not come to its end: %{processed} rows are done. Choose the same file and columns to go on with it.',
    resumeImport: 'Resume the import',
    discard: 'Discard',

    fileRows: 'Rows in %{file}: %{rows}',
    mapIntro: 'Choose the column that fills each field.',
    encoding: 'Encoding',
    delimiter: 'Between cells',
    delimiterComma: 'Comma',
    delimiterSemicolon: 'Semicolon',
    delimiterTab: 'Tab',
    delimiterBar: 'Vertical bar',
    guessedEncoding:
        'The file is not in UTF-8, and was read as Windows-1252. Look whether the accents below are right.',
    columnsWithSameName: 'Columns with the same name: %{names}. Choose the right one.',
    columnsWithoutName: 'Columns without a name: %{count}. They are called by their place.',
    columnNumber: 'Column %{number}',
    columnNamed: '%{name} (column %{number})',
    noColumn: 'Not imported',
    example: 'For example: %{values}',
    required: 'required',
    columnMissing: 'Choose a column for: %{fields}.',
    nothingMapped: 'Choose at least one column.',
    preview: 'The first rows as they will be read',
    row: 'Row',
    check: 'Check the rows',

    checking: 'Checking the rows. Nothing is imported yet.',
    checkedCount: '%{checked} of %{total} rows checked',
    allGood: 'All rows can be imported: %{total}.',
    someBad: '%{good} of %{total} rows can be imported, %{bad} cannot and will be left out.',
    badRows: 'Rows that cannot be imported',
    allBad: 'None of the rows can be imported.',
    firstProblems: 'The first %{count} are shown.',
    problem: 'Problem',
    fieldProblem: '%{field}: %{problem}',
    start: 'Start the import',

    importing: 'Importing %{file}',
    doneOf: '%{processed} of %{total} rows',
    rate: '%{rate} rows a second',
    timeLeft: '%{time} left',
    failedSoFar: '%{count} failed so far',
    keepOpen: 'Keep this page open until the import has ended.',
    canReload: 'If this page is closed, the import can be resumed later.',
    busy: 'The server is busy, resuming in %{time}.',
    busyAwhile: 'The server is busy. The import goes on as soon as it can.',
    offline: 'No connection to the server. Trying again in %{time}.',
    offlineAwhile: 'No connection to the server. The import goes on as soon as there is one.',
    signedOut: 'The session has expired. Trying again in %{time}.',
    signedOutAwhile: 'The session has expired. The import goes on as soon as it has been renewed.',
    paused: 'Paused.',
    pause: 'Pause',
    resume: 'Resume',
    stop: 'Stop the import',
    stopping: 'Stopping. Rows on their way are awaited.',
    blocked: 'The server is overloaded and takes no requests until %{moment}, in %{time}. Nothing is being sent.',
    blockedOver: 'The server may take requests again.',
    endedEarly: 'The import ended early.',
    endedPartly:
        '%{imported} of %{total} rows were imported and stay. They are at the start of the file: take them out of it before you import the rest, or they will be there twice.',
    tryAgain: 'Try again',

    stopTitle: 'Stop the import?',
    stopText: 'The rows that were imported stay. The others will not be imported.',
    stopTextResumable: 'The rows that were imported stay. The others can be imported later.',
    goOn: 'Go on',

    milestone: '%{percent} % of the rows are done',
    done: 'The import has ended.',
    cancelled: 'The import was stopped.',
    canResume: 'It can be resumed: open the import again.',
    imported: 'Imported',
    failed: 'Failed',
    unknown: 'Unknown',
    notAttempted: 'Not imported',
    duration: 'Time',
    retries: 'Sent again',
    rateLimited: 'Refused (429)',
    outcomeUnknown: 'It is not known whether this row was imported: %{message}',
    failedRows: 'Rows that were not imported',
    firstFailed: 'The first %{count} are shown. The file has them all.',
    finish: 'Done',
    download: 'Download the failed rows',
};
