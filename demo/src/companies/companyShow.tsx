import { Card, CardContent, Grid, Typography } from '@mui/material';
import {
    DataTable,
    Labeled,
    NumberField,
    ReferenceManyField,
    ShowBase,
    TextField,
    Title,
    UrlField,
    useRecordContext,
} from 'react-admin';
import { ContactName } from '../contacts/contactName';
import { OpportunityItems } from '../opportunities/opportunityItems';
import { ChoiceChip } from '../shared/choiceChip';
import { CONTACT_STATUSES } from '../shared/choices';
import { ShowActions } from '../shared/showActions';

export const CompanyShow = () => (
    <ShowBase>
        <CompanyTitle />
        <ShowActions />
        <Grid container spacing={2}>
            <Grid size={{ xs: 12, md: 4 }}>
                <CompanyDetails />
            </Grid>
            <Grid size={{ xs: 12, md: 8 }}>
                <Card sx={{ mb: 2 }}>
                    <CardContent>
                        <Typography variant="h6" component="h2" gutterBottom>
                            Contacts
                        </Typography>
                        <ReferenceManyField
                            reference="contacts"
                            target="company_id"
                            sort={{ field: 'last_name', order: 'ASC' }}
                        >
                            <CompanyContacts />
                        </ReferenceManyField>
                    </CardContent>
                </Card>
                <Card>
                    <CardContent>
                        <Typography variant="h6" component="h2" gutterBottom>
                            Opportunities
                        </Typography>
                        <ReferenceManyField reference="opportunities" target="company_id">
                            <OpportunityItems />
                        </ReferenceManyField>
                    </CardContent>
                </Card>
            </Grid>
        </Grid>
    </ShowBase>
);

const CompanyTitle = () => {
    const company = useRecordContext();
    return company ? <Title title={company.name} /> : null;
};

const CompanyContacts = () => (
    <DataTable
        rowClick="show"
        bulkActionButtons={false}
        empty={<Typography color="text.secondary">No contacts yet.</Typography>}
    >
        <DataTable.Col source="last_name" label="Name">
            <ContactName />
        </DataTable.Col>
        <DataTable.Col source="title" />
        <DataTable.Col source="phone" disableSort />
        <DataTable.Col source="status">
            <ChoiceChip source="status" choices={CONTACT_STATUSES} />
        </DataTable.Col>
    </DataTable>
);

const CompanyDetails = () => {
    const company = useRecordContext();
    if (!company) return null;
    const place = [company.address, company.city, company.country].filter(Boolean).join(', ');
    return (
        <Card>
            <CardContent sx={{ display: 'flex', flexDirection: 'column', gap: 1.5, alignItems: 'flex-start' }}>
                <div>
                    <Typography variant="h5" component="h1">
                        {company.name}
                    </Typography>
                    <Typography color="text.secondary">{company.sector}</Typography>
                </div>
                {company.description && <Typography variant="body2">{company.description}</Typography>}
                <Labeled>
                    <UrlField source="website" target="_blank" rel="noreferrer" emptyText="None" />
                </Labeled>
                <Labeled>
                    <TextField source="phone" emptyText="None" />
                </Labeled>
                <Labeled label="Address">
                    <Typography variant="body2">{place || 'None'}</Typography>
                </Labeled>
                <Labeled>
                    <NumberField source="employees" emptyText="Unknown" />
                </Labeled>
            </CardContent>
        </Card>
    );
};
