import { Create, SimpleForm } from 'react-admin';
import { ContactInputs } from './contactInputs';

export const ContactCreate = () => (
    <Create redirect="show">
        <SimpleForm>
            <ContactInputs />
        </SimpleForm>
    </Create>
);
