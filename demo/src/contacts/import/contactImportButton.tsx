import { Checkbox, FormControlLabel, FormGroup } from '@mui/material';
import { BulkImportButton } from 'ra-rate-limit/mui';
import { useState } from 'react';
import { useText } from '../../i18n/useText';
import { CONTACT_FIELDS } from './contactFields';
import { DEFAULT_CHOICES } from './contactSchema';
import { rowMessage } from './rowMessage';
import { useContactImportWithRateLimit } from './useContactImportWithRateLimit';

export const ContactImportButton = () => {
    const [choices, setChoices] = useState(DEFAULT_CHOICES);
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
