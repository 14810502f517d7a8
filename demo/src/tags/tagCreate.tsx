import { Create, SimpleForm } from 'react-admin';
import { TagInputs } from './tagInputs';

export const TagCreate = () => (
    <Create redirect="list">
        <SimpleForm sx={{ maxWidth: 600 }}>
            <TagInputs />
        </SimpleForm>
    </Create>
);
