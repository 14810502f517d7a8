import { BooleanInput, minValue, NumberInput, required, SelectInput, TextInput } from 'react-admin';

export const CATEGORIES = [
    { id: 'License', name: 'crm.category.license' },
    { id: 'Service', name: 'crm.category.service' },
    { id: 'Support', name: 'crm.category.support' },
    { id: 'Add-on', name: 'crm.category.addOn' },
];

export const ProductInputs = () => (
    <>
        <TextInput source="name" validate={required()} />
        <TextInput source="reference" validate={required()} helperText="crm.product.referenceHint" />
        <SelectInput source="category" choices={CATEGORIES} validate={required()} />
        <NumberInput
            source="unit_price"
            label="crm.product.unitPrice"
            min={0}
            step={0.01}
            validate={[required(), minValue(0)]}
        />
        <TextInput source="description" multiline minRows={2} />
        <BooleanInput source="available" defaultValue />
    </>
);
