import AddIcon from '@mui/icons-material/Add';
import { Typography } from '@mui/material';
import {
    ArrayInput,
    AutocompleteInput,
    Button,
    minValue,
    NumberInput,
    type RaRecord,
    ReferenceInput,
    required,
    SimpleFormIterator,
    useSimpleFormIterator,
    useSourceContext,
} from 'react-admin';
import { useFormContext, useWatch } from 'react-hook-form';
import { useFormat } from '../i18n/useFormat';
import { useText } from '../i18n/useText';
import { type Line, totalOf } from './line';

/** The products of an opportunity: all of them are saved with it, in one request. */
export const LineInputs = () => (
    <>
        <ArrayInput source="lines" defaultValue={[]}>
            <SimpleFormIterator inline disableReordering disableClear addButton={<AddLineButton />}>
                <ProductInput />
                <NumberInput
                    source="quantity"
                    defaultValue={1}
                    min={1}
                    step={1}
                    validate={[required(), minValue(1)]}
                    helperText={false}
                    sx={{ width: 110 }}
                />
                <NumberInput
                    source="unit_price"
                    min={0}
                    step={0.01}
                    validate={[required(), minValue(0)]}
                    helperText={false}
                    sx={{ width: 150 }}
                />
                <LineTotal />
            </SimpleFormIterator>
        </ArrayInput>
        <Total />
    </>
);

const AddLineButton = () => {
    const { add } = useSimpleFormIterator();
    return (
        <Button label="crm.line.add" size="small" onClick={() => add()}>
            <AddIcon />
        </Button>
    );
};

const ProductInput = () => {
    const { setValue } = useFormContext();
    const { getSource } = useSourceContext();
    const takePrice = (_id: unknown, product: '' | RaRecord) => {
        if (product) setValue(getSource('unit_price'), Number(product.unit_price), { shouldDirty: true });
    };
    return (
        <ReferenceInput source="product_id" reference="products" sort={{ field: 'name', order: 'ASC' }} perPage={50}>
            <AutocompleteInput
                filterToQuery={text => ({ 'name@ilike': text })}
                onChange={takePrice}
                validate={required()}
                helperText={false}
                sx={{ width: { xs: 220, md: 320 } }}
            />
        </ReferenceInput>
    );
};

const LineTotal = () => {
    const { money } = useFormat();
    const { getSource } = useSourceContext();
    const [quantity, unitPrice] = useWatch({ name: [getSource('quantity'), getSource('unit_price')] });
    return (
        <Typography variant="body2" sx={{ minWidth: 110, textAlign: 'right', alignSelf: 'center' }}>
            {money(totalOf([{ quantity, unit_price: unitPrice }]))}
        </Typography>
    );
};

const Total = () => {
    const text = useText();
    const { money } = useFormat();
    const lines: Line[] = useWatch({ name: 'lines' }) ?? [];
    return (
        <Typography variant="h6" component="p" sx={{ textAlign: 'right', mt: 1 }}>
            {text('crm.line.totalOf', { amount: money(totalOf(lines)) })}
        </Typography>
    );
};
