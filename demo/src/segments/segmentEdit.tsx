import { Edit, SimpleForm } from 'react-admin';
import { SegmentInputs } from './segmentInputs';

export const SegmentEdit = () => (
    <Edit mutationMode="pessimistic">
        <SimpleForm sx={{ maxWidth: 600 }}>
            <SegmentInputs />
        </SimpleForm>
    </Edit>
);
