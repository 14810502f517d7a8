import { SimpleForm } from 'react-admin';
import { CreatePage } from '../shared/formPages';
import { ContactInputs } from './contactInputs';

export const ContactCreate = () => (
    <CreatePage redirect="show">
        <SimpleForm>
            <ContactInputs />
        </SimpleForm>
    </CreatePage>
);
