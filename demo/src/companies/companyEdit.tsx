import { SimpleForm } from 'react-admin';
import { EditPage } from '../shared/formPages';
import { CompanyInputs } from './companyInputs';

export const CompanyEdit = () => (
    <EditPage redirect="show">
        <SimpleForm>
            <CompanyInputs />
        </SimpleForm>
    </EditPage>
);
