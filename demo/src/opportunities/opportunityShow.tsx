import { Typography } from '@mui/material';
import {
    ArrayField,
    DataTable,
    Labeled,
    NumberField,
    ReferenceField,
    Show,
    SimpleShowLayout,
    TextField,
    useRecordContext,
} from 'react-admin';
import { ChoiceChip } from '../shared/choiceChip';
import { STAGES } from '../shared/choices';
import { formatMoney, MONEY } from '../shared/format';
import { DayField } from '../shared/momentField';
import { type Line, totalOf } from './line';

export const OpportunityShow = () => (
    <Show>
        <SimpleShowLayout>
            <TextField source="name" variant="h5" component="h1" label={false} />
            <Labeled label="Stage">
                <ChoiceChip source="stage" choices={STAGES} />
            </Labeled>
            <ReferenceField source="company_id" reference="companies" link="show" label="Company" emptyText="None" />
            <ReferenceField source="contact_id" reference="contacts" link="show" label="Contact" emptyText="None" />
            <DayField source="expected_on" label="Expected on" emptyText="Open" />
            <TextField source="description" emptyText="None" />
            <NumberField source="amount" options={MONEY} variant="h6" />
            <ArrayField source="lines" label="Products">
                <Lines />
            </ArrayField>
        </SimpleShowLayout>
    </Show>
);

const Lines = () => (
    <DataTable
        rowClick={false}
        bulkActionButtons={false}
        empty={<Typography color="text.secondary">No products yet.</Typography>}
        sx={{ maxWidth: 800 }}
    >
        <DataTable.Col source="product_id" label="Product" disableSort>
            <ReferenceField source="product_id" reference="products" link="edit" />
        </DataTable.Col>
        <DataTable.NumberCol source="quantity" disableSort />
        <DataTable.NumberCol source="unit_price" options={MONEY} disableSort />
        <DataTable.Col label="Total" align="right" disableSort>
            <LineTotal />
        </DataTable.Col>
    </DataTable>
);

const LineTotal = () => {
    const line = useRecordContext();
    return line ? formatMoney(totalOf([line as unknown as Line])) : null;
};
