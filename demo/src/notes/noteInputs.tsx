import { AutocompleteInput, ReferenceInput, required, SelectInput, TextInput } from 'react-admin';
import { NOTE_KINDS } from '../shared/choices';

export const NoteInputs = () => (
    <>
        <ReferenceInput source="contact_id" reference="contacts" sort={{ field: 'last_name', order: 'ASC' }}>
            <AutocompleteInput filterToQuery={text => ({ 'search_text@ilike': text })} validate={required()} />
        </ReferenceInput>
        <SelectInput source="kind" choices={[...NOTE_KINDS]} defaultValue="call" validate={required()} />
        <TextInput source="text" multiline minRows={4} validate={required()} />
    </>
);
