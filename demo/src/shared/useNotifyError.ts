import { useCallback } from 'react';
import { useNotify } from 'react-admin';

/** Shows what an error says, as react-admin's own forms do. */
export function useNotifyError() {
    const notify = useNotify();
    return useCallback(
        (error: unknown) => {
            const message = error instanceof Error ? error.message : 'ra.notification.http_error';
            notify(message, { type: 'error', messageArgs: { _: message } });
        },
        [notify],
    );
}
