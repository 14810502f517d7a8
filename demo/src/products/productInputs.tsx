import { BooleanInput, minValue, NumberInput, required, SelectInput, TextInput } from 'react-admin';

export const CATEGORIES = ['License', 'Service', 'Support', 'Add-on'].map(name => ({ id: name, name }));

export const ProductInputs = () => (
    <>
        <TextInput source="name" validate={required()} />
        <TextInput source="reference" validate={required()} helperText="Unique, such as CRM-010" />
        <SelectInput source="category" choices={CATEGORIES} validate={required()} />
        <NumberInput
            source="unit_price"
            label="Unit price (USD)"
            min={0}
            step={0.01}
            validate={[required(), minValue(0)]}
        />
        <TextInput source="description" multiline minRows={2} />
        <BooleanInput source="available" defaultValue />
    </>
);
