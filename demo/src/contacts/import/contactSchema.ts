import { z } from 'zod';
import { CONTACT_STATUSES } from '../../shared/choices';
import { type ContactField, labelOf } from './contactFields';

/** What to do with rows that are not wrong, but of doubtful use. */
export interface ContactImportChoices {
    /** Leaves out contacts that have neither an e-mail address nor a phone number. */
    requireEmailOrPhone: boolean;
    /** Rows that name a company and no contact: the company is created, or the row is left out. */
    companiesWithoutContacts: 'create' | 'skip';
}

export const DEFAULT_CHOICES: ContactImportChoices = { requireEmailOrPhone: false, companiesWithoutContacts: 'skip' };

const MOST_TAGS = 20;
const LONGEST_TAG = 50;

const cell = z
    .string()
    .nullish()
    .transform(value => value?.trim() || null);

const text = (field: ContactField, maxLength: number) =>
    cell.refine(value => value === null || value.length <= maxLength, {
        error: ({ input }) =>
            `${labelOf(field)}: ${String(input).length} characters are too many, ${maxLength} are allowed`,
    });

/**
 * Reads a row, or says all that is wrong with it. Texts are trimmed, and null when empty; what has a default in the
 * database is undefined then.
 */
export const contactSchema = ({ requireEmailOrPhone, companiesWithoutContacts }: ContactImportChoices) =>
    z
        .object({
            first_name: text('first_name', 100),
            last_name: text('last_name', 100),
            email: text('email', 254).refine(value => value === null || /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value), {
                error: ({ input }) => `E-mail: ${quote(input)} is not an e-mail address`,
            }),
            phone: text('phone', 50),
            title: text('title', 200),
            company: text('company', 200),
            tags: cell
                .transform(splitTags)
                .refine(tags => tags.length <= MOST_TAGS, `Tags: more than ${MOST_TAGS}`)
                .refine(
                    tags => tags.every(tag => tag.length <= LONGEST_TAG),
                    `Tags: one has more than ${LONGEST_TAG} characters`,
                ),
            status: cell
                .refine(value => value === null || readStatus(value) !== undefined, {
                    error: ({ input }) =>
                        `Status: ${quote(input)} is none of ${CONTACT_STATUSES.map(({ id }) => id).join(', ')}`,
                })
                .transform(readStatus),
            newsletter: cell
                .refine(value => value === null || readYesOrNo(value) !== undefined, {
                    error: ({ input }) => `Newsletter: ${quote(input)} is neither yes nor no`,
                })
                .transform(readYesOrNo),
        })
        .superRefine(({ first_name, last_name, email, phone, company }, { addIssue }) => {
            if (!first_name && !last_name && company) {
                if (companiesWithoutContacts === 'skip') addIssue('Left out: it names a company but no contact');
                return;
            }
            if (!first_name) addIssue('First name: missing');
            if (!last_name) addIssue('Last name: missing');
            if (requireEmailOrPhone && !email && !phone)
                addIssue('Left out: neither an e-mail address nor a phone number');
        });

function splitTags(value: string | null): string[] {
    const tags = (value ?? '').split(/[,;]/).map(tag => tag.trim());
    return tags.filter(tag => tag !== '');
}

function readStatus(value: string | null) {
    const status = value?.toLowerCase();
    return CONTACT_STATUSES.find(({ id }) => id === status)?.id;
}

const YES = ['yes', 'y', 'true', '1', 'x', 'on'];
const NO = ['no', 'n', 'false', '0', 'off', '-'];

function readYesOrNo(value: string | null): boolean | undefined {
    const word = value?.toLowerCase() ?? '';
    return YES.includes(word) || (NO.includes(word) ? false : undefined);
}

/** A cell may hold a whole page: enough of it to find it again. */
function quote(value: unknown): string {
    const text = String(value);
    return `"${text.length > 60 ? `${text.slice(0, 60)}…` : text}"`;
}
