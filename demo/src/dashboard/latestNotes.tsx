import { Box, Card, CardContent, Divider, Stack, Typography } from '@mui/material';
import { RecordContextProvider, ReferenceField, useGetList } from 'react-admin';
import { useText } from '../i18n/useText';
import { ChoiceChip } from '../shared/choiceChip';
import { NOTE_KINDS } from '../shared/choices';
import { MomentField } from '../shared/momentField';
import { NoneYet } from '../shared/resourceHeading';

export const LatestNotes = () => {
    const text = useText();
    const { data = [], isPending } = useGetList('contact_notes', {
        pagination: { page: 1, perPage: 5 },
        sort: { field: 'created_at', order: 'DESC' },
    });
    return (
        <Card>
            <CardContent>
                <Typography variant="h6" component="h2" gutterBottom>
                    {text('crm.dashboard.latestNotes')}
                </Typography>
                {!isPending && data.length === 0 && <NoneYet resource="contact_notes" />}
                <Stack divider={<Divider />} spacing={1}>
                    {data.map(note => (
                        <RecordContextProvider key={note.id} value={note}>
                            <Box>
                                <Stack direction="row" spacing={1} sx={{ alignItems: 'center', mb: 0.5 }}>
                                    <ChoiceChip source="kind" choices={NOTE_KINDS} />
                                    <ReferenceField source="contact_id" reference="contacts" link="show" />
                                    <MomentField source="created_at" color="text.secondary" />
                                </Stack>
                                <Typography variant="body2">{note.text}</Typography>
                            </Box>
                        </RecordContextProvider>
                    ))}
                </Stack>
            </CardContent>
        </Card>
    );
};
