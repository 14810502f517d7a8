import { BulkDeleteButton, BulkExportButton, useRefresh } from 'react-admin';

/** Like those of react-admin, but a deletion waits for the server and shows its error. */
export const BulkActions = () => {
    // In this mode, react-admin does not fetch the page that was emptied again.
    const refresh = useRefresh();
    return (
        <>
            <BulkExportButton />
            <BulkDeleteButton mutationMode="pessimistic" mutationOptions={{ onSettled: () => refresh() }} />
        </>
    );
};
