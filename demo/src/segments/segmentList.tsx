import { DataTable, List } from 'react-admin';
import { BulkActions } from '../shared/bulkActions';
import { CountLink } from '../shared/countLink';
import { MomentField } from '../shared/momentField';
import { search } from '../shared/searchFilters';

export const SegmentList = () => (
    <List filters={[search('name', 'crm.search.name')]} sort={{ field: 'name', order: 'ASC' }} perPage={25}>
        <DataTable rowClick="edit" bulkActionButtons={<BulkActions />}>
            <DataTable.Col source="name" />
            <DataTable.Col source="description" disableSort />
            <DataTable.Col source="contacts_count" align="right">
                <CountLink source="contacts_count" filter={({ id }) => ({ segment_id: id })} />
            </DataTable.Col>
            <DataTable.Col source="created_at" field={MomentField} />
        </DataTable>
    </List>
);
