import { Avatar, Stack, Typography } from '@mui/material';
import { useRecordContext } from 'react-admin';

/** A contact's initials and name. */
export const ContactName = () => {
    const contact = useRecordContext();
    if (!contact) return null;
    const { first_name: first, last_name: last } = contact;
    return (
        <Stack direction="row" spacing={1.5} sx={{ alignItems: 'center' }}>
            <Avatar sx={{ width: 28, height: 28, fontSize: '0.75rem' }} aria-hidden>
                {first[0]}
                {last[0]}
            </Avatar>
            <Typography variant="body2" sx={{ whiteSpace: 'nowrap' }}>
                {first} {last}
            </Typography>
        </Stack>
    );
};
