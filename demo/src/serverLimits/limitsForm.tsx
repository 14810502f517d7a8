import { Button, Card, CardContent, FormControlLabel, FormHelperText, Stack, Switch, Typography } from '@mui/material';
import { type FormEvent, useState } from 'react';
import { describe, type Limits, PRESETS } from './limits';
import { SliderField } from './sliderField';

export interface LimitsFormProps {
    limits: Limits;
    apply: (limits: Limits) => void;
    isApplying: boolean;
}

export const LimitsForm = ({ limits, apply, isApplying }: LimitsFormProps) => {
    const [rate, setRate] = useState(limits.rate);
    const [burst, setBurst] = useState(limits.burst);
    const [overloaded, setOverloaded] = useState(limits.overloaded);
    const isValid = rate >= 0.001 && rate <= 10_000 && Number.isInteger(burst) && burst >= 1 && burst <= 100_000;

    const submit = (event: FormEvent) => {
        event.preventDefault();
        apply({ rate, burst, overloaded });
    };

    return (
        <Card>
            <CardContent component="form" onSubmit={submit}>
                <Typography variant="h6" component="h2" gutterBottom>
                    Change the limits
                </Typography>
                <Stack direction="row" useFlexGap spacing={1} sx={{ flexWrap: 'wrap', mb: 3 }}>
                    {PRESETS.map(({ name, ...preset }) => (
                        <Button key={name} variant="outlined" disabled={isApplying} onClick={() => apply(preset)}>
                            {name}
                        </Button>
                    ))}
                </Stack>
                <Stack spacing={3}>
                    <SliderField
                        label="Writes per second"
                        value={rate}
                        onChange={setRate}
                        slider={{ min: -2, max: 2, step: 0.1, toValue: fromLogarithm, toPosition: Math.log10 }}
                        input={{ min: 0.001, max: 10_000, step: 'any' }}
                    />
                    <SliderField
                        label="Burst"
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
                            label="Overloaded"
                        />
                        <FormHelperText sx={{ mt: 0 }}>
                            Refuses every save, as when other people use up all that the server can do.
                        </FormHelperText>
                    </div>
                    <Typography variant="body2" color={isValid ? 'text.secondary' : 'error'}>
                        {isValid
                            ? describe({ rate, burst, overloaded })
                            : 'The rate is 0.001 to 10,000 a second, the burst a whole number from 1 to 100,000.'}
                    </Typography>
                    <Button
                        type="submit"
                        variant="contained"
                        loading={isApplying}
                        disabled={!isValid}
                        sx={{ alignSelf: 'flex-start' }}
                    >
                        Apply
                    </Button>
                </Stack>
            </CardContent>
        </Card>
    );
};

/** Two digits: a slider is not for more. */
const fromLogarithm = (position: number): number => Number((10 ** position).toPrecision(2));
