import {
    AutocompleteInput,
    CreateButton,
    DataTable,
    ExportButton,
    FilterButton,
    List,
    ReferenceField,
    ReferenceInput,
    TopToolbar,
} from 'react-admin';
import { BulkActions } from '../shared/bulkActions';
import { ChoiceChip } from '../shared/choiceChip';
import { CONTACT_STATUSES } from '../shared/choices';
import { MomentField } from '../shared/momentField';
import { choose, reference, search } from '../shared/searchFilters';
import { TagChips } from '../shared/tagChips';
import { ContactName } from './contactName';
import { ContactImportButton } from './import/contactImportButton';

// Arrays are matched with "contains", which takes an array literal.
const toArrayLiteral = (id: number | string | null) => (id ? `{${id}}` : null);
const fromArrayLiteral = (literal?: string) => (literal ? Number(literal.slice(1, -1)) : '');

const filters = [
    search('search_text', 'crm.search.contact'),
    choose('status', CONTACT_STATUSES),
    reference('segment_id', 'segments'),
    reference('company_id', 'companies'),
    <ReferenceInput
        key="tag"
        source="tag_ids@cs"
        label="crm.column.tag"
        reference="tags"
        sort={{ field: 'name', order: 'ASC' }}
    >
        <AutocompleteInput
            label="crm.column.tag"
            optionText="name"
            parse={toArrayLiteral}
            format={fromArrayLiteral}
            filterToQuery={text => ({ 'name@ilike': text })}
            sx={{ minWidth: 220 }}
        />
    </ReferenceInput>,
];

const ContactActions = () => (
    <TopToolbar>
        <FilterButton />
        <CreateButton />
        <ContactImportButton />
        <ExportButton />
    </TopToolbar>
);

export const ContactList = () => (
    <List
        actions={<ContactActions />}
        filters={filters}
        sort={{ field: 'last_name', order: 'ASC' }}
        perPage={25}
        empty={false} // Without it, an empty list has no actions, and so no way to import into it.
    >
        <DataTable rowClick="show" bulkActionButtons={<BulkActions />}>
            <DataTable.Col source="last_name" label="crm.column.name">
                <ContactName />
            </DataTable.Col>
            <DataTable.Col source="title" />
            <DataTable.Col source="company_id" disableSort>
                <ReferenceField source="company_id" reference="companies" link="show" />
            </DataTable.Col>
            <DataTable.Col source="status">
                <ChoiceChip source="status" choices={CONTACT_STATUSES} />
            </DataTable.Col>
            <DataTable.Col source="segment_id" disableSort>
                <ReferenceField source="segment_id" reference="segments" link={false} />
            </DataTable.Col>
            <DataTable.Col source="tag_ids" disableSort>
                <TagChips />
            </DataTable.Col>
            <DataTable.Col source="created_at" label="crm.column.since">
                <MomentField source="created_at" noWrap />
            </DataTable.Col>
        </DataTable>
    </List>
);
