import { DataTable, List } from 'react-admin';
import { AmountField, WholeMoneyField } from '../shared/amountField';
import { BulkActions } from '../shared/bulkActions';
import { CountLink } from '../shared/countLink';
import { search } from '../shared/searchFilters';

const filters = [search('search_text', 'crm.search.company')];

export const CompanyList = () => (
    <List filters={filters} sort={{ field: 'name', order: 'ASC' }} perPage={25}>
        <DataTable rowClick="show" bulkActionButtons={<BulkActions />}>
            <DataTable.Col source="name" />
            <DataTable.Col source="sector" />
            <DataTable.Col source="city" />
            <DataTable.Col source="country" />
            <DataTable.Col source="employees" field={AmountField} align="right" />
            <DataTable.Col source="contacts_count" align="right">
                <CountLink source="contacts_count" filter={({ id }) => ({ company_id: id })} />
            </DataTable.Col>
            <DataTable.Col source="open_amount" field={WholeMoneyField} align="right" />
        </DataTable>
    </List>
);
