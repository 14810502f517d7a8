import { Edit, SimpleForm } from 'react-admin';
import { TagInputs } from './tagInputs';

export const TagEdit = () => (
    <Edit mutationMode="pessimistic">
        <SimpleForm sx={{ maxWidth: 600 }}>
            <TagInputs />
        </SimpleForm>
    </Edit>
);
