import { Create, SimpleForm } from 'react-admin';
import { OpportunityInputs } from './opportunityInputs';

export const OpportunityCreate = () => (
    <Create redirect="show">
        <SimpleForm>
            <OpportunityInputs />
        </SimpleForm>
    </Create>
);
