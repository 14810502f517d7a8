import { FormControl, InputLabel, NativeSelect } from '@mui/material';
import { useId } from 'react';

interface LabelledSelectProps<Value extends string> {
    label: string;
    /** Blank while it is not known. */
    value: Value | undefined;
    choices: Readonly<Record<Value, string>>;
    onChange: (value: Value | undefined) => void;
}

/** A select of the platform itself, which suits phones. */
export function LabelledSelect<Value extends string>({ label, value, choices, onChange }: LabelledSelectProps<Value>) {
    const id = useId();
    return (
        <FormControl variant="standard" fullWidth={false}>
            <InputLabel htmlFor={id} shrink>
                {label}
            </InputLabel>
            <NativeSelect
                id={id}
                value={value ?? ''}
                onChange={event => onChange((event.target.value || undefined) as Value | undefined)}
            >
                {value === undefined && <option value="" />}
                {Object.entries<string>(choices).map(([choice, name]) => (
                    <option key={choice} value={choice}>
                        {name}
                    </option>
                ))}
            </NativeSelect>
        </FormControl>
    );
}
