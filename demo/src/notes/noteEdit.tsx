import { SimpleForm } from 'react-admin';
import { EditPage } from '../shared/formPages';
import { NoteInputs } from './noteInputs';

export const NoteEdit = () => (
    <EditPage redirect="list">
        <SimpleForm sx={{ maxWidth: 700 }}>
            <NoteInputs />
        </SimpleForm>
    </EditPage>
);
