import { Chip } from '@mui/material';
import { useRecordContext, useTranslate } from 'react-admin';
import type { Choice } from './choices';

export interface ChoiceChipProps {
    choices: readonly Choice[];
    source: string;
    label?: string;
}

/** The value of a column that has a fixed list of choices, as a chip in its colour. */
export const ChoiceChip = ({ choices, source }: ChoiceChipProps) => {
    const record = useRecordContext();
    const translate = useTranslate();
    const choice = choices.find(({ id }) => id === record?.[source]);
    return choice ? <Chip label={translate(choice.name)} color={choice.color} size="small" variant="outlined" /> : null;
};
