import type { HttpClient } from 'ra-rate-limit';
import type { Contact } from './contactsApi.ts';

/** The part of a data provider that writes, in the way react-admin's REST providers do it. */
export const contactsProvider = (apiUrl: string, httpClient: HttpClient) => ({
    create: async (resource: string, { data }: { data: Pick<Contact, 'name'> }): Promise<{ data: Contact }> => {
        const { json } = await httpClient(`${apiUrl}/${resource}`, { method: 'POST', body: JSON.stringify(data) });
        return { data: json };
    },
    update: async (
        resource: string,
        { id, data }: { id: number; data: Partial<Contact> },
    ): Promise<{ data: Contact }> => {
        const { json } = await httpClient(`${apiUrl}/${resource}/${id}`, { method: 'PUT', body: JSON.stringify(data) });
        return { data: json };
    },
});
