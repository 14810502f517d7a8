import MonitorHeartIcon from '@mui/icons-material/MonitorHeart';
import SpeedIcon from '@mui/icons-material/Speed';
import { Divider } from '@mui/material';
import { Menu } from 'react-admin';

export const CrmMenu = () => (
    <Menu>
        <Menu.DashboardItem />
        <Menu.ResourceItems />
        <Divider sx={{ my: 1 }} />
        <Menu.Item to="/rate-limit" primaryText="crm.menu.rateLimit" leftIcon={<MonitorHeartIcon />} />
        <Menu.Item to="/server-limits" primaryText="crm.menu.serverLimits" leftIcon={<SpeedIcon />} />
    </Menu>
);
