import HandshakeIcon from '@mui/icons-material/Handshake';
import { OpportunityCreate } from './opportunityCreate';
import { OpportunityEdit } from './opportunityEdit';
import { OpportunityList } from './opportunityList';
import { OpportunityShow } from './opportunityShow';

export const opportunities = {
    list: OpportunityList,
    show: OpportunityShow,
    edit: OpportunityEdit,
    create: OpportunityCreate,
    icon: HandshakeIcon,
    recordRepresentation: 'name',
};
