import { type ImportRow, importRowOptions } from 'ra-rate-limit/mui';
import { useBulkImport } from 'ra-rate-limit/react';
import { useMemo } from 'react';
import { useDataProvider } from 'react-admin';
import type { CrmDataProvider } from '../../dataProvider';
import { useText } from '../../i18n/useText';
import { contactRows } from './contactRows';
import { type ContactImportChoices, DEFAULT_CHOICES } from './contactSchema';

const RESUME_KEY = 'contacts-import';

/**
 * The import of contacts, with their companies and tags, at the pace that the server accepts. One that was broken off goes
 * on where it was when it is started with the same file again.
 *
 * @returns what `BulkImportButton` and `BulkImportDialog` need of it
 */
export function useContactImportWithRateLimit({
    requireEmailOrPhone,
    companiesWithoutContacts,
}: ContactImportChoices = DEFAULT_CHOICES) {
    const dataProvider = useDataProvider<CrmDataProvider>();
    const text = useText();
    const { validate, transform } = useMemo(
        () => contactRows(dataProvider, { requireEmailOrPhone, companiesWithoutContacts }, text),
        [dataProvider, requireEmailOrPhone, companiesWithoutContacts, text],
    );
    const contactImport = useBulkImport<ImportRow>({
        resource: 'contacts',
        ...importRowOptions({ validate, transform }),
        keyColumn: 'import_key',
        resumeKey: RESUME_KEY,
    });
    return { import: contactImport, validate, resumeKey: RESUME_KEY };
}
