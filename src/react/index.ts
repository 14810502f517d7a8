export { InvalidRowError } from './importRecord.js';
export { RateLimitContextProvider, type RateLimitContextProviderProps } from './RateLimitContext.js';
export {
    type BulkImport,
    type BulkImportResult,
    type ImportRowContext,
    type ImportRowError,
    type ResumableImport,
    type RowErrors,
    type UseBulkImportOptions,
    useBulkImport,
} from './useBulkImport.js';
export { useRateLimitService } from './useRateLimitService.js';
export { type RateLimitState, useRateLimitState } from './useRateLimitState.js';
