import * as raCore from 'ra-core';

interface Access {
    /** `undefined` until it is known. */
    canAccess?: boolean | undefined;
}

/** react-admin has access control since 5.3. */
export const useCanAccess: (params: { resource: string; action: string; enabled?: boolean }) => Access =
    'useCanAccess' in raCore ? raCore.useCanAccess : () => ({ canAccess: true });
