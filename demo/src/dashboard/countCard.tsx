import { Card, CardActionArea, CardContent, Grid, Skeleton, type SvgIcon, Typography } from '@mui/material';
import { useGetList, useGetResourceLabel } from 'react-admin';
import { Link } from 'react-router-dom';
import { useFormat } from '../i18n/useFormat';

export interface CountCardProps {
    resource: string;
    /** @default the name of the records */
    label?: string;
    icon: typeof SvgIcon;
    filter?: Record<string, unknown>;
}

/** How many records there are, as a link to them. */
export const CountCard = ({ resource, label, icon: Icon, filter = {} }: CountCardProps) => {
    const { total } = useGetList(resource, { pagination: { page: 1, perPage: 1 }, filter });
    const getResourceLabel = useGetResourceLabel();
    const { number } = useFormat();
    const search = new URLSearchParams({ filter: JSON.stringify(filter) });
    return (
        <Grid size={{ xs: 6, md: 3 }}>
            <Card>
                <CardActionArea component={Link} to={{ pathname: `/${resource}`, search: search.toString() }}>
                    <CardContent sx={{ display: 'flex', alignItems: 'center', gap: 2 }}>
                        <Icon color="primary" fontSize="large" />
                        <div>
                            <Typography variant="h5" component="p">
                                {total === undefined ? <Skeleton width={32} /> : number(total)}
                            </Typography>
                            <Typography variant="body2" color="text.secondary">
                                {label ?? getResourceLabel(resource, 2)}
                            </Typography>
                        </div>
                    </CardContent>
                </CardActionArea>
            </Card>
        </Grid>
    );
};
