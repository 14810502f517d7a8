import Inventory2Icon from '@mui/icons-material/Inventory2';
import { ProductCreate } from './productCreate';
import { ProductEdit } from './productEdit';
import { ProductList } from './productList';

export const products = {
    list: ProductList,
    edit: ProductEdit,
    create: ProductCreate,
    icon: Inventory2Icon,
    recordRepresentation: 'name',
};
