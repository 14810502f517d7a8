import { DataTable, List, ReferenceField } from 'react-admin';
import { BulkActions } from '../shared/bulkActions';
import { ChoiceChip } from '../shared/choiceChip';
import { STAGES } from '../shared/choices';
import { MONEY } from '../shared/format';
import { DayField, MomentField } from '../shared/momentField';
import { choose, reference, search } from '../shared/searchFilters';

const filters = [
    search('name', 'Name'),
    choose('stage', 'Stage', STAGES),
    reference('company_id', 'Company', 'companies'),
];

export const OpportunityList = () => (
    <List filters={filters} sort={{ field: 'expected_on', order: 'ASC' }} perPage={25}>
        <DataTable rowClick="show" bulkActionButtons={<BulkActions />}>
            <DataTable.Col source="name" />
            <DataTable.Col source="company_id" label="Company" disableSort>
                <ReferenceField source="company_id" reference="companies" link="show" />
            </DataTable.Col>
            <DataTable.Col source="contact_id" label="Contact" disableSort>
                <ReferenceField source="contact_id" reference="contacts" link="show" />
            </DataTable.Col>
            <DataTable.Col source="stage">
                <ChoiceChip source="stage" choices={STAGES} />
            </DataTable.Col>
            <DataTable.NumberCol source="amount" options={MONEY} />
            <DataTable.Col source="expected_on" label="Expected" field={DayField} />
            <DataTable.Col source="updated_at" label="Last change" field={MomentField} />
        </DataTable>
    </List>
);
