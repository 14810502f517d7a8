import { Edit, SimpleForm } from 'react-admin';
import { NoteInputs } from './noteInputs';

export const NoteEdit = () => (
    <Edit mutationMode="pessimistic">
        <SimpleForm sx={{ maxWidth: 700 }}>
            <NoteInputs />
        </SimpleForm>
    </Edit>
);
