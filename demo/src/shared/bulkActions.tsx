import { BulkDeleteButton, BulkExportButton } from 'react-admin';

/** Like those of react-admin, but a deletion waits for the server and shows its error. */
export const BulkActions = () => (
    <>
        <BulkExportButton />
        <BulkDeleteButton mutationMode="pessimistic" />
    </>
);
