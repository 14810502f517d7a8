export const PREFIX = 'RaBulkImportDialog';

export const BulkImportDialogClasses = {
    title: `${PREFIX}-title`,
    steps: `${PREFIX}-steps`,
    heading: `${PREFIX}-heading`,
    dropZone: `${PREFIX}-dropZone`,
    dropZoneActive: `${PREFIX}-dropZoneActive`,
    format: `${PREFIX}-format`,
    fields: `${PREFIX}-fields`,
    field: `${PREFIX}-field`,
    example: `${PREFIX}-example`,
    options: `${PREFIX}-options`,
    table: `${PREFIX}-table`,
    preview: `${PREFIX}-preview`,
    message: `${PREFIX}-message`,
    progress: `${PREFIX}-progress`,
    details: `${PREFIX}-details`,
    notice: `${PREFIX}-notice`,
    counts: `${PREFIX}-counts`,
    count: `${PREFIX}-count`,
    visuallyHidden: `${PREFIX}-visuallyHidden`,
};

export type BulkImportDialogClassKey = 'root' | keyof typeof BulkImportDialogClasses;
