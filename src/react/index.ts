'use client';

export type { RateLimitHistory, RateLimitHistoryEvent, RateLimitMinute } from './history/historyEntries.js';
export {
    type RateLimitHistoryOptions,
    useRateLimitHistory,
    useRecordRateLimitHistory,
} from './history/useRateLimitHistory.js';
export { ImportFailure } from './import/importFailure.js';
export { InvalidRowError } from './import/importRecord.js';
export { RateLimitContextProvider, type RateLimitContextProviderProps } from './RateLimitContext.js';
export {
    type BulkImport,
    type BulkImportResult,
    type ImportRowContext,
    type ImportRowError,
    type ResumableImport,
    type RowErrors,
    type StartImportOptions,
    type UseBulkImportOptions,
    useBulkImport,
} from './useBulkImport.js';
export { useRateLimitService } from './useRateLimitService.js';
export { type RateLimitState, useRateLimitState } from './useRateLimitState.js';
