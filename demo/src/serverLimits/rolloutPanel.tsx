import { Slider, Stack, Typography } from '@mui/material';
import { useState, useSyncExternalStore } from 'react';
import { useNotify } from 'react-admin';
import { useFormat } from '../i18n/useFormat';
import { useText } from '../i18n/useText';
import { rateLimitFlag } from '../rateLimitFlag';
import { useHasRateLimit } from '../useHasRateLimit';
import { Panel } from './panel';

const MARKS = [0, 10, 25, 50, 100].map(value => ({ value, label: value }));

/** Turns `withRateLimit` on for a share of the people. */
export const RolloutPanel = () => {
    const text = useText();
    const { number } = useFormat();
    const notify = useNotify();
    const saved = useSyncExternalStore(rateLimitFlag.subscribe, rateLimitFlag.percent);
    /** While the slider is being dragged. */
    const [dragged, setDragged] = useState<number>();
    const percent = dragged ?? saved;
    const isIn = useHasRateLimit();

    const save = async (next: number) => {
        setDragged(undefined);
        try {
            await rateLimitFlag.set(next);
        } catch (error) {
            notify('crm.limits.rollout.notChanged', {
                type: 'error',
                messageArgs: { message: (error as Error).message },
            });
        }
    };

    return (
        <Panel title={text('crm.limits.rollout.title')}>
            <Typography variant="body2" color="text.secondary" gutterBottom>
                {text('crm.limits.rollout.hint')}
            </Typography>
            <Stack direction={{ xs: 'column', md: 'row' }} sx={{ columnGap: 4, alignItems: { md: 'center' } }}>
                <div>
                    <Typography sx={{ fontVariantNumeric: 'tabular-nums' }}>
                        {text('crm.limits.rollout.share', { percent })}
                    </Typography>
                    <Typography variant="body2" role="status">
                        {text(isIn ? 'crm.limits.rollout.isIn' : 'crm.limits.rollout.isOut')}
                    </Typography>
                </div>
                <Slider
                    value={percent}
                    step={5}
                    marks={MARKS}
                    onChange={(_event, next) => setDragged(next as number)}
                    onChangeCommitted={(_event, next) => void save(next as number)}
                    aria-label={text('crm.limits.rollout.slider')}
                    getAriaValueText={value => `${number(value)} %`}
                    sx={{ flex: { md: '1 0 45%' }, width: 'auto', mx: 1 }}
                />
            </Stack>
        </Panel>
    );
};
