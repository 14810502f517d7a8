import { SimpleForm } from 'react-admin';
import { EditPage } from '../shared/formPages';
import { OpportunityInputs } from './opportunityInputs';

export const OpportunityEdit = () => (
    <EditPage redirect="show">
        <SimpleForm>
            <OpportunityInputs />
        </SimpleForm>
    </EditPage>
);
