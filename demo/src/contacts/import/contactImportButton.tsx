import { Checkbox, FormControlLabel, FormGroup } from '@mui/material';
import { BulkImportButton } from 'ra-rate-limit/mui';
import { useState } from 'react';
import { CONTACT_FIELDS } from './contactFields';
import { DEFAULT_CHOICES } from './contactSchema';
import { rowMessage } from './rowMessage';
import { useContactImportWithRateLimit } from './useContactImportWithRateLimit';

export const ContactImportButton = () => {
    const [choices, setChoices] = useState(DEFAULT_CHOICES);
    const { requireEmailOrPhone, companiesWithoutContacts } = choices;
    return (
        <BulkImportButton
            {...useContactImportWithRateLimit(choices)}
            resource="contacts"
            fields={CONTACT_FIELDS}
            formatError={rowMessage}
            options={
                <FormGroup>
                    <FormControlLabel
                        label="Leave out contacts with neither e-mail address nor phone number"
                        control={<Checkbox checked={requireEmailOrPhone} />}
                        onChange={(_, checked) => setChoices({ ...choices, requireEmailOrPhone: checked })}
                    />
                    <FormControlLabel
                        label="Create companies of rows that name no contact"
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
