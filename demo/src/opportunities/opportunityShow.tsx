import { Typography } from '@mui/material';
import {
    ArrayField,
    DataTable,
    Labeled,
    ReferenceField,
    Show,
    SimpleShowLayout,
    TextField,
    useRecordContext,
} from 'react-admin';
import { useFormat } from '../i18n/useFormat';
import { useText } from '../i18n/useText';
import { AmountField, MoneyField } from '../shared/amountField';
import { ChoiceChip } from '../shared/choiceChip';
import { STAGES } from '../shared/choices';
import { DayField } from '../shared/momentField';
import { type Line, totalOf } from './line';

export const OpportunityShow = () => (
    <Show>
        <SimpleShowLayout>
            <TextField source="name" variant="h5" component="h1" label={false} />
            <Labeled source="stage">
                <ChoiceChip source="stage" choices={STAGES} />
            </Labeled>
            <ReferenceField source="company_id" reference="companies" link="show" emptyText="crm.none" />
            <ReferenceField source="contact_id" reference="contacts" link="show" emptyText="crm.none" />
            <DayField source="expected_on" emptyText="crm.open" />
            <TextField source="description" emptyText="crm.none" />
            <MoneyField source="amount" variant="h6" />
            <ArrayField source="lines">
                <Lines />
            </ArrayField>
        </SimpleShowLayout>
    </Show>
);

const Lines = () => (
    <DataTable rowClick={false} bulkActionButtons={false} empty={<NoLines />} sx={{ maxWidth: 800 }}>
        <DataTable.Col source="product_id" label="resources.opportunities.fields.lines.product_id" disableSort>
            <ReferenceField source="product_id" reference="products" link="edit" />
        </DataTable.Col>
        <DataTable.Col
            source="quantity"
            label="resources.opportunities.fields.lines.quantity"
            field={AmountField}
            align="right"
            disableSort
        />
        <DataTable.Col source="unit_price" label="crm.line.unitPrice" field={MoneyField} align="right" disableSort />
        <DataTable.Col label="crm.line.total" align="right" disableSort>
            <LineTotal />
        </DataTable.Col>
    </DataTable>
);

const NoLines = () => {
    const text = useText();
    return <Typography color="text.secondary">{text('crm.line.empty')}</Typography>;
};

const LineTotal = () => {
    const { money } = useFormat();
    const line = useRecordContext();
    return line ? money(totalOf([line as unknown as Line])) : null;
};
