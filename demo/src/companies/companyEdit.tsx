import { Edit, SimpleForm } from 'react-admin';
import { CompanyInputs } from './companyInputs';

export const CompanyEdit = () => (
    <Edit mutationMode="pessimistic" redirect="show">
        <SimpleForm>
            <CompanyInputs />
        </SimpleForm>
    </Edit>
);
