import { Card, CardContent, Grid, Typography } from '@mui/material';
import {
    BooleanField,
    EmailField,
    Labeled,
    ReferenceField,
    ReferenceManyField,
    ShowBase,
    TextField,
    Title,
    useRecordContext,
} from 'react-admin';
import { AddNote } from '../notes/addNote';
import { NoteItems } from '../notes/noteItems';
import { OpportunityItems } from '../opportunities/opportunityItems';
import { ChoiceChip } from '../shared/choiceChip';
import { CONTACT_STATUSES } from '../shared/choices';
import { MomentField } from '../shared/momentField';
import { ResourceHeading } from '../shared/resourceHeading';
import { ShowActions } from '../shared/showActions';
import { TagChips } from '../shared/tagChips';

export const ContactShow = () => (
    <ShowBase>
        <ContactTitle />
        <ShowActions />
        <Grid container spacing={2}>
            <Grid size={{ xs: 12, md: 4 }}>
                <ContactDetails />
            </Grid>
            <Grid size={{ xs: 12, md: 8 }}>
                <Card sx={{ mb: 2 }}>
                    <CardContent>
                        <ResourceHeading resource="contact_notes" />
                        <AddNote />
                        <ReferenceManyField
                            reference="contact_notes"
                            target="contact_id"
                            sort={{ field: 'created_at', order: 'DESC' }}
                        >
                            <NoteItems />
                        </ReferenceManyField>
                    </CardContent>
                </Card>
                <Card>
                    <CardContent>
                        <ResourceHeading resource="opportunities" />
                        <ReferenceManyField reference="opportunities" target="contact_id">
                            <OpportunityItems />
                        </ReferenceManyField>
                    </CardContent>
                </Card>
            </Grid>
        </Grid>
    </ShowBase>
);

const ContactTitle = () => {
    const contact = useRecordContext();
    return contact ? <Title title={`${contact.first_name} ${contact.last_name}`} /> : null;
};

const ContactDetails = () => {
    const contact = useRecordContext();
    if (!contact) return null;
    return (
        <Card>
            <CardContent sx={{ display: 'flex', flexDirection: 'column', gap: 1.5, alignItems: 'flex-start' }}>
                <div>
                    <Typography variant="h5" component="h1">
                        {contact.first_name} {contact.last_name}
                    </Typography>
                    <Typography color="text.secondary">{contact.title}</Typography>
                </div>
                <ChoiceChip source="status" choices={CONTACT_STATUSES} />
                <Labeled source="company_id">
                    <ReferenceField source="company_id" reference="companies" link="show" emptyText="crm.none" />
                </Labeled>
                <Labeled source="email">
                    <EmailField source="email" emptyText="crm.none" />
                </Labeled>
                <Labeled>
                    <TextField source="phone" emptyText="crm.none" />
                </Labeled>
                <Labeled source="segment_id">
                    <ReferenceField source="segment_id" reference="segments" link={false} emptyText="crm.none" />
                </Labeled>
                <Labeled source="tag_ids">
                    <TagChips />
                </Labeled>
                <Labeled source="newsletter">
                    <BooleanField source="newsletter" />
                </Labeled>
                <Labeled source="created_at">
                    <MomentField source="created_at" />
                </Labeled>
            </CardContent>
        </Card>
    );
};
