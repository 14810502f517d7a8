import { Create, SimpleForm } from 'react-admin';
import { CompanyInputs } from './companyInputs';

export const CompanyCreate = () => (
    <Create redirect="show">
        <SimpleForm>
            <CompanyInputs />
        </SimpleForm>
    </Create>
);
