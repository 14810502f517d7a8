import { DataTable } from 'react-admin';
import { MoneyField } from '../shared/amountField';
import { ChoiceChip } from '../shared/choiceChip';
import { STAGES } from '../shared/choices';
import { DayField } from '../shared/momentField';
import { NoneYet } from '../shared/resourceHeading';

/** The opportunities of a company or of a contact. */
export const OpportunityItems = () => (
    <DataTable rowClick="show" bulkActionButtons={false} empty={<NoneYet resource="opportunities" />}>
        <DataTable.Col source="name" />
        <DataTable.Col source="stage">
            <ChoiceChip source="stage" choices={STAGES} />
        </DataTable.Col>
        <DataTable.Col source="amount" field={MoneyField} align="right" />
        <DataTable.Col source="expected_on" label="crm.column.expected" field={DayField} />
    </DataTable>
);
