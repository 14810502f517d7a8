import { createSvgIcon } from '@mui/material';

// Of Material Icons. The package of all of them would be one more dependency.

export const UploadIcon = createSvgIcon(
    <path d="M18 15v3H6v-3H4v3c0 1.1.9 2 2 2h12c1.1 0 2-.9 2-2v-3zM7 9l1.41 1.41L11 7.83V16h2V7.83l2.59 2.58L17 9l-5-5z" />,
    'Upload',
);

export const CloseIcon = createSvgIcon(
    <path d="M19 6.41 17.59 5 12 10.59 6.41 5 5 6.41 10.59 12 5 17.59 6.41 19 12 13.41 17.59 19 19 17.59 13.41 12z" />,
    'Close',
);
