import { Create, SimpleForm } from 'react-admin';
import { NoteInputs } from './noteInputs';

export const NoteCreate = () => (
    <Create redirect="list" title="New note">
        <SimpleForm sx={{ maxWidth: 700 }}>
            <NoteInputs />
        </SimpleForm>
    </Create>
);
