import { Card, CardContent, Grid, Typography } from '@mui/material';
import {
    DataTable,
    Labeled,
    ReferenceManyField,
    ShowBase,
    TextField,
    Title,
    UrlField,
    useRecordContext,
} from 'react-admin';
import { ContactName } from '../contacts/contactName';
import { useText } from '../i18n/useText';
import { OpportunityItems } from '../opportunities/opportunityItems';
import { AmountField } from '../shared/amountField';
import { ChoiceChip } from '../shared/choiceChip';
import { CONTACT_STATUSES } from '../shared/choices';
import { NoneYet, ResourceHeading } from '../shared/resourceHeading';
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
                        <ResourceHeading resource="contacts" />
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
                        <ResourceHeading resource="opportunities" />
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
    <DataTable rowClick="show" bulkActionButtons={false} empty={<NoneYet resource="contacts" />}>
        <DataTable.Col source="last_name" label="crm.column.name">
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
    const text = useText();
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
                    <UrlField source="website" target="_blank" rel="noreferrer" emptyText="crm.none" />
                </Labeled>
                <Labeled>
                    <TextField source="phone" emptyText="crm.none" />
                </Labeled>
                <Labeled source="address">
                    <Typography variant="body2">{place || text('crm.none')}</Typography>
                </Labeled>
                <Labeled>
                    <AmountField source="employees" emptyText="crm.unknown" />
                </Labeled>
            </CardContent>
        </Card>
    );
};
