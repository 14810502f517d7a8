import { z } from 'zod';
import type { Text } from '../../i18n/text';
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

/** Its parts cannot match the same characters, or a cell full of dots would take minutes. */
const EMAIL = /^[^\s@]+@[^\s@.]+(?:\.[^\s@.]+)+$/;

const MOST_TAGS = 20;
const LONGEST_TAG = 50;

const cell = z
    .string()
    .nullish()
    .transform(value => value?.trim() || null);

/**
 * Reads a row, or says all that is wrong with it. Texts are trimmed, and null when empty; what has a default in the
 * database is undefined then.
 */
export function contactSchema({ requireEmailOrPhone, companiesWithoutContacts }: ContactImportChoices, text: Text) {
    const field = (source: ContactField) => ({ field: labelOf(source, text) });

    const upTo = (most: number, source: ContactField) =>
        cell.refine(value => value === null || value.length <= most, {
            error: ({ input }) => text('crm.import.tooLong', { ...field(source), length: String(input).length, most }),
        });

    return z
        .object({
            first_name: upTo(100, 'first_name'),
            last_name: upTo(100, 'last_name'),
            email: upTo(254, 'email').refine(value => value === null || EMAIL.test(value), {
                error: ({ input }) => text('crm.import.notAnEmail', { ...field('email'), value: quote(input) }),
            }),
            phone: upTo(50, 'phone'),
            title: upTo(200, 'title'),
            company: upTo(200, 'company'),
            tags: cell
                .transform(splitTags)
                .refine(tags => tags.length <= MOST_TAGS, {
                    error: () => text('crm.import.tooManyTags', { ...field('tags'), most: MOST_TAGS }),
                })
                .refine(tags => tags.every(tag => tag.length <= LONGEST_TAG), {
                    error: () => text('crm.import.tagTooLong', { ...field('tags'), most: LONGEST_TAG }),
                }),
            status: cell
                .refine(value => value === null || readStatus(value) !== undefined, {
                    error: ({ input }) =>
                        text('crm.import.notAStatus', { ...field('status'), value: quote(input), values: STATUSES }),
                })
                .transform(readStatus),
            newsletter: cell
                .refine(value => value === null || readYesOrNo(value) !== undefined, {
                    error: ({ input }) =>
                        text('crm.import.neitherYesNorNo', { ...field('newsletter'), value: quote(input) }),
                })
                .transform(readYesOrNo),
        })
        .superRefine(({ first_name, last_name, email, phone, company }, { addIssue }) => {
            if (!first_name && !last_name && company) {
                if (companiesWithoutContacts === 'skip') addIssue(text('crm.import.onlyCompany'));
                return;
            }
            if (!first_name) addIssue(text('crm.import.missing', field('first_name')));
            if (!last_name) addIssue(text('crm.import.missing', field('last_name')));
            if (requireEmailOrPhone && !email && !phone) addIssue(text('crm.import.noEmailOrPhone'));
        });
}

const STATUSES = CONTACT_STATUSES.map(({ id }) => id).join(', ');

function splitTags(value: string | null): string[] {
    const tags = (value ?? '').split(/[,;]/).map(tag => tag.trim());
    return tags.filter(tag => tag !== '');
}

function readStatus(value: string | null) {
    const status = value?.toLowerCase();
    return CONTACT_STATUSES.find(({ id }) => id === status)?.id;
}

const YES = ['yes', 'y', 'oui', 'o', 'true', '1', 'x', 'on'];
const NO = ['no', 'n', 'non', 'false', '0', 'off', '-'];

function readYesOrNo(value: string | null): boolean | undefined {
    const word = value?.toLowerCase() ?? '';
    return YES.includes(word) || (NO.includes(word) ? false : undefined);
}

/** A cell may hold a whole page: enough of it to find it again. */
function quote(value: unknown): string {
    const text = String(value);
    return `"${text.length > 60 ? `${text.slice(0, 60)}…` : text}"`;
}
