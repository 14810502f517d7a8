import { SimpleForm } from 'react-admin';
import { EditPage } from '../shared/formPages';
import { TagInputs } from './tagInputs';

export const TagEdit = () => (
    <EditPage redirect="list">
        <SimpleForm sx={{ maxWidth: 600 }}>
            <TagInputs />
        </SimpleForm>
    </EditPage>
);
