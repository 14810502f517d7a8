import { FormControl, InputLabel, NativeSelect } from '@mui/material';
import { useId } from 'react';

interface LabelledSelectProps<Value extends string> {
    label: string;
    value: Value;
    choices: Readonly<Record<Value, string>>;
    onChange: (value: Value) => void;
}

/** A select of the platform itself: it suits phones, and does not mind a thousand choices. */
export function LabelledSelect<Value extends string>({ label, value, choices, onChange }: LabelledSelectProps<Value>) {
    const id = useId();
    return (
        <FormControl variant="standard" fullWidth={false}>
            <InputLabel htmlFor={id} shrink>
                {label}
            </InputLabel>
            <NativeSelect id={id} value={value} onChange={event => onChange(event.target.value as Value)}>
                {Object.entries<string>(choices).map(([choice, name]) => (
                    <option key={choice} value={choice}>
                        {name}
                    </option>
                ))}
            </NativeSelect>
        </FormControl>
    );
}
