import type { ImportField } from 'ra-rate-limit/mui';
import type { Text, TextKey } from '../../i18n/text';

/** What a column of the file can fill, and the names that such columns often have, in whatever language the admin is. */
export const CONTACT_FIELDS = [
    {
        source: 'first_name',
        label: 'resources.contacts.fields.first_name',
        aliases: ['First name', 'Given name', 'Forename', 'Prénom'],
    },
    {
        source: 'last_name',
        label: 'resources.contacts.fields.last_name',
        aliases: ['Last name', 'Family name', 'Surname', 'Nom', 'Nom de famille'],
    },
    {
        source: 'email',
        label: 'resources.contacts.fields.email',
        aliases: ['E-mail address', 'Mail', 'Adresse e-mail', 'Courriel'],
    },
    {
        source: 'phone',
        label: 'resources.contacts.fields.phone',
        aliases: ['Phone number', 'Telephone', 'Mobile', 'Numéro de téléphone', 'Portable'],
    },
    {
        source: 'title',
        label: 'resources.contacts.fields.title',
        aliases: ['Job title', 'Position', 'Role', 'Fonction', 'Poste'],
    },
    {
        source: 'company',
        label: 'resources.contacts.fields.company_id',
        aliases: ['Company name', 'Organization', 'Organisation', 'Employer', 'Entreprise', 'Société'],
    },
    {
        source: 'tags',
        label: 'resources.contacts.fields.tag_ids',
        aliases: ['Labels', 'Categories', 'Étiquettes', 'Catégories'],
    },
    { source: 'status', label: 'resources.contacts.fields.status', aliases: ['Stage', 'Statut'] },
    {
        source: 'newsletter',
        label: 'crm.import.newsletter',
        aliases: ['Receives the newsletter', 'Subscribed', 'Lettre d’information', 'Abonné'],
    },
] as const satisfies readonly (ImportField & { label: TextKey })[];

export type ContactField = (typeof CONTACT_FIELDS)[number]['source'];

/** A row as it is in the file: texts. */
export type ContactRow = { [Field in ContactField]?: string | null | undefined };

/** The name of a field, or of a column that the file cannot fill, for people. */
export function labelOf(source: string, text: Text): string {
    const field = CONTACT_FIELDS.find(one => one.source === source);
    return field ? text(field.label) : source;
}
