import { Grid } from '@mui/material';
import { minValue, NumberInput, regex, required, TextInput } from 'react-admin';

const HALF = { xs: 12, sm: 6 };
const isUrl = regex(/^https?:\/\//, 'crm.notAWebAddress');

export const CompanyInputs = () => (
    <Grid container columnSpacing={2} sx={{ width: '100%', maxWidth: 900 }}>
        <Grid size={HALF}>
            <TextInput source="name" validate={required()} />
        </Grid>
        <Grid size={HALF}>
            <TextInput source="sector" />
        </Grid>
        <Grid size={HALF}>
            <TextInput source="website" type="url" validate={isUrl} />
        </Grid>
        <Grid size={HALF}>
            <TextInput source="phone" />
        </Grid>
        <Grid size={12}>
            <TextInput source="address" />
        </Grid>
        <Grid size={HALF}>
            <TextInput source="city" />
        </Grid>
        <Grid size={HALF}>
            <TextInput source="country" />
        </Grid>
        <Grid size={HALF}>
            <NumberInput source="employees" min={1} step={1} validate={minValue(1)} />
        </Grid>
        <Grid size={12}>
            <TextInput source="description" multiline minRows={3} />
        </Grid>
    </Grid>
);
