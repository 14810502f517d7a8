import type { ImportField } from 'ra-rate-limit/mui';

/** What a column of the file can fill, and the names that such columns often have. */
export const CONTACT_FIELDS = [
    { source: 'first_name', label: 'First name', aliases: ['Given name', 'Forename'] },
    { source: 'last_name', label: 'Last name', aliases: ['Family name', 'Surname'] },
    { source: 'email', label: 'E-mail', aliases: ['E-mail address', 'Mail'] },
    { source: 'phone', label: 'Phone', aliases: ['Phone number', 'Telephone', 'Mobile'] },
    { source: 'title', label: 'Title', aliases: ['Job title', 'Position', 'Role'] },
    { source: 'company', label: 'Company', aliases: ['Company name', 'Organization', 'Organisation', 'Employer'] },
    { source: 'tags', label: 'Tags', aliases: ['Labels', 'Categories'] },
    { source: 'status', label: 'Status', aliases: ['Stage'] },
    { source: 'newsletter', label: 'Newsletter', aliases: ['Receives the newsletter', 'Subscribed'] },
] as const satisfies readonly ImportField[];

export type ContactField = (typeof CONTACT_FIELDS)[number]['source'];

/** A row as it is in the file: texts. */
export type ContactRow = { [Field in ContactField]?: string | null | undefined };

/** The name of a field, or of a column that the file cannot fill, for people. */
export const labelOf = (source: string): string =>
    CONTACT_FIELDS.find(field => field.source === source)?.label ?? source;
