import type { ZodError } from 'zod';
import type { CrmDataProvider } from '../../dataProvider';
import type { Text } from '../../i18n/text';
import type { ContactRow } from './contactFields';
import { type ContactImportChoices, contactSchema } from './contactSchema';
import { createFindOrCreate } from './createFindOrCreate';

/** How the rows of a file become contacts. Companies and tags are asked for once, as long as this is in use. */
export function contactRows(
    dataProvider: Pick<CrmDataProvider, 'getOrCreateCompany' | 'getOrCreateTag'>,
    choices: ContactImportChoices,
    text: Text,
) {
    const schema = contactSchema(choices, text);
    const findCompany = createFindOrCreate((name, options) => dataProvider.getOrCreateCompany(name, options));
    const findTag = createFindOrCreate((name, options) => dataProvider.getOrCreateTag(name, options));

    return {
        /** All that is wrong with a row, as far as that can be told without asking the server. */
        validate(row: ContactRow): string | undefined {
            return schema
                .safeParse(row)
                .error?.issues.map(({ message }) => message)
                .join('; ');
        },

        /**
         * The contact of a row, with its company and tags found or created. Null when there is nothing more to save, as
         * the row only names a company.
         *
         * @throws {Error} when the row is not valid, or its company or one of its tags cannot be created
         */
        async transform(row: ContactRow, { signal }: { signal?: AbortSignal }) {
            const { data, error } = schema.safeParse(row);
            if (error) throw new Error(describe(error));
            const { company, tags, ...contact } = data;
            const [company_id, ...tag_ids] = await Promise.all([
                company === null ? null : findCompany(company, signal),
                ...tags.map(tag => findTag(tag, signal)),
            ]);
            return contact.first_name ? { ...contact, company_id, tag_ids: [...new Set(tag_ids)] } : null;
        },
    };
}

const describe = ({ issues }: ZodError): string => issues.map(({ message }) => message).join('; ');
