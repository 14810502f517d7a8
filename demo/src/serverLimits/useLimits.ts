import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNotify } from 'react-admin';
import { describe, getLimits, setLimits } from './limits';

const KEY = ['serverLimits'];

/** The limits of the server, read each second, and the function that changes them. */
export function useLimits() {
    const queryClient = useQueryClient();
    const notify = useNotify();
    const { data: limits, error } = useQuery({ queryKey: KEY, queryFn: getLimits, refetchInterval: 1000, gcTime: 0 });
    const { mutate: apply, isPending: isApplying } = useMutation({
        mutationFn: setLimits,
        onSuccess: now => {
            queryClient.setQueryData(KEY, now);
            notify(`Applied. ${describe(now)}`, { type: 'success' });
        },
        onError: problem => notify(problem.message, { type: 'error' }),
    });
    return { limits, error, apply, isApplying };
}
