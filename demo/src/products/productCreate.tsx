import { SimpleForm } from 'react-admin';
import { CreatePage } from '../shared/formPages';
import { ProductInputs } from './productInputs';

export const ProductCreate = () => (
    <CreatePage redirect="list">
        <SimpleForm sx={{ maxWidth: 600 }}>
            <ProductInputs />
        </SimpleForm>
    </CreatePage>
);
