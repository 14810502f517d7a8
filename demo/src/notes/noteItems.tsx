import { Box, Divider, Stack, Typography } from '@mui/material';
import { EditButton, RecordContextProvider, useListContext } from 'react-admin';
import { ChoiceChip } from '../shared/choiceChip';
import { NOTE_KINDS } from '../shared/choices';
import { MomentField } from '../shared/momentField';
import { NoneYet } from '../shared/resourceHeading';

/** The notes of a contact, one below the other. */
export const NoteItems = () => {
    const { data = [], isPending } = useListContext();
    if (isPending) return null;
    if (data.length === 0) return <NoneYet resource="contact_notes" />;
    return (
        <Stack divider={<Divider />} spacing={1}>
            {data.map(note => (
                <RecordContextProvider key={note.id} value={note}>
                    <Box sx={{ py: 0.5 }}>
                        <Stack direction="row" spacing={1} sx={{ alignItems: 'center' }}>
                            <ChoiceChip source="kind" choices={NOTE_KINDS} />
                            <MomentField source="created_at" color="text.secondary" />
                            <Box sx={{ flex: 1 }} />
                            <EditButton resource="contact_notes" label="crm.note.edit" />
                        </Stack>
                        <Typography variant="body2" sx={{ whiteSpace: 'pre-line' }}>
                            {note.text}
                        </Typography>
                    </Box>
                </RecordContextProvider>
            ))}
        </Stack>
    );
};
