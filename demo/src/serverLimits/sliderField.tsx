import { Slider, Stack, TextField } from '@mui/material';
import { useFormat } from '../i18n/useFormat';
import { useText } from '../i18n/useText';

export interface SliderFieldProps {
    label: string;
    value: number;
    onChange: (value: number) => void;
    /** The slider has a scale of its own: rates are told apart by their size, not by their difference. */
    slider: {
        min: number;
        max: number;
        step: number;
        toValue: (position: number) => number;
        toPosition: (value: number) => number;
    };
    input: { min: number; max: number; step: number | 'any' };
}

/** A number, to be dragged or to be typed. */
export const SliderField = ({ label, value, onChange, slider, input }: SliderFieldProps) => {
    const text = useText();
    const { number } = useFormat();
    const { toValue, toPosition, ...scale } = slider;
    const position = toPosition(value);
    return (
        <Stack direction={{ xs: 'column', sm: 'row' }} sx={{ columnGap: 3, alignItems: 'center' }}>
            <Slider
                {...scale}
                value={Number.isFinite(position) ? position : scale.min}
                onChange={(_event, next) => onChange(toValue(next as number))}
                aria-label={text('crm.limits.form.slider', { label })}
                aria-valuetext={number(value)}
            />
            <TextField
                label={label}
                type="number"
                value={Number.isNaN(value) ? '' : Number(value.toPrecision(6))}
                onChange={event => onChange(event.target.value === '' ? Number.NaN : Number(event.target.value))}
                size="small"
                slotProps={{ htmlInput: input }}
                sx={{ width: { sm: 170 }, flexShrink: 0 }}
            />
        </Stack>
    );
};
