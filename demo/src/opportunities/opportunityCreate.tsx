import { SimpleForm } from 'react-admin';
import { CreatePage } from '../shared/formPages';
import { OpportunityInputs } from './opportunityInputs';

export const OpportunityCreate = () => (
    <CreatePage redirect="show">
        <SimpleForm>
            <OpportunityInputs />
        </SimpleForm>
    </CreatePage>
);
