import type { ImportRowError } from '../../react/useBulkImport.js';

/** Says in words for people why a row did not get in, or is not known to have. */
export type FormatError = (error: Pick<ImportRowError, 'rowNumber' | 'error' | 'outcome'>) => string;
