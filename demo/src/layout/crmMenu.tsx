import SpeedIcon from '@mui/icons-material/Speed';
import { Divider } from '@mui/material';
import { Menu } from 'react-admin';

export const CrmMenu = () => (
    <Menu>
        <Menu.DashboardItem />
        <Menu.ResourceItems />
        <Divider sx={{ my: 1 }} />
        <Menu.Item to="/server-limits" primaryText="Server limits" leftIcon={<SpeedIcon />} />
    </Menu>
);
