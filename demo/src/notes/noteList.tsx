import { DataTable, List, ReferenceField, TextField } from 'react-admin';
import { BulkActions } from '../shared/bulkActions';
import { ChoiceChip } from '../shared/choiceChip';
import { NOTE_KINDS } from '../shared/choices';
import { MomentField } from '../shared/momentField';
import { choose, search } from '../shared/searchFilters';

const filters = [search('text', 'crm.search.note'), choose('kind', NOTE_KINDS)];

export const NoteList = () => (
    <List filters={filters} sort={{ field: 'created_at', order: 'DESC' }} perPage={25}>
        <DataTable rowClick="edit" bulkActionButtons={<BulkActions />}>
            <DataTable.Col source="created_at">
                <MomentField source="created_at" noWrap />
            </DataTable.Col>
            <DataTable.Col source="kind">
                <ChoiceChip source="kind" choices={NOTE_KINDS} />
            </DataTable.Col>
            <DataTable.Col source="contact_id" disableSort>
                <ReferenceField source="contact_id" reference="contacts" link="show" />
            </DataTable.Col>
            <DataTable.Col source="text" disableSort>
                <TextField source="text" />
            </DataTable.Col>
        </DataTable>
    </List>
);
