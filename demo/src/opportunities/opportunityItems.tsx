import { Typography } from '@mui/material';
import { DataTable } from 'react-admin';
import { ChoiceChip } from '../shared/choiceChip';
import { STAGES } from '../shared/choices';
import { MONEY } from '../shared/format';
import { DayField } from '../shared/momentField';

/** The opportunities of a company or of a contact. */
export const OpportunityItems = () => (
    <DataTable
        rowClick="show"
        bulkActionButtons={false}
        empty={<Typography color="text.secondary">No opportunities yet.</Typography>}
    >
        <DataTable.Col source="name" />
        <DataTable.Col source="stage">
            <ChoiceChip source="stage" choices={STAGES} />
        </DataTable.Col>
        <DataTable.NumberCol source="amount" options={MONEY} />
        <DataTable.Col source="expected_on" label="Expected" field={DayField} />
    </DataTable>
);
