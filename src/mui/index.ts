'use client';

export { RateLimitBannerClasses, type RateLimitBannerClassKey } from './banner/bannerClasses.js';
export { RateLimitBanner, type RateLimitBannerProps } from './banner/RateLimitBanner.js';
export { RateLimitDashboardClasses, type RateLimitDashboardClassKey } from './dashboard/dashboardClasses.js';
export { RateLimitDashboard, type RateLimitDashboardProps } from './dashboard/RateLimitDashboard.js';
export { BulkImportButton, type BulkImportButtonProps } from './import/BulkImportButton.js';
export { BulkImportDialog, type BulkImportDialogProps } from './import/BulkImportDialog.js';
export type { FormatError } from './import/formatError.js';
export { BulkImportDialogClasses, type BulkImportDialogClassKey } from './import/importDialogClasses.js';
export type { ImportField } from './import/importFields.js';
export {
    type ImportRowOptions,
    importRowOptions,
    type TransformRow,
    type ValidateRow,
} from './import/importRowOptions.js';
export type { ImportRow, ImportValues } from './import/importRows.js';
