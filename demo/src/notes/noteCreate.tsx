import { SimpleForm } from 'react-admin';
import { CreatePage } from '../shared/formPages';
import { NoteInputs } from './noteInputs';

export const NoteCreate = () => (
    <CreatePage redirect="list">
        <SimpleForm sx={{ maxWidth: 700 }}>
            <NoteInputs />
        </SimpleForm>
    </CreatePage>
);
