import { useCreate, useNotify } from 'react-admin';

/** Creates the segment that a person has typed the name of, or finds the one that has this name already. */
export function useCreateSegment() {
    const [create] = useCreate();
    const notify = useNotify();
    return async (name?: string) => {
        if (!name?.trim()) return undefined;
        try {
            return await create('segments', { data: { name } }, { returnPromise: true });
        } catch (error) {
            notify(error instanceof Error ? error.message : 'ra.notification.http_error', { type: 'error' });
            return undefined;
        }
    };
}
