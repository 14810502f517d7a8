import { Edit, SimpleForm } from 'react-admin';
import { ContactInputs } from './contactInputs';

// Pessimistic: the page waits for the server, so that what it answers is seen where it matters.
export const ContactEdit = () => (
    <Edit mutationMode="pessimistic" redirect="show">
        <SimpleForm>
            <ContactInputs />
        </SimpleForm>
    </Edit>
);
