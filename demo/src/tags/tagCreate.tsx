import { SimpleForm } from 'react-admin';
import { CreatePage } from '../shared/formPages';
import { TagInputs } from './tagInputs';

export const TagCreate = () => (
    <CreatePage redirect="list">
        <SimpleForm sx={{ maxWidth: 600 }}>
            <TagInputs />
        </SimpleForm>
    </CreatePage>
);
