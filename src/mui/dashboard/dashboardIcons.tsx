import { createSvgIcon } from '@mui/material';

// Of Material Icons. The package of all of them would be one more dependency.

export const DownloadIcon = createSvgIcon(<path d="M19 9h-4V3H9v6H5l7 7zM5 18v2h14v-2z" />, 'Download');

export const ResetIcon = createSvgIcon(
    <path d="M12 5V1L7 6l5 5V7c3.31 0 6 2.69 6 6s-2.69 6-6 6-6-2.69-6-6H4c0 4.42 3.58 8 8 8s8-3.58 8-8-3.58-8-8-8" />,
    'Reset',
);
