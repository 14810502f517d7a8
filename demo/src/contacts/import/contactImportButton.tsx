import { Checkbox, FormControlLabel, FormGroup } from '@mui/material';
import { BulkImportButton } from 'ra-rate-limit/mui';
import { useStore } from 'react-admin';
import { useText } from '../../i18n/useText';
import { CONTACT_FIELDS } from './contactFields';
import { DEFAULT_CHOICES } from './contactSchema';
import { rowMessage } from './rowMessage';
import { useContactImportWithRateLimit } from './useContactImportWithRateLimit';

export const ContactImportButton = () => {
    // Kept in the browser, as the import is: resumed after the page was closed, it goes by the same choices.
    const [choices, setChoices] = useStore('contacts.importChoices', DEFAULT_CHOICES);
    const text = useText();
    const { requireEmailOrPhone, companiesWithoutContacts } = choices;
    return (
        <BulkImportButton
            {...useContactImportWithRateLimit(choices)}
            resource="contacts"
            fields={CONTACT_FIELDS}
            formatError={error => rowMessage(error, text)}
            options={
                <FormGroup>
                    <FormControlLabel
                        label={text('crm.import.requireEmailOrPhone')}
                        control={<Checkbox checked={requireEmailOrPhone} />}
                        onChange={(_, checked) => setChoices({ ...choices, requireEmailOrPhone: checked })}
                    />
                    <FormControlLabel
                        label={text('crm.import.createCompanies')}
                        control={<Checkbox checked={companiesWithoutContacts === 'create'} />}
                        onChange={(_, checked) =>
                            setChoices({ ...choices, companiesWithoutContacts: checked ? 'create' : 'skip' })
                        }
                    />
                </FormGroup>
            }
        />
    );
};
