import { BooleanField, DataTable, List } from 'react-admin';
import { BulkActions } from '../shared/bulkActions';
import { MONEY } from '../shared/format';
import { choose, search } from '../shared/searchFilters';
import { CATEGORIES } from './productInputs';

const filters = [search('name', 'Name'), choose('category', 'Category', CATEGORIES)];

export const ProductList = () => (
    <List filters={filters} sort={{ field: 'reference', order: 'ASC' }} perPage={25}>
        <DataTable rowClick="edit" bulkActionButtons={<BulkActions />}>
            <DataTable.Col source="reference" />
            <DataTable.Col source="name" />
            <DataTable.Col source="category" />
            <DataTable.Col source="description" disableSort />
            <DataTable.NumberCol source="unit_price" options={MONEY} />
            <DataTable.Col source="available" field={BooleanField} />
        </DataTable>
    </List>
);
