import { Typography } from '@mui/material';
import { useGetResourceLabel, useTranslate } from 'react-admin';

interface ResourceProps {
    resource: string;
}

/** The name of a kind of records, above those that belong to the record of the page. */
export const ResourceHeading = ({ resource }: ResourceProps) => {
    const getResourceLabel = useGetResourceLabel();
    return (
        <Typography variant="h6" component="h2" gutterBottom>
            {getResourceLabel(resource, 2)}
        </Typography>
    );
};

export const NoneYet = ({ resource }: ResourceProps) => {
    const translate = useTranslate();
    return <Typography color="text.secondary">{translate(`resources.${resource}.page.empty`)}</Typography>;
};
