import DonutSmallIcon from '@mui/icons-material/DonutSmall';
import { SegmentCreate } from './segmentCreate';
import { SegmentEdit } from './segmentEdit';
import { SegmentList } from './segmentList';

export const segments = {
    list: SegmentList,
    edit: SegmentEdit,
    create: SegmentCreate,
    icon: DonutSmallIcon,
    recordRepresentation: 'name',
};
