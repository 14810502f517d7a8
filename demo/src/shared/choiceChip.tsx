import { Chip, type ChipProps } from '@mui/material';
import { useRecordContext } from 'react-admin';

interface Choice {
    id: string;
    name: string;
    color: NonNullable<ChipProps['color']>;
}

export interface ChoiceChipProps {
    choices: readonly Choice[];
    source: string;
    label?: string;
}

/** The value of a column that has a fixed list of choices, as a chip in its colour. */
export const ChoiceChip = ({ choices, source }: ChoiceChipProps) => {
    const record = useRecordContext();
    const choice = choices.find(({ id }) => id === record?.[source]);
    return choice ? <Chip label={choice.name} color={choice.color} size="small" variant="outlined" /> : null;
};
