'use client';

import { createTheme, ThemeProvider } from '@mui/material';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { DataProviderContext } from 'react-admin';
import { dataProvider } from './dataProvider.js';

const client = new QueryClient();
const theme = createTheme();

/** What react-admin puts around a page, as far as it renders on a server. */
export const AdminContexts = ({ children }) => (
    <QueryClientProvider client={client}>
        <ThemeProvider theme={theme}>
            <DataProviderContext.Provider value={dataProvider}>{children}</DataProviderContext.Provider>
        </ThemeProvider>
    </QueryClientProvider>
);
