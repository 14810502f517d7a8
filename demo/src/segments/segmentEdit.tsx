import { SimpleForm } from 'react-admin';
import { EditPage } from '../shared/formPages';
import { SegmentInputs } from './segmentInputs';

export const SegmentEdit = () => (
    <EditPage redirect="list">
        <SimpleForm sx={{ maxWidth: 600 }}>
            <SegmentInputs />
        </SimpleForm>
    </EditPage>
);
