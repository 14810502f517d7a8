import { Grid } from '@mui/material';
import {
    AutocompleteArrayInput,
    AutocompleteInput,
    BooleanInput,
    email,
    ReferenceArrayInput,
    ReferenceInput,
    required,
    SelectInput,
    TextInput,
} from 'react-admin';
import { useCreateSegment } from '../segments/useCreateSegment';
import { CONTACT_STATUSES } from '../shared/choices';

const HALF = { xs: 12, sm: 6 };
const BY_NAME = { field: 'name', order: 'ASC' } as const;
const byName = (text: string) => ({ 'name@ilike': text });

export const ContactInputs = () => {
    const createSegment = useCreateSegment();
    return (
        <Grid container columnSpacing={2} sx={{ width: '100%', maxWidth: 900 }}>
            <Grid size={HALF}>
                <TextInput source="first_name" validate={required()} />
            </Grid>
            <Grid size={HALF}>
                <TextInput source="last_name" validate={required()} />
            </Grid>
            <Grid size={HALF}>
                <TextInput source="title" />
            </Grid>
            <Grid size={HALF}>
                <ReferenceInput source="company_id" reference="companies" sort={BY_NAME}>
                    <AutocompleteInput filterToQuery={byName} />
                </ReferenceInput>
            </Grid>
            <Grid size={HALF}>
                <TextInput source="email" type="email" validate={email()} />
            </Grid>
            <Grid size={HALF}>
                <TextInput source="phone" />
            </Grid>
            <Grid size={HALF}>
                <SelectInput
                    source="status"
                    choices={[...CONTACT_STATUSES]}
                    defaultValue="lead"
                    validate={required()}
                />
            </Grid>
            <Grid size={HALF}>
                <ReferenceInput source="segment_id" reference="segments" sort={BY_NAME}>
                    <AutocompleteInput
                        filterToQuery={byName}
                        onCreate={createSegment}
                        createLabel="crm.segment.typeName"
                        createItemLabel="crm.segment.create"
                    />
                </ReferenceInput>
            </Grid>
            <Grid size={12}>
                <ReferenceArrayInput source="tag_ids" reference="tags" sort={BY_NAME} perPage={100}>
                    <AutocompleteArrayInput filterToQuery={byName} defaultValue={[]} />
                </ReferenceArrayInput>
            </Grid>
            <Grid size={12}>
                <BooleanInput source="newsletter" defaultValue={false} />
            </Grid>
        </Grid>
    );
};
