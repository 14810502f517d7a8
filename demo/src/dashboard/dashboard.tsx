import { Grid, Typography } from '@mui/material';
import { Title } from 'react-admin';
import { companies } from '../companies';
import { contacts } from '../contacts';
import { useText } from '../i18n/useText';
import { notes } from '../notes';
import { opportunities } from '../opportunities';
import { CountCard } from './countCard';
import { LatestNotes } from './latestNotes';
import { Pipeline } from './pipeline';

const OPEN = { 'stage@not.in': '(won,lost)' };

export const Dashboard = () => {
    const text = useText();
    return (
        <>
            <Title title="ra.page.dashboard" />
            <Typography variant="h5" component="h1" sx={{ my: 2 }}>
                {text('crm.dashboard.welcome')}
            </Typography>
            <Grid container spacing={2}>
                <CountCard resource="contacts" icon={contacts.icon} />
                <CountCard resource="companies" icon={companies.icon} />
                <CountCard
                    resource="opportunities"
                    label={text('crm.dashboard.openOpportunities')}
                    filter={OPEN}
                    icon={opportunities.icon}
                />
                <CountCard resource="contact_notes" icon={notes.icon} />
                <Grid size={{ xs: 12, md: 6 }}>
                    <Pipeline />
                </Grid>
                <Grid size={{ xs: 12, md: 6 }}>
                    <LatestNotes />
                </Grid>
            </Grid>
        </>
    );
};
