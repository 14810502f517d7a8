import { SimpleForm } from 'react-admin';
import { CreatePage } from '../shared/formPages';
import { CompanyInputs } from './companyInputs';

export const CompanyCreate = () => (
    <CreatePage redirect="show">
        <SimpleForm>
            <CompanyInputs />
        </SimpleForm>
    </CreatePage>
);
