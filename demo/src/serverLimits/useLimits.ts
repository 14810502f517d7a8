import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNotify } from 'react-admin';
import { useText } from '../i18n/useText';
import { useNotifyError } from '../shared/useNotifyError';
import { describe, getLimits, setLimits } from './limits';

const KEY = ['serverLimits'];

/** The limits of the server, read each second, and the function that changes them. */
export function useLimits() {
    const queryClient = useQueryClient();
    const notify = useNotify();
    const notifyError = useNotifyError();
    const text = useText();
    const { data: limits, error } = useQuery({ queryKey: KEY, queryFn: getLimits, refetchInterval: 1000, gcTime: 0 });
    const { mutate: apply } = useMutation({
        mutationFn: setLimits,
        onSuccess: now => {
            queryClient.setQueryData(KEY, now);
            notify('crm.limits.form.applied', { type: 'success', messageArgs: { limits: describe(now, text) } });
        },
        onError: notifyError,
    });
    return { limits, error, apply };
}
