import { QueryClient } from '@tanstack/react-query';
import { shouldRetryQuery, withRateLimit } from 'ra-rate-limit';
import { translatedMessages } from 'ra-rate-limit/i18n';
import { RateLimitDashboard } from 'ra-rate-limit/mui';
import { Admin, CustomRoutes, Resource } from 'react-admin';
import { Route } from 'react-router-dom';
import { companies } from './companies';
import { contacts } from './contacts';
import { Dashboard } from './dashboard/dashboard';
import { crmDataProvider } from './dataProvider';
import { i18nProvider } from './i18n/i18nProvider';
import { CrmLayout } from './layout/crmLayout';
import { notes } from './notes';
import { opportunities } from './opportunities';
import { products } from './products';
import { hasRateLimit, rateLimitFlag } from './rateLimitFlag';
import { segments } from './segments';
import { ServerLimitsPage } from './serverLimits/serverLimitsPage';
import { tags } from './tags';

const dataProvider = withRateLimit(crmDataProvider, {
    messages: translatedMessages(i18nProvider),
    enabled: hasRateLimit,
});

const queryClient = new QueryClient({ defaultOptions: { queries: { retry: shouldRetryQuery } } });

rateLimitFlag.watch();

export const App = () => (
    <Admin
        dataProvider={dataProvider}
        i18nProvider={i18nProvider}
        queryClient={queryClient}
        dashboard={Dashboard}
        layout={CrmLayout}
        title="Demo CRM"
        disableTelemetry
    >
        <Resource name="contacts" {...contacts} />
        <Resource name="companies" {...companies} />
        <Resource name="opportunities" {...opportunities} />
        <Resource name="contact_notes" {...notes} />
        <Resource name="segments" {...segments} />
        <Resource name="tags" {...tags} />
        <Resource name="products" {...products} />
        <CustomRoutes>
            <Route path="/rate-limit" element={<RateLimitDashboard />} />
            <Route path="/server-limits" element={<ServerLimitsPage />} />
        </CustomRoutes>
    </Admin>
);
