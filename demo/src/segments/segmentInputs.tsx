import { required, TextInput } from 'react-admin';

export const SegmentInputs = () => (
    <>
        <TextInput source="name" validate={required()} />
        <TextInput source="description" multiline minRows={2} />
    </>
);
