import { type ComponentsOverrides, type SxProps, styled, type Theme, useThemeProps } from '@mui/material';
import { type ReactNode, useState } from 'react';
import { Button, type ButtonProps, useResourceContext } from 'react-admin';
import { useCanAccess } from '../useCanAccess.js';
import { BulkImportDialog, type BulkImportDialogProps } from './BulkImportDialog.js';
import { UploadIcon } from './importIcons.js';
import { useImportTexts } from './useImportTexts.js';

const PREFIX = 'RaBulkImportButton';

export interface BulkImportButtonProps
    extends Omit<BulkImportDialogProps, 'open' | 'onClose' | 'className' | 'sx'>,
        Pick<ButtonProps, 'className' | 'color' | 'size' | 'variant' | 'disabled'> {
    /** A text or a translation key. @default Import */
    label?: string | undefined;
    icon?: ReactNode;
    sx?: SxProps<Theme> | undefined;
}

/**
 * Opens a `BulkImportDialog`. For the toolbar of a list. Where the app has access control, it is shown to those for whom
 * `canAccess({ resource, action: 'create' })` is true, as react-admin's `CreateButton` is.
 *
 * @example
 * const ContactActions = () => (
 *     <TopToolbar>
 *         <CreateButton />
 *         <BulkImportButton fields={[{ source: 'last_name', required: true }, { source: 'email' }]} />
 *     </TopToolbar>
 * );
 */
export const BulkImportButton = (inProps: BulkImportButtonProps) => {
    const props = useThemeProps({ props: inProps, name: PREFIX });
    const { label, icon = defaultIcon, className, sx, color, size, variant, disabled, ...dialogProps } = props;
    const { t } = useImportTexts();
    const [isOpen, setIsOpen] = useState(false);
    const contextResource = useResourceContext();
    const resource = props.resource ?? contextResource;
    const isKnown = resource !== undefined; // an import of one's own need not tell it
    // What it is asked with is part of the key of the query, which react-admin's button beside it shares.
    const { canAccess } = useCanAccess({
        resource: resource ?? 'unknown',
        action: 'create',
        ...(!isKnown && { enabled: false }),
    });

    return (
        <>
            {(canAccess || !isKnown) && (
                <Root
                    {...{ className, sx, color, size, variant, disabled }}
                    label={label ?? t('button')}
                    onClick={() => setIsOpen(true)}
                >
                    {icon}
                </Root>
            )}
            {/* In any case: an import that runs goes on. */}
            <BulkImportDialog {...dialogProps} open={isOpen} onClose={() => setIsOpen(false)} />
        </>
    );
};

const defaultIcon = <UploadIcon />;

const Root = styled(Button, { name: PREFIX, overridesResolver: (_, styles) => styles.root })({});

declare module '@mui/material/styles' {
    interface ComponentNameToClassKey {
        RaBulkImportButton: 'root';
    }

    interface ComponentsPropsList {
        RaBulkImportButton: Partial<BulkImportButtonProps>;
    }

    interface Components {
        RaBulkImportButton?: {
            defaultProps?: ComponentsPropsList['RaBulkImportButton'];
            styleOverrides?: ComponentsOverrides<Omit<Theme, 'components'>>['RaBulkImportButton'];
        };
    }
}
