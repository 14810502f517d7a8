import { DataTable, List } from 'react-admin';
import { BulkActions } from '../shared/bulkActions';
import { CountLink } from '../shared/countLink';
import { WHOLE_MONEY } from '../shared/format';
import { search } from '../shared/searchFilters';

const filters = [search('search_text', 'Name, sector or place')];

export const CompanyList = () => (
    <List filters={filters} sort={{ field: 'name', order: 'ASC' }} perPage={25}>
        <DataTable rowClick="show" bulkActionButtons={<BulkActions />}>
            <DataTable.Col source="name" />
            <DataTable.Col source="sector" />
            <DataTable.Col source="city" />
            <DataTable.Col source="country" />
            <DataTable.NumberCol source="employees" />
            <DataTable.Col source="contacts_count" label="Contacts" align="right">
                <CountLink source="contacts_count" filter={({ id }) => ({ company_id: id })} />
            </DataTable.Col>
            <DataTable.NumberCol source="open_amount" label="Open opportunities" options={WHOLE_MONEY} />
        </DataTable>
    </List>
);
