import PeopleIcon from '@mui/icons-material/People';
import { ContactCreate } from './contactCreate';
import { ContactEdit } from './contactEdit';
import { ContactList } from './contactList';
import { ContactShow } from './contactShow';

export const contacts = {
    list: ContactList,
    show: ContactShow,
    edit: ContactEdit,
    create: ContactCreate,
    icon: PeopleIcon,
    recordRepresentation: ({ first_name, last_name }: { first_name: string; last_name: string }) =>
        `${first_name} ${last_name}`,
};
