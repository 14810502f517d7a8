import { Edit, SimpleForm } from 'react-admin';
import { OpportunityInputs } from './opportunityInputs';

export const OpportunityEdit = () => (
    <Edit mutationMode="pessimistic" redirect="show">
        <SimpleForm>
            <OpportunityInputs />
        </SimpleForm>
    </Edit>
);
