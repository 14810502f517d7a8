import LocalOfferIcon from '@mui/icons-material/LocalOffer';
import { TagCreate } from './tagCreate';
import { TagEdit } from './tagEdit';
import { TagList } from './tagList';

export const tags = {
    list: TagList,
    edit: TagEdit,
    create: TagCreate,
    icon: LocalOfferIcon,
    recordRepresentation: 'name',
};
