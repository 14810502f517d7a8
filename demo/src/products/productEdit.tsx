import { Edit, SimpleForm } from 'react-admin';
import { ProductInputs } from './productInputs';

export const ProductEdit = () => (
    <Edit mutationMode="pessimistic">
        <SimpleForm sx={{ maxWidth: 600 }}>
            <ProductInputs />
        </SimpleForm>
    </Edit>
);
