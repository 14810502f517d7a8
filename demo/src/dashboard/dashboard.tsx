import { Grid, Typography } from '@mui/material';
import { Title } from 'react-admin';
import { companies } from '../companies';
import { contacts } from '../contacts';
import { notes } from '../notes';
import { opportunities } from '../opportunities';
import { CountCard } from './countCard';
import { LatestNotes } from './latestNotes';
import { Pipeline } from './pipeline';

const OPEN = { 'stage@not.in': '(won,lost)' };

export const Dashboard = () => (
    <>
        <Title title="Dashboard" />
        <Typography variant="h5" component="h1" sx={{ my: 2 }}>
            Good to see you
        </Typography>
        <Grid container spacing={2}>
            <CountCard resource="contacts" label="Contacts" icon={contacts.icon} />
            <CountCard resource="companies" label="Companies" icon={companies.icon} />
            <CountCard resource="opportunities" label="Open opportunities" filter={OPEN} icon={opportunities.icon} />
            <CountCard resource="contact_notes" label="Notes" icon={notes.icon} />
            <Grid size={{ xs: 12, md: 6 }}>
                <Pipeline />
            </Grid>
            <Grid size={{ xs: 12, md: 6 }}>
                <LatestNotes />
            </Grid>
        </Grid>
    </>
);
