import { Grid } from '@mui/material';
import { AutocompleteInput, DateInput, ReferenceInput, required, SelectInput, TextInput } from 'react-admin';
import { STAGES } from '../shared/choices';
import { LineInputs } from './lineInputs';

const HALF = { xs: 12, sm: 6 };

export const OpportunityInputs = () => (
    <Grid container columnSpacing={2} sx={{ width: '100%', maxWidth: 1000 }}>
        <Grid size={12}>
            <TextInput source="name" validate={required()} />
        </Grid>
        <Grid size={HALF}>
            <ReferenceInput source="company_id" reference="companies" sort={{ field: 'name', order: 'ASC' }}>
                <AutocompleteInput filterToQuery={text => ({ 'name@ilike': text })} validate={required()} />
            </ReferenceInput>
        </Grid>
        <Grid size={HALF}>
            <ReferenceInput source="contact_id" reference="contacts" sort={{ field: 'last_name', order: 'ASC' }}>
                <AutocompleteInput filterToQuery={text => ({ 'search_text@ilike': text })} />
            </ReferenceInput>
        </Grid>
        <Grid size={HALF}>
            <SelectInput source="stage" choices={[...STAGES]} defaultValue="lead" validate={required()} />
        </Grid>
        <Grid size={HALF}>
            <DateInput source="expected_on" />
        </Grid>
        <Grid size={12}>
            <TextInput source="description" multiline minRows={2} />
        </Grid>
        <Grid size={12}>
            <LineInputs />
        </Grid>
    </Grid>
);
