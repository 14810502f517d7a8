import { Box, Button, FormControlLabel, FormHelperText, Stack, Switch, Typography } from '@mui/material';
import { type FormEvent, useState } from 'react';
import { useText } from '../i18n/useText';
import { describe, type Limits, PRESETS } from './limits';
import { Panel } from './panel';
import { SliderField } from './sliderField';

export interface LimitsFormProps {
    limits: Limits;
    apply: (limits: Limits) => void;
}

export const LimitsForm = ({ limits, apply }: LimitsFormProps) => {
    const text = useText();
    const [rate, setRate] = useState(limits.rate);
    const [burst, setBurst] = useState(limits.burst);
    const [overloaded, setOverloaded] = useState(limits.overloaded);
    // Its fields show the limits when these change. Not made anew: who uses the keyboard would lose their place.
    const [shown, setShown] = useState(limits);
    if (!areSame(limits, shown)) {
        setShown(limits);
        setRate(limits.rate);
        setBurst(limits.burst);
        setOverloaded(limits.overloaded);
    }
    const isValid = rate >= 0.001 && rate <= 10_000 && Number.isInteger(burst) && burst >= 1 && burst <= 100_000;

    const submit = (event: FormEvent) => {
        event.preventDefault();
        apply({ rate, burst, overloaded });
    };

    return (
        <Panel title={text('crm.limits.form.title')}>
            <Box sx={{ display: 'grid', gridTemplateColumns: { sm: '1fr 1fr' }, gap: 1, mb: 2 }}>
                {PRESETS.map(({ name, ...preset }) => (
                    <Button
                        key={name}
                        variant="outlined"
                        size="small"
                        onClick={() => apply(preset)}
                        sx={{ textTransform: 'none' }}
                    >
                        {text(name)}
                    </Button>
                ))}
            </Box>
            <Stack component="form" onSubmit={submit} spacing={2}>
                <SliderField
                    label={text('crm.limits.form.rate')}
                    value={rate}
                    onChange={setRate}
                    slider={{ min: -2, max: 2, step: 0.1, toValue: fromLogarithm, toPosition: Math.log10 }}
                    input={{ min: 0.001, max: 10_000, step: 'any' }}
                />
                <SliderField
                    label={text('crm.limits.form.burst')}
                    value={burst}
                    onChange={setBurst}
                    slider={{ min: 1, max: 100, step: 1, toValue: Number, toPosition: Number }}
                    input={{ min: 1, max: 100_000, step: 1 }}
                />
                <div>
                    <FormControlLabel
                        control={
                            <Switch checked={overloaded} onChange={event => setOverloaded(event.target.checked)} />
                        }
                        label={text('crm.limits.form.overloaded')}
                    />
                    <FormHelperText sx={{ mt: 0 }}>{text('crm.limits.form.overloadedHint')}</FormHelperText>
                </div>
                <Stack direction="row" spacing={2} sx={{ alignItems: 'center' }}>
                    <Button type="submit" variant="contained" disabled={!isValid} sx={{ flexShrink: 0 }}>
                        {text('crm.limits.form.apply')}
                    </Button>
                    <Typography variant="body2" color={isValid ? 'text.secondary' : 'error'}>
                        {isValid ? describe({ rate, burst, overloaded }, text) : text('crm.limits.form.invalid')}
                    </Typography>
                </Stack>
            </Stack>
        </Panel>
    );
};

const areSame = (one: Limits, other: Limits) =>
    one.rate === other.rate && one.burst === other.burst && one.overloaded === other.overloaded;

/** Two digits: a slider is not for more. */
const fromLogarithm = (position: number): number => Number((10 ** position).toPrecision(2));
