import simpleRestProvider from 'ra-data-simple-rest';
import { createHttpClient, RateLimitService, withRateLimit } from 'ra-rate-limit';
import { BulkImportButton, RateLimitBanner, RateLimitDashboard } from 'ra-rate-limit/mui';
import { useRecordRateLimitHistory } from 'ra-rate-limit/react';
import { StrictMode } from 'react';
import {
    Admin,
    CreateButton,
    CustomRoutes,
    Datagrid,
    Edit,
    Layout,
    type LayoutProps,
    List,
    Resource,
    SimpleForm,
    TextField,
    TextInput,
    TopToolbar,
} from 'react-admin';
import { createRoot } from 'react-dom/client';
import { Route } from 'react-router-dom';

const service = new RateLimitService();
const dataProvider = withRateLimit(simpleRestProvider('/api', createHttpClient({ service })), { service });

const AppLayout = ({ children }: LayoutProps) => {
    useRecordRateLimitHistory();
    return (
        <Layout>
            <RateLimitBanner />
            {children}
        </Layout>
    );
};

const ContactActions = () => (
    <TopToolbar>
        <CreateButton />
        <BulkImportButton fields={[{ source: 'name', required: true }]} />
    </TopToolbar>
);

const ContactList = () => (
    <List actions={<ContactActions />}>
        <Datagrid>
            <TextField source="name" />
        </Datagrid>
    </List>
);

const ContactEdit = () => (
    <Edit mutationMode="pessimistic">
        <SimpleForm>
            <TextInput source="name" />
        </SimpleForm>
    </Edit>
);

createRoot(document.getElementById('root') as HTMLElement).render(
    <StrictMode>
        <Admin dataProvider={dataProvider} layout={AppLayout} disableTelemetry>
            <Resource name="contacts" list={ContactList} edit={ContactEdit} />
            <CustomRoutes>
                <Route path="/rate-limit" element={<RateLimitDashboard />} />
            </CustomRoutes>
        </Admin>
    </StrictMode>,
);
