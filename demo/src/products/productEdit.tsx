import { SimpleForm } from 'react-admin';
import { EditPage } from '../shared/formPages';
import { ProductInputs } from './productInputs';

export const ProductEdit = () => (
    <EditPage redirect="list">
        <SimpleForm sx={{ maxWidth: 600 }}>
            <ProductInputs />
        </SimpleForm>
    </EditPage>
);
