import { Card, CardContent, Stack, Typography } from '@mui/material';
import type { ReactNode } from 'react';

export interface PanelProps {
    title: string;
    /** Beside the title. */
    aside?: ReactNode;
    children: ReactNode;
}

/** A part of the page. */
export const Panel = ({ title, aside, children }: PanelProps) => (
    <Card component="section" aria-label={title}>
        <CardContent>
            <Stack direction="row" useFlexGap sx={{ flexWrap: 'wrap', columnGap: 1, alignItems: 'center', mb: 1 }}>
                <Typography variant="h6" component="h2" sx={{ flexGrow: 1 }}>
                    {title}
                </Typography>
                {aside}
            </Stack>
            {children}
        </CardContent>
    </Card>
);
