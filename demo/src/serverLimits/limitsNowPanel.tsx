import { LinearProgress, Typography } from '@mui/material';
import { useText } from '../i18n/useText';
import { describe, type LimitsNow } from './limits';
import { Panel } from './panel';

export const LimitsNowPanel = ({ limits }: { limits: LimitsNow }) => {
    const text = useText();
    const left = limits.overloaded ? 0 : Math.floor(limits.tokens);
    return (
        <Panel title={text('crm.limits.now.title')}>
            <Typography gutterBottom>{describe(limits, text)}</Typography>
            <Typography id="tokens-left" variant="body2" color="text.secondary" gutterBottom>
                {text('crm.limits.now.left', { left, burst: limits.burst })}
            </Typography>
            <LinearProgress
                variant="determinate"
                value={(left / limits.burst) * 100}
                aria-labelledby="tokens-left"
                sx={{ height: 8, borderRadius: 4 }}
            />
        </Panel>
    );
};
