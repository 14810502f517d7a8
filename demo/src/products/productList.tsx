import { BooleanField, DataTable, List, SelectField } from 'react-admin';
import { MoneyField } from '../shared/amountField';
import { BulkActions } from '../shared/bulkActions';
import { choose, search } from '../shared/searchFilters';
import { CATEGORIES } from './productInputs';

const filters = [search('name', 'crm.search.name'), choose('category', CATEGORIES)];

export const ProductList = () => (
    <List filters={filters} sort={{ field: 'reference', order: 'ASC' }} perPage={25}>
        <DataTable rowClick="edit" bulkActionButtons={<BulkActions />}>
            <DataTable.Col source="reference" />
            <DataTable.Col source="name" />
            <DataTable.Col source="category">
                <SelectField source="category" choices={CATEGORIES} />
            </DataTable.Col>
            <DataTable.Col source="description" disableSort />
            <DataTable.Col source="unit_price" field={MoneyField} align="right" />
            <DataTable.Col source="available" field={BooleanField} />
        </DataTable>
    </List>
);
