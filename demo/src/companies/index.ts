import BusinessIcon from '@mui/icons-material/Business';
import { CompanyCreate } from './companyCreate';
import { CompanyEdit } from './companyEdit';
import { CompanyList } from './companyList';
import { CompanyShow } from './companyShow';

export const companies = {
    list: CompanyList,
    show: CompanyShow,
    edit: CompanyEdit,
    create: CompanyCreate,
    icon: BusinessIcon,
    recordRepresentation: 'name',
};
