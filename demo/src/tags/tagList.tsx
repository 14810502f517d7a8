import { DataTable, List } from 'react-admin';
import { BulkActions } from '../shared/bulkActions';
import { CountLink } from '../shared/countLink';
import { search } from '../shared/searchFilters';
import { TagChipField } from '../shared/tagChips';

export const TagList = () => (
    <List filters={[search('name', 'crm.search.name')]} sort={{ field: 'name', order: 'ASC' }} perPage={25}>
        <DataTable rowClick="edit" bulkActionButtons={<BulkActions />}>
            <DataTable.Col source="name" label="crm.column.tag">
                <TagChipField />
            </DataTable.Col>
            <DataTable.Col source="contacts_count" align="right">
                <CountLink source="contacts_count" filter={({ id }) => ({ 'tag_ids@cs': `{${id}}` })} />
            </DataTable.Col>
        </DataTable>
    </List>
);
