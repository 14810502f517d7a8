'use client';

import { RateLimitBanner, RateLimitDashboard } from 'ra-rate-limit/mui';
import { useRecordRateLimitHistory } from 'ra-rate-limit/react';
import { Admin, Layout, ListGuesser, Resource } from 'react-admin';
import { dataProvider } from '../dataProvider.js';

const AppLayout = ({ children }) => {
    useRecordRateLimitHistory();
    return (
        <Layout>
            <RateLimitBanner />
            {children}
        </Layout>
    );
};

export const AdminApp = () => (
    <Admin dataProvider={dataProvider} dashboard={RateLimitDashboard} layout={AppLayout} disableTelemetry>
        <Resource name="contacts" list={ListGuesser} />
    </Admin>
);
