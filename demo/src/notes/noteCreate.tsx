import { Create, SimpleForm } from 'react-admin';
import { NoteInputs } from './noteInputs';

export const NoteCreate = () => (
    <Create redirect="list">
        <SimpleForm sx={{ maxWidth: 700 }}>
            <NoteInputs />
        </SimpleForm>
    </Create>
);
