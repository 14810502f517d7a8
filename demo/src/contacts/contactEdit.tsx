import { SimpleForm } from 'react-admin';
import { EditPage } from '../shared/formPages';
import { ContactInputs } from './contactInputs';

export const ContactEdit = () => (
    <EditPage redirect="show">
        <SimpleForm>
            <ContactInputs />
        </SimpleForm>
    </EditPage>
);
