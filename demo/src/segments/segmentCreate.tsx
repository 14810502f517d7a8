import { SimpleForm } from 'react-admin';
import { CreatePage } from '../shared/formPages';
import { SegmentInputs } from './segmentInputs';

// A name that exists already is no error: it opens the segment that has it.
export const SegmentCreate = () => (
    <CreatePage redirect="edit">
        <SimpleForm sx={{ maxWidth: 600 }}>
            <SegmentInputs />
        </SimpleForm>
    </CreatePage>
);
