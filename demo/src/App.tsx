import { withRateLimit } from 'ra-rate-limit';
import { Admin, CustomRoutes, Resource } from 'react-admin';
import { Route } from 'react-router-dom';
import { companies } from './companies';
import { contacts } from './contacts';
import { Dashboard } from './dashboard/dashboard';
import { crmDataProvider } from './dataProvider';
import { CrmLayout } from './layout/crmLayout';
import { notes } from './notes';
import { opportunities } from './opportunities';
import { products } from './products';
import { segments } from './segments';
import { ServerLimitsPage } from './serverLimits/serverLimitsPage';
import { tags } from './tags';

const dataProvider = withRateLimit(crmDataProvider);

export const App = () => (
    <Admin dataProvider={dataProvider} dashboard={Dashboard} layout={CrmLayout} title="Demo CRM" disableTelemetry>
        <Resource name="contacts" {...contacts} />
        <Resource name="companies" {...companies} />
        <Resource name="opportunities" {...opportunities} />
        <Resource name="contact_notes" {...notes} />
        <Resource name="segments" {...segments} />
        <Resource name="tags" {...tags} />
        <Resource name="products" {...products} />
        <CustomRoutes>
            <Route path="/server-limits" element={<ServerLimitsPage />} />
        </CustomRoutes>
    </Admin>
);
