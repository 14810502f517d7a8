import { Create, SimpleForm } from 'react-admin';
import { ProductInputs } from './productInputs';

export const ProductCreate = () => (
    <Create redirect="list">
        <SimpleForm sx={{ maxWidth: 600 }}>
            <ProductInputs />
        </SimpleForm>
    </Create>
);
