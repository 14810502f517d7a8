import type { ComponentsOverrides, SxProps, Theme } from '@mui/material';
import { useThemeProps } from '@mui/material';
import type { ReactNode } from 'react';
import { useResourceContext } from 'react-admin';
import { LeaveGuard } from '../../react/import/importLeaveGuard.js';
import { isRunning, useUnguardedImport } from '../../react/import/useUnguardedImport.js';
import type { BulkImport, UseBulkImportOptions } from '../../react/useBulkImport.js';
import type { FormatError } from './formatError.js';
import { ImportDialog } from './ImportDialog.js';
import { type BulkImportDialogClassKey, PREFIX } from './importDialogClasses.js';
import type { ImportField } from './importFields.js';
import { importRowOptions, type TransformRow, type ValidateRow } from './importRowOptions.js';
import type { ImportRow } from './importRows.js';

export interface BulkImportDialogProps
    extends Pick<UseBulkImportOptions<ImportRow>, 'concurrency' | 'batchSize' | 'keyColumn'> {
    open: boolean;
    onClose: () => void;
    /** @default the resource of the screen around it */
    resource?: string | undefined;
    /** What columns of the file can fill. */
    fields: readonly ImportField[];
    /** Says what is wrong with a row. Called in the dry run, and again before the row is sent. */
    validate?: ValidateRow | undefined;
    /** Makes a record of a row. @default the values themselves are the record */
    transform?: TransformRow | undefined;
    /** Says in words for people why a row did not get in. @default the message of the error */
    formatError?: FormatError | undefined;
    /** Choices of the app's own, shown beside the columns. What they change is up to `validate` and `transform`. */
    options?: ReactNode;
    /** Under this name the file and how far it got are kept until the import ends, so that a closed page loses nothing. */
    resumeKey?: string | undefined;
    /**
     * An import of one's own, made with `useBulkImport` and `importRowOptions`: `resource`, `transform` and what else is
     * about sending is then up to it. Give both the same `validate`.
     */
    import?: BulkImport<ImportRow> | undefined;
    className?: string | undefined;
    sx?: SxProps<Theme> | undefined;
}

/**
 * Imports a CSV file in steps: choose it, match its columns with fields, check all rows, import them, see what became of
 * them.
 *
 * @example
 * <BulkImportDialog
 *     open={isOpen}
 *     onClose={() => setIsOpen(false)}
 *     resource="contacts"
 *     fields={[{ source: 'last_name', required: true }, { source: 'email', aliases: ['mail'] }]}
 * />
 */
export const BulkImportDialog = (inProps: BulkImportDialogProps) => {
    const { import: bulkImport, ...props } = useThemeProps({ props: inProps, name: PREFIX });
    const contextResource = useResourceContext();
    const resource = props.resource ?? contextResource;
    return bulkImport ? (
        <ImportDialog {...props} resource={resource} bulkImport={bulkImport} />
    ) : (
        <DialogWithImport {...props} resource={resource} />
    );
};

const DialogWithImport = ({
    transform,
    concurrency,
    batchSize,
    keyColumn,
    ...props
}: Omit<BulkImportDialogProps, 'import'> & { resource: string | undefined }) => {
    const { resource, validate, resumeKey } = props;
    if (resource === undefined) throw new Error('ra-rate-limit: BulkImportDialog needs a resource');
    const bulkImport = useUnguardedImport<ImportRow>({
        resource,
        ...importRowOptions({ validate, transform }),
        concurrency,
        batchSize,
        keyColumn,
        resumeKey,
    });
    return (
        <>
            {/* Mounted last, it goes before the guard of a form. Idle, it would take that one's place. */}
            {isRunning(bulkImport) && <LeaveGuard />}
            <ImportDialog {...props} bulkImport={bulkImport} />
        </>
    );
};

declare module '@mui/material/styles' {
    interface ComponentNameToClassKey {
        RaBulkImportDialog: BulkImportDialogClassKey;
    }

    interface ComponentsPropsList {
        RaBulkImportDialog: Partial<BulkImportDialogProps>;
    }

    interface Components {
        RaBulkImportDialog?: {
            defaultProps?: ComponentsPropsList['RaBulkImportDialog'];
            styleOverrides?: ComponentsOverrides<Omit<Theme, 'components'>>['RaBulkImportDialog'];
        };
    }
}
