import { type ComponentsOverrides, type SxProps, styled, type Theme, useThemeProps } from '@mui/material';
import { type ReactNode, useState } from 'react';
import { Button, type ButtonProps } from 'react-admin';
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
 * Opens a `BulkImportDialog`. For the toolbar of a list.
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

    return (
        <>
            <Root
                {...{ className, sx, color, size, variant, disabled }}
                label={label ?? t('button')}
                onClick={() => setIsOpen(true)}
            >
                {icon}
            </Root>
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
