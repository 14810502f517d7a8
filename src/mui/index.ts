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
