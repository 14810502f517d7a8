import { EditButton, TopToolbar } from 'react-admin';

export const ShowActions = () => (
    <TopToolbar>
        <EditButton />
    </TopToolbar>
);
