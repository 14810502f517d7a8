import { Card, CardContent, LinearProgress, Typography } from '@mui/material';
import { describe, type LimitsNow } from './limits';

export const LimitsNowPanel = ({ limits }: { limits: LimitsNow }) => {
    const left = limits.overloaded ? 0 : Math.floor(limits.tokens);
    return (
        <Card>
            <CardContent>
                <Typography variant="h6" component="h2" gutterBottom>
                    The server now
                </Typography>
                <Typography gutterBottom>{describe(limits)}</Typography>
                <Typography id="tokens-left" variant="body2" color="text.secondary" gutterBottom>
                    {left} of {limits.burst} saves left at this moment
                </Typography>
                <LinearProgress
                    variant="determinate"
                    value={(left / limits.burst) * 100}
                    aria-labelledby="tokens-left"
                    sx={{ height: 8, borderRadius: 4 }}
                />
            </CardContent>
        </Card>
    );
};
