import { useCreate } from 'react-admin';
import { useNotifyError } from '../shared/useNotifyError';

/** Creates the segment that a person has typed the name of, or finds the one that has this name already. */
export function useCreateSegment() {
    const [create] = useCreate();
    const notifyError = useNotifyError();
    return async (name?: string) => {
        if (!name?.trim()) return undefined;
        try {
            return await create('segments', { data: { name } }, { returnPromise: true });
        } catch (error) {
            notifyError(error);
            return undefined;
        }
    };
}
