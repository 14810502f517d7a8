import { useEffect, useRef } from 'react';
import {
    Create,
    type CreateProps,
    Edit,
    type EditProps,
    type RaRecord,
    useCreatePath,
    useNotify,
    useRedirect,
    useResourceContext,
    useTranslate,
} from 'react-admin';
import { matchPath, useLocation } from 'react-router-dom';

/**
 * What follows a save: a notification, and the next page, but for those who have left the form. A save that the server
 * refuses waits, and react-admin would take a person to the record from wherever they are by then.
 */
function useLeadOn(form: 'create' | 'edit', next: Next) {
    const { pathname } = useLocation();
    const shown = useRef<string | null>(null);
    useEffect(() => {
        shown.current = pathname;
        return () => {
            shown.current = null;
        };
    }, [pathname]);
    const resource = useResourceContext() ?? '';
    const createPath = useCreatePath();
    const notify = useNotify();
    const redirect = useRedirect();
    const translate = useTranslate();
    const outcome = form === 'create' ? 'created' : 'updated';
    return (record: RaRecord) => {
        notify(`resources.${resource}.notifications.${outcome}`, {
            type: 'info',
            messageArgs: { smart_count: 1, _: translate(`ra.notification.${outcome}`, { smart_count: 1 }) },
        });
        const path = createPath({ resource, type: form, id: record.id });
        // A tab of the form has a path of its own behind that.
        if (shown.current && matchPath(`${path}/*`, shown.current)) redirect(next, resource, record.id, record);
    };
}

type Next = 'show' | 'list' | 'edit';

interface EditPageProps extends Omit<EditProps, 'redirect'> {
    redirect: Next;
}

/** Pessimistic: the page waits for the server, so that what it answers is seen where it matters. */
export const EditPage = ({ redirect, ...props }: EditPageProps) => (
    <Edit mutationMode="pessimistic" {...props} mutationOptions={{ onSuccess: useLeadOn('edit', redirect) }} />
);

interface CreatePageProps extends Omit<CreateProps, 'redirect'> {
    redirect: Next;
}

export const CreatePage = ({ redirect, ...props }: CreatePageProps) => (
    <Create {...props} mutationOptions={{ onSuccess: useLeadOn('create', redirect) }} />
);
