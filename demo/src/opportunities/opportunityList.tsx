import { DataTable, List, ReferenceField } from 'react-admin';
import { MoneyField } from '../shared/amountField';
import { BulkActions } from '../shared/bulkActions';
import { ChoiceChip } from '../shared/choiceChip';
import { STAGES } from '../shared/choices';
import { DayField, MomentField } from '../shared/momentField';
import { choose, reference, search } from '../shared/searchFilters';

const filters = [search('name', 'crm.search.name'), choose('stage', STAGES), reference('company_id', 'companies')];

export const OpportunityList = () => (
    <List filters={filters} sort={{ field: 'expected_on', order: 'ASC' }} perPage={25}>
        <DataTable rowClick="show" bulkActionButtons={<BulkActions />}>
            <DataTable.Col source="name" />
            <DataTable.Col source="company_id" disableSort>
                <ReferenceField source="company_id" reference="companies" link="show" />
            </DataTable.Col>
            <DataTable.Col source="contact_id" disableSort>
                <ReferenceField source="contact_id" reference="contacts" link="show" />
            </DataTable.Col>
            <DataTable.Col source="stage">
                <ChoiceChip source="stage" choices={STAGES} />
            </DataTable.Col>
            <DataTable.Col source="amount" field={MoneyField} align="right" />
            <DataTable.Col source="expected_on" label="crm.column.expected" field={DayField} />
            <DataTable.Col source="updated_at" field={MomentField} />
        </DataTable>
    </List>
);
