import { Create, SimpleForm } from 'react-admin';
import { SegmentInputs } from './segmentInputs';

// A name that exists already is no error: it opens the segment that has it.
export const SegmentCreate = () => (
    <Create redirect="edit">
        <SimpleForm sx={{ maxWidth: 600 }}>
            <SegmentInputs />
        </SimpleForm>
    </Create>
);
