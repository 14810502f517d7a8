import { Card, CardActionArea, CardContent, Grid, Skeleton, type SvgIcon, Typography } from '@mui/material';
import { useGetList } from 'react-admin';
import { Link } from 'react-router-dom';

export interface CountCardProps {
    resource: string;
    label: string;
    icon: typeof SvgIcon;
    filter?: Record<string, unknown>;
}

/** How many records there are, as a link to them. */
export const CountCard = ({ resource, label, icon: Icon, filter = {} }: CountCardProps) => {
    const { total } = useGetList(resource, { pagination: { page: 1, perPage: 1 }, filter });
    const search = new URLSearchParams({ filter: JSON.stringify(filter) });
    return (
        <Grid size={{ xs: 6, md: 3 }}>
            <Card>
                <CardActionArea component={Link} to={{ pathname: `/${resource}`, search: search.toString() }}>
                    <CardContent sx={{ display: 'flex', alignItems: 'center', gap: 2 }}>
                        <Icon color="primary" fontSize="large" />
                        <div>
                            <Typography variant="h5" component="p">
                                {total ?? <Skeleton width={32} />}
                            </Typography>
                            <Typography variant="body2" color="text.secondary">
                                {label}
                            </Typography>
                        </div>
                    </CardContent>
                </CardActionArea>
            </Card>
        </Grid>
    );
};
